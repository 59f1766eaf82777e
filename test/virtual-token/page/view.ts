import type { CommandName } from '../apdu-names.ts';
import type { TraceEntry } from '../traced-card.ts';

/** What the page shows of a token. Byte strings are upper-case hexadecimal. Types only: the page's two ends share it. */
export interface TokenView {
  readonly stateFile: string;
  /** What it was made as; `null` where its file was there already. */
  readonly profile: string | null;
  readonly serial: string;
  readonly serialDecimal: string;
  /** Of the PKCS#15 application; `null` where there is none. */
  readonly label: string | null;
  readonly atr: string;
  readonly atrName: string;
  readonly phase: 'initialising' | 'operational';
  readonly present: boolean;
  readonly powered: boolean;
  readonly loggedIn: readonly PinOwner[];
  readonly reader: { readonly address: string; readonly connected: boolean; readonly gone: boolean };
  readonly memory: { readonly total: number; readonly free: number };
  readonly keygenSeconds: number;
  readonly pins: readonly PinView[];
  readonly keys: readonly KeyView[];
  readonly certificates: readonly CertificateView[];
  /** `null` on a token without a file system. */
  readonly root: FileView | null;
  readonly armed: readonly { readonly id: number; readonly deed: string; readonly when: string }[];
}

export type PinOwner = 'administrator' | 'user';

export interface PinView {
  readonly owner: PinOwner;
  /** Shown, since this token guards nothing; `null` before the PIN has one. */
  readonly value: string | null;
  readonly attemptsLeft: number;
  readonly maxAttempts: number;
  readonly minLength: number;
  readonly rights: readonly Right[];
}

export interface Right {
  readonly mode: string;
  /** `always`, `user`, `administrator`, `either` or `never`. */
  readonly who: string;
}

export interface KeyView {
  readonly reference: number;
  readonly algorithm: string;
  readonly privateKey: 'there' | 'empty' | 'missing';
  readonly publicKey: 'there' | 'empty' | 'missing';
  readonly rights: readonly Right[];
}

export interface CertificateView {
  readonly path: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly from: string;
  readonly until: string;
  readonly bytes: number;
  readonly daysLeft: number;
}

export interface FileView {
  readonly path: string;
  readonly id: string;
  readonly name: string | null;
  readonly type: 'folder' | 'data' | 'pin' | 'key';
  /** In a few words: `128 bytes, 60 used`. */
  readonly summary: string;
  readonly rights: readonly Right[];
  /** File control parameters as SELECT answers them, and field by field. */
  readonly fcp: string;
  readonly fields: readonly { readonly tag: string; readonly value: string; readonly meaning: string }[];
  /** Of data files and public keys. */
  readonly content: string | null;
  readonly children: readonly FileView[];
}

/** What the page needs once: the choices of its forms. */
export interface Choices {
  readonly commands: readonly CommandName[];
  readonly writes: readonly string[];
  readonly profiles: readonly string[];
  /** Of these, the ones with certificates, which take a while to make. */
  readonly preparedProfiles: readonly string[];
}

export interface NumberedEntry {
  readonly number: number;
  readonly entry: TraceEntry;
}

/** Names of the server-sent events and what each carries as JSON. */
export interface PageEvents {
  readonly choices: Choices;
  readonly token: TokenView;
  readonly trace: readonly NumberedEntry[];
}
