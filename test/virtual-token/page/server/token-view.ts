import { X509Certificate } from 'node:crypto';

import { pinReference } from '../../access.ts';
import { readState } from '../../card-state.ts';
import { describeFault, describeTrigger } from '../../describe-fault.ts';
import { fileIdText, pathBelow } from '../../file-names.ts';
import {
  type CardFile,
  type FileSystem,
  type KeyFile,
  type PinFile,
  PRIVATE_KEY_FOLDER,
  PUBLIC_KEY_FOLDER,
} from '../../file-system.ts';
import type { VirtualTokenProgram } from '../../program.ts';
import type { CertificateView, KeyView, PinOwner, PinView, TokenView } from '../view.ts';
import { fileView, hex, rightsOf } from './file-view.ts';

const TOKEN_INFO = [0x5000, 0x5032];
const DAY_MS = 24 * 60 * 60 * 1000;
const owners = ['user', 'administrator'] as const satisfies readonly PinOwner[];

/** Everything the page shows of a running token. */
export function tokenView(program: VirtualTokenProgram, now = new Date()): TokenView {
  const state = program.card.snapshot();
  const { files, behaviour } = readState(state);
  return {
    stateFile: program.stateFile,
    profile: program.profile,
    serial: state.serial,
    serialDecimal: String(parseInt(state.serial, 16)),
    label: labelOf(files),
    atr: hex(program.card.atr),
    atrName: state.atr,
    phase: state.phase,
    present: program.present,
    powered: program.card.powered,
    loggedIn: owners.filter((owner) => (program.card.logins & pinReference[owner]) !== 0),
    reader: program.reader,
    memory: { total: files.memoryBytes, free: files.freeBytes() },
    keygenSeconds: program.keygenSeconds,
    pins: owners.flatMap((owner) => {
      const pin = files.pin(pinReference[owner]);
      return pin === undefined ? [] : [pinView(owner, pin)];
    }),
    keys: keysIn(files),
    certificates: files.root === null ? [] : certificatesIn(files.root, '', now),
    root: files.root === null ? null : fileView(files.root, behaviour),
    armed: program.armed.map((fault) => ({
      id: fault.id,
      deed: describeFault(fault),
      when: describeTrigger(fault),
    })),
  };
}

const pinView = (owner: PinOwner, pin: PinFile): PinView => ({
  owner,
  value: pin.value === null ? null : readable(pin.value),
  attemptsLeft: pin.attemptsLeft,
  maxAttempts: pin.maxAttempts,
  minLength: pin.minLength,
  rights: rightsOf(pin),
});

/** PINs are any bytes; most are text. */
function readable(value: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(value);
    if (!/[\p{Cc}]/u.test(text)) return text;
  } catch {
    // Shown as bytes.
  }
  return hex(value);
}

/** Label of TokenInfo: the element with context tag 0 (PKCS#15 v1.1 §6.9). `null` when there is none to be read. */
function labelOf(files: FileSystem): string | null {
  const info = files.find(TOKEN_INFO);
  if (info?.type !== 'data') return null;
  const { content } = info;
  const CONTEXT_0 = 0x80;
  for (let at = 2; at + 1 < content.length;) {
    const [tag = 0, length = 0] = content.subarray(at);
    if (tag === 0 || length > 0x7f) return null;
    if (tag === CONTEXT_0) return readable(content.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return null;
}

function keysIn(files: FileSystem): readonly KeyView[] {
  const inFolder = (path: readonly number[]): KeyFile[] => {
    const folder = files.find(path);
    return folder?.type === 'folder' ? folder.children.filter((file) => file.type === 'key') : [];
  };
  const privateKeys = inFolder(PRIVATE_KEY_FOLDER);
  const publicKeys = inFolder(PUBLIC_KEY_FOLDER);
  const references = [...new Set([...privateKeys, ...publicKeys].map(({ id }) => id))].sort((a, b) => a - b);
  return references.map((reference) => {
    const privateKey = privateKeys.find(({ id }) => id === reference);
    const publicKey = publicKeys.find(({ id }) => id === reference);
    return {
      reference,
      algorithm: algorithmOf(privateKey, publicKey),
      privateKey: stateOf(privateKey),
      publicKey: stateOf(publicKey),
      rights: privateKey === undefined ? [] : rightsOf(privateKey),
    };
  });
}

const stateOf = (key: KeyFile | undefined): KeyView['privateKey'] =>
  key === undefined ? 'missing' : key.value === null ? 'empty' : 'there';

/** Sizes of key files say how long the key is (facts §3.5); a torn file may have a size that says nothing. */
function algorithmOf(privateKey: KeyFile | undefined, publicKey: KeyFile | undefined): string {
  const kind = privateKey?.kind ?? publicKey?.kind;
  if (kind?.startsWith('gost') === true) return 'GOST R 34.10-2001';
  const bits =
    privateKey === undefined ? ((publicKey?.size ?? 0) * 16) / 3 : ((privateKey.size - 8) * 16) / 5;
  return Number.isInteger(bits) ? `RSA ${bits}` : 'RSA';
}

function certificatesIn(file: CardFile, path: string, now: Date): CertificateView[] {
  if (file.type === 'folder')
    return file.children.flatMap((child) => certificatesIn(child, pathBelow(path, child.id), now));
  if (file.type !== 'data') return [];
  const certificate = certificateFrom(file.content);
  if (certificate === undefined) return [];
  const until = new Date(certificate.validTo);
  return [
    {
      path: path || fileIdText(file.id),
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      serial: certificate.serialNumber,
      from: new Date(certificate.validFrom).toISOString(),
      until: until.toISOString(),
      bytes: certificate.raw.length,
      daysLeft: Math.floor((until.getTime() - now.getTime()) / DAY_MS),
    },
  ];
}

const oneLine = (name: string | undefined): string => (name ?? '').split('\n').reverse().join(', ');

/** Long DER: SEQUENCE with a length of two bytes. Nothing else on the token that begins so is a certificate. */
const LONG_SEQUENCE = [0x30, 0x82];

function certificateFrom(content: Uint8Array): X509Certificate | undefined {
  if (!LONG_SEQUENCE.every((byte, at) => content[at] === byte)) return undefined;
  const length = 4 + (((content[2] ?? 0) << 8) | (content[3] ?? 0));
  try {
    return new X509Certificate(content.subarray(0, length));
  } catch {
    return undefined;
  }
}
