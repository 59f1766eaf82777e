/** The person at the bank's command line asked for something that can not be done. */
export class BankError extends Error {
  override readonly name = 'BankError';
}
