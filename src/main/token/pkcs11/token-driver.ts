import { stat } from 'node:fs/promises';
import type { TokenSerial } from '#shared/bytes.ts';
import { librariesHere } from './known-libraries.ts';
import { LibraryConversation, patience } from './library-conversation.ts';
import { allowedLibrary, systemLibraryRules, type LibraryRules } from './library-place.ts';
import { forkLibraryProcess, type StartLibraryProcess } from './library-process.ts';
import type { LibraryStep } from './library-protocol.ts';
import { askSignerOn, assertKnownSigner, type AskSigner } from './library-signer.ts';
import { LibraryTokenSession } from './library-token-session.ts';

export interface DriverChoice {
  /** Absolute path of the PKCS#11 library; empty: none is used. */
  readonly library: string;
  /** A further firm whose signature counts, where the system knows signatures of files; empty: none. */
  readonly signer: string;
}

export interface TokenDriverOptions {
  readonly choice: () => DriverChoice;
  readonly start?: StartLibraryProcess | undefined;
  readonly rules?: LibraryRules;
  readonly askSigner?: AskSigner | undefined;
  readonly patience?: Readonly<Record<LibraryStep, number>>;
}

/**
 * The PKCS#11 library that the settings name, if they name one: checked before each use, and run in a process of its own
 * that ends with the use (docs/decisions/021).
 */
export class TokenDriver {
  readonly #options: TokenDriverOptions;
  readonly #rules: LibraryRules;
  readonly #askSigner: AskSigner | undefined;
  /** Path, size and time of the file whose signature was found good, with the signer that was accepted. */
  #known: string | undefined;

  constructor(options: TokenDriverOptions) {
    this.#options = options;
    this.#rules = options.rules ?? systemLibraryRules(process.platform);
    this.#askSigner = 'askSigner' in options ? options.askSigner : askSignerOn(process.platform);
  }

  /** What tells one choice from another; empty where none is made. */
  get chosen(): string {
    const { library, signer } = this.#options.choice();
    return library === '' ? '' : `${library}\0${signer}`;
  }

  /** Libraries of known names that are installed here. */
  here(): Promise<string[]> {
    return librariesHere(this.#rules);
  }

  /**
   * The real path of a library that may be used.
   *
   * @throws KiltError `driver-not-allowed` {likelyCause}
   */
  async check({ library, signer }: DriverChoice): Promise<string> {
    const real = await allowedLibrary(library, this.#rules);
    const { size, mtimeMs } = await stat(real);
    const file = [real, size, mtimeMs, signer].join('\0');
    if (file !== this.#known) await assertKnownSigner(real, this.#askSigner, signer);
    this.#known = file;
    return real;
  }

  /**
   * Runs `work` on the token with this serial number, through the chosen library, and ends the library's process whatever
   * happens. The caller sees to it that Kilt itself leaves the reader alone meanwhile.
   *
   * @param options.signal aborted when the token is pulled
   * @throws KiltError `driver-not-allowed`, `driver-failed`, those of the session and of `work`
   */
  async withToken<T>(
    serial: TokenSerial,
    options: { readonly signal: AbortSignal; readonly toWrite?: boolean },
    work: (session: LibraryTokenSession) => Promise<T>,
  ): Promise<T> {
    const library = await this.check(this.#options.choice());
    const start = this.#options.start ?? forkLibraryProcess;
    const conversation = new LibraryConversation(start(), options.signal, this.#options.patience ?? patience);
    try {
      const { toWrite = false } = options;
      const result = await work(await LibraryTokenSession.open(conversation, { library, serial, toWrite }));
      // Nothing that the work has done hangs on how the library ends.
      await conversation.ask<'finish'>({ do: 'finish' }).catch(() => undefined);
      return result;
    } finally {
      await conversation.end();
    }
  }
}
