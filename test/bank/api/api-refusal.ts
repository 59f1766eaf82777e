/** The bank API refuses: becomes `bankFailure` with this status. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly status: number;
  readonly error: string;

  constructor(status: number, error: string, message?: string) {
    super(message ?? error);
    this.status = status;
    this.error = error;
  }
}
