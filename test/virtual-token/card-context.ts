import type { CommandApdu } from './apdu.ts';
import { type AccessMode, isGranted, type Logins } from './access.ts';
import { type CardFile, type FileSystem, type FolderFile, liesIn } from './file-system.ts';
import type { RsaKeySource } from './rsa-key.ts';
import { demand, statusWord } from './status-word.ts';
import type { UnverifiedBehaviour } from './unverified.ts';

export type AtrName = 'kaztoken' | 'rutoken';
/** `initialising` lasts from `80 8A` to `80 84 4E 19`, across power cycles: OpenSC does it in two processes (T2, T3). */
export type LifePhase = 'initialising' | 'operational';

/** A command as its handler sees it: chained data joined, and the chunks it came in. */
export interface CardCommand extends CommandApdu {
  readonly chunks: readonly Uint8Array[];
}

interface Chain {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly chunks: Uint8Array[];
}

/** Everything that power off, power on and reset forget (facts §5.1). */
export class CardSession {
  logins: Logins = 0;
  /** `null` until there is a master file. */
  folder: FolderFile | null;
  /** Selected data, PIN or key file; `null` while a folder is selected. */
  file: Exclude<CardFile, FolderFile> | null = null;
  /** Key references set by MSE, each for its own operation. */
  signingKey: number | null = null;
  decipheringKey: number | null = null;
  chain: Chain | null = null;
  /** Rest of an answer that waits for GET RESPONSE. */
  waiting: Uint8Array | null = null;

  constructor(root: FolderFile | null) {
    this.folder = root;
  }

  select(file: CardFile): void {
    if (file.type === 'folder') {
      this.folder = file;
      this.file = null;
    } else {
      this.folder = file.parent;
      this.file = file;
    }
  }

  /** Moves the selection out of a file that is about to disappear. */
  leave(removed: CardFile): void {
    if (this.file !== null && liesIn(this.file, removed)) this.file = null;
    if (this.folder !== null && liesIn(this.folder, removed)) this.folder = removed.parent;
  }

  /** @throws CardRefusal 6982 */
  demandRight(file: CardFile, mode: AccessMode): void {
    demand(isGranted(file.access, mode, this.logins), statusWord.rightNotGranted);
  }
}

/** What command handlers work on. */
export interface CardContext {
  readonly atrName: AtrName;
  /** 32-bit serial number, big-endian. */
  readonly serial: Uint8Array;
  readonly files: FileSystem;
  readonly behaviour: UnverifiedBehaviour;
  phase: LifePhase;
  session: CardSession;
  readonly rsaKeySource: RsaKeySource;
  /** Lets a key be made in the time this token takes for it; rejects when the card loses power meanwhile. */
  makeKey<Key>(make: () => Promise<Key>): Promise<Key>;
  /** Loaded with the first GOST command: a token without such keys starts sooner. */
  gostArithmetic(): Promise<typeof import('./gost/gost-key.ts')>;
  /** To be called after each change that outlives power. */
  changed(): void;
}

/** Takes a command and gives the answer's data (all of it: cutting it to Le is not the handler's business). */
export type CommandHandler = (
  card: CardContext,
  command: CardCommand,
) => Uint8Array | undefined | Promise<Uint8Array | undefined>;
