import { toHex } from '#shared/bytes.ts';
import type { ApduChannel, CommandApdu, ResponseApdu } from './apdu.ts';
import { isReadByEverybody, parseFileControl } from './file-control.ts';
import { statusText } from './status-words.ts';

/** One exchange as support may see it. */
export interface TraceEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly milliseconds: number;
  readonly command: string;
  readonly response: string;
}

const ins = {
  select: 0xa4,
  readBinary: 0xb0,
  updateBinary: 0xd6,
  createFile: 0xe0,
  deleteFile: 0xe4,
  manageSecurityEnvironment: 0x22,
  performSecurityOperation: 0x2a,
  generateKeyPair: 0x46,
  getData: 0xca,
  getResponse: 0xc0,
} as const;

/** P1 P2 of PSO "compute digital signature": its input is a public digest, its output a public signature. */
const signature = 0x9e9a;

const isSignature = ({ ins: code, p1, p2 }: CommandApdu): boolean =>
  code === ins.performSecurityOperation && ((p1 << 8) | p2) === signature;

/**
 * Only what is known to be public is ever recorded. VERIFY, CHANGE REFERENCE DATA (PINs and imported keys),
 * deciphered data, random numbers and every command not named here keep their data to themselves, even its length.
 */
const showsData = (command: CommandApdu): boolean =>
  isSignature(command) ||
  [
    ins.select,
    ins.updateBinary,
    ins.createFile,
    ins.deleteFile,
    ins.manageSecurityEnvironment,
    ins.generateKeyPair,
  ].some((code) => code === command.ins);

/** What is written to a file and read from it is as public as the file. */
const isContent = ({ ins: code }: CommandApdu): boolean =>
  code === ins.updateBinary || code === ins.readBinary;

/** Whether everybody may read the file that this answer to SELECT describes; what can not be read is taken for secret. */
function describesPublicFile({ data }: ResponseApdu): boolean {
  try {
    return isReadByEverybody(parseFileControl(data));
  } catch {
    return false;
  }
}

const showsAnswer = (command: CommandApdu): boolean =>
  isSignature(command) ||
  [ins.select, ins.readBinary, ins.generateKeyPair, ins.getData].some((code) => code === command.ins);

/** Enough to see what is going on; certificates are not repeated in full in a support bundle. */
const shownBytes = 64;

/**
 * A PIN's special file is as long as the PIN (facts §3.1), in CREATE FILE and in the answer to SELECT: tag 80 before
 * tags 82 "special" and 85 "PIN". The token tells that to everybody, a support bundle need not.
 */
const pinLength = /(8002)[0-9a-f]{4}(8202100083[0-9a-f]{6}850601)/;

const shortened = (bytes: Uint8Array): string =>
  bytes.length <= shownBytes
    ? toHex(bytes).replace(pinLength, '$1····$2')
    : `${toHex(bytes.subarray(0, shownBytes))}…(${String(bytes.length)} bytes)`;

function commandText(command: CommandApdu, shown: boolean): string {
  const header = toHex(Uint8Array.of(command.cla, command.ins, command.p1, command.p2));
  if (command.data === undefined || command.data.length === 0) return header;
  return `${header} ${shown ? shortened(command.data) : '[withheld]'}`;
}

function responseText(response: ResponseApdu, shown: boolean): string {
  const status = statusText(response.statusWord);
  if (response.data.length === 0) return status;
  return `${shown ? shortened(response.data) : '[withheld]'} ${status}`;
}

/** The last exchanges with tokens, for diagnostics. Secrets are left out while recording, not while showing. */
export class ApduTrace {
  readonly #capacity: number;
  #entries: TraceEntry[] = [];
  #exchanges = 0;

  constructor(capacity = 1000) {
    this.#capacity = capacity;
  }

  get entries(): readonly TraceEntry[] {
    return this.#entries;
  }

  /** How many APDUs have been exchanged since the start. */
  get exchanges(): number {
    return this.#exchanges;
  }

  record(entry: TraceEntry): void {
    this.#exchanges += 1;
    this.#entries.push(entry);
    if (this.#entries.length > this.#capacity) this.#entries.shift();
  }
}

/** Records every exchange in `trace`, also those that fail. */
export function withTrace(next: ApduChannel, trace: ApduTrace): ApduChannel {
  let shownBefore = false;
  let selecting = false;
  let selectedIsPublic = true;
  return {
    async send(command) {
      const continues = command.ins === ins.getResponse;
      const withheld = isContent(command) && !selectedIsPublic;
      // GET RESPONSE brings the rest of the answer to the command before it.
      const shown = continues ? shownBefore : showsAnswer(command) && !withheld;
      shownBefore = shown;
      if (!continues) selecting = command.ins === ins.select;
      const at = Date.now();
      const record = (response: string): void =>
        trace.record({
          at,
          milliseconds: Date.now() - at,
          command: commandText(command, showsData(command) && !withheld),
          response,
        });
      try {
        const response = await next.send(command);
        if (selecting) selectedIsPublic = describesPublicFile(response);
        record(responseText(response, shown));
        return response;
      } catch (error) {
        record(error instanceof Error ? error.message : 'failed');
        throw error;
      }
    },
  };
}
