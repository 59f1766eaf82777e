/**
 * What the data of a failure may hold, in one place: `docs/errors.md` shows this list to support staff, and nothing else
 * can be put into a {@link KiltError}. Numbers, names and status words; never a PIN, password or key.
 */
export const errorDataKeys = {
  algorithm: { is: 'text', means: 'of a key: its name or object identifier' },
  attemptsLeft: { is: 'number', means: 'tries that a PIN has left' },
  bank: { is: 'text', means: 'identifier of a bank system' },
  bits: { is: 'number', means: 'length of a key' },
  body: { is: 'text', means: 'kind of CMP message that the CA answered with' },
  cause: { is: 'text', means: 'id of the failure behind this one' },
  changedBy: { is: 'text', means: 'who may change a PIN: `user` or `administrator`' },
  computer: { is: 'text', means: 'name of the computer on which a registration was begun' },
  computerTime: { is: 'text', means: 'what this computer’s clock showed, ISO 8601' },
  count: { is: 'number', means: 'how many tokens are connected' },
  failure: { is: 'text', means: 'PKIFailureInfo of the CA’s refusal, names of RFC 9810 joined by commas' },
  field: { is: 'text', means: 'which input or which part of a file is wrong' },
  file: { is: 'text', means: 'which file of the token can not be read' },
  forbidden: { is: 'truth', means: 'whether the settings forbid the PIN or only advise against it' },
  host: { is: 'text', means: 'name and port of a server' },
  httpStatus: { is: 'number', means: 'of the server’s answer' },
  known: { is: 'text', means: 'of a command line: what it could have been' },
  length: { is: 'number', means: 'bytes of an answer of the token' },
  likelyCause: {
    is: 'text',
    means:
      'why a key file does not open, a driver is not used or a server not believed: a name of `errors.causes` in the texts',
  },
  line: { is: 'number', means: 'of the audit, from 1' },
  maxLength: { is: 'number', means: 'longest PIN, in bytes' },
  minLength: { is: 'number', means: 'shortest PIN, in bytes' },
  more: { is: 'number', means: 'how many other things are wrong with a bank file' },
  name: { is: 'text', means: 'of a command line: what was named' },
  newest: { is: 'number', means: 'version of the bank file that is kept' },
  notAfter: { is: 'text', means: 'end of a certificate, ISO 8601' },
  notBefore: { is: 'text', means: 'start of a certificate, ISO 8601' },
  option: { is: 'text', means: 'of a command line: the option in question' },
  options: { is: 'text', means: 'of a command line: the options in question' },
  pcscCode: { is: 'text', means: 'what PC/SC answered, as the system’s headers name it' },
  problem: { is: 'text', means: 'what is wrong with a command line' },
  reader: { is: 'text', means: 'name of the reader' },
  reason: { is: 'text', means: 'the CA’s or bank’s own words, or the name of a check that failed' },
  returnValue: { is: 'text', means: 'what a PKCS#11 library returned: `CKR_…`, or a number of its vendor’s' },
  role: { is: 'text', means: 'whose PIN: `user` or `administrator`' },
  rule: { is: 'text', means: 'that a new PIN breaks' },
  signer: { is: 'text', means: 'who has signed a driver’s file, where that is not its maker' },
  since: { is: 'text', means: 'when a certificate was revoked or suspended, ISO 8601' },
  stage: { is: 'text', means: 'of a format: the last one that was reached' },
  startedAt: { is: 'text', means: 'when a registration was begun, ISO 8601' },
  statusWord: { is: 'text', means: 'the token’s answer, four hexadecimal digits' },
  step: { is: 'text', means: 'which command, or which step of an operation' },
  suspicions: {
    is: 'text',
    means:
      'what stands out in the shape of what was typed, names of `errors.suspicions` joined by commas; never logged',
  },
  verified: { is: 'truth', means: 'whether the CA’s refusal could be verified' },
  value: { is: 'text', means: 'of a command line: what stands there, never a secret' },
  version: { is: 'number', means: 'of a data file' },
  what: { is: 'text', means: 'of a command line: which PIN or password was to be typed' },
} as const satisfies Record<string, { is: 'text' | 'number' | 'truth'; means: string }>;

interface Kinds {
  readonly text: string;
  readonly number: number;
  readonly truth: boolean;
}
export type ErrorDataKey = keyof typeof errorDataKeys;
/** What support needs to know of a failure; each key is in {@link errorDataKeys}. */
export type ErrorData = {
  readonly [Key in ErrorDataKey]?: Kinds[(typeof errorDataKeys)[Key]['is']];
};
