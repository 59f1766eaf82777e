/** The bank has not accepted something. */
export class BankRefusal extends Error {
  override readonly name = 'BankRefusal';
  /** The bank's own word, such as `signature-invalid`. */
  readonly error: string;

  constructor(error: string, message: string) {
    super(message);
    this.error = error;
  }
}

/** `POST` to the bank's own site. @throws BankRefusal */
export async function askBank(path: string, body: object): Promise<Readonly<Record<string, string>>> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Readonly<Record<string, string>>;
  if (!response.ok)
    throw new BankRefusal(answer['error'] ?? String(response.status), answer['message'] ?? '');
  return answer;
}
