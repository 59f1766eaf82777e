import { fromHex, toHex } from '#shared/bytes.ts';
import { condition, pinReference } from '#test/virtual-token/access.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import {
  childWithId,
  type CardFile,
  type KeyFile,
  PRIVATE_KEY_FOLDER,
} from '#test/virtual-token/file-system.ts';
import { type CardState, readState } from '#test/virtual-token/card-state.ts';

import {
  chain,
  createFile,
  createGostPublic,
  createRsaPublic,
  createSpecial,
  decipherWith,
  generate,
  loginUser,
  logout,
  selectPath,
  selectPrivateKey,
  signWith,
} from '../dialogue.ts';
import { runtime, statusWordOf, type Step } from './any-commands.ts';

const byte = (value: number): string => value.toString(16).padStart(2, '0');

/** Every condition that a rule can have, and who fulfils it. */
export const audiences = Object.entries(condition).map(([name, value]) => ({ name, value }));

/** A file for each audience: only they may read it, and what is in it is said nowhere else. */
export const secretFiles = audiences.map(({ name, value }, i) => ({
  id: 0x0a00 + i,
  condition: value,
  content: new TextEncoder().encode(`for ${name}`.padEnd(16, '!')),
}));

/** A key for each audience that may use it: RSA, and GOST behind it. References 11… and 21…. */
const guardedKeys = audiences.flatMap(({ value }, i) => [
  { reference: 11 + i, kind: 'rsa', condition: value } as const,
  { reference: 21 + i, kind: 'gost', condition: value } as const,
]);

const [RSA_PRIVATE, RSA_PRIVATE_BYTES] = ['23 00 00 AA 00 00', 328];
const [GOST_PRIVATE, GOST_PRIVATE_BYTES] = ['03 20 00 AA 00 00', 32];

const createKey = ({ reference, kind, condition: use }: (typeof guardedKeys)[number]): string[] => {
  const rules = `46 00 02 ${byte(use)} 00 00 00 FF`;
  return kind === 'rsa'
    ? [createSpecial(reference, RSA_PRIVATE_BYTES, RSA_PRIVATE, rules), createRsaPublic(reference, 1024)]
    : [createSpecial(reference, GOST_PRIVATE_BYTES, GOST_PRIVATE, rules), createGostPublic(reference)];
};

const preparation = [
  loginUser,
  createFile('38', 0x5000, 5000, '43 00 00 00 00 00 00 02'),
  selectPath(0x5000),
  ...secretFiles.flatMap(({ id, condition: read, content }) => [
    selectPath(0x5000),
    createFile('01', id, content.length, `43 ${byte(read)} 02 00 00 00 00 FF`),
    selectPath(0x5000, id),
    `00 D6 00 00 ${byte(content.length)} ${toHex(content)}`,
  ]),
  ...guardedKeys.flatMap((key) => [...createKey(key), generate(key.reference)]),
  logout,
].map(fromHex);

let prepared: CardState | undefined;

/** A powered card with {@link secretFiles} and keys for every audience, nobody logged in. */
export async function guardedCard(): Promise<VirtualCard> {
  if (prepared === undefined) {
    const first = VirtualCard.create({ profile: 'default-pins' }, runtime);
    first.powerOn();
    for (const command of preparation) {
      const sw = statusWordOf(await first.transmit(command));
      if (sw !== '9000') throw new Error(`${toHex(command)} was answered ${sw}`);
    }
    prepared = first.snapshot();
  }
  const card = VirtualCard.restore(structuredClone(prepared), runtime);
  card.powerOn();
  return card;
}

/** Reading each secret, and using each key. */
export const temptations: Uint8Array[][] = [
  ...secretFiles.map(({ id }) => [selectPath(0x5000, id), '00 B0 00 00 10']),
  ...secretFiles.map(({ id }) => [selectPath(0x5000, id), '00 B0 00 04 08']),
  ...guardedKeys.map(({ reference, kind }) =>
    kind === 'rsa'
      ? [
          selectPrivateKey(reference),
          signWith(reference),
          ...chain('00 2A 9E 9A', new Uint8Array(128).fill(1)),
        ]
      : [selectPrivateKey(reference), signWith(reference), `00 2A 9E 9A 20 ${'02'.repeat(32)} 00`],
  ),
  ...guardedKeys.filter(({ kind }) => kind === 'gost').map(({ reference }) => [generate(reference)]),
  ...guardedKeys
    .filter(({ kind }) => kind === 'rsa')
    .map(({ reference }) => [
      selectPrivateKey(reference),
      decipherWith(reference),
      ...chain('00 2A 80 86', new Uint8Array(128).fill(1)),
    ]),
].map((commands) => commands.map(fromHex));

/** Follows from outside, by the card's answers alone, who is logged in and which keys were chosen. */
export class Witness {
  logins = 0;
  signingKey: number | undefined;
  decipheringKey: number | undefined;

  see(step: Step, answer: Uint8Array | null): void {
    if (!(step instanceof Uint8Array) || answer === null) {
      this.#forget();
      return;
    }
    if (statusWordOf(answer) !== '9000') return;
    const [cla, ins, , p2 = 0] = step;
    if (cla === 0x80 && ins === 0x40) this.logins = 0;
    if (cla === 0x80 && ins === 0x8a) this.#forget();
    if (cla !== 0x00) return;
    const isPin = Object.values(pinReference).some((reference) => reference === p2);
    if (ins === 0x20 && step.length > 5 && isPin) this.logins |= p2;
    if (ins === 0x22 && p2 === 0xb6) this.signingKey = step[7];
    if (ins === 0x22 && p2 === 0xb8) this.decipheringKey = step[7];
  }

  #forget(): void {
    this.logins = 0;
    this.signingKey = undefined;
    this.decipheringKey = undefined;
  }
}

export const privateKeyIn = (state: CardState, reference: number): KeyFile | undefined => {
  const folder = readState(state).files.find(PRIVATE_KEY_FOLDER);
  const file = folder?.type === 'folder' ? childWithId(folder, reference) : undefined;
  return file?.type === 'key' ? file : undefined;
};

/** Every file with its path. */
export function allFiles(state: CardState): [path: string, file: CardFile][] {
  const { files } = readState(state);
  const walk = (file: CardFile, path: string): [string, CardFile][] => [
    [path, file],
    ...(file.type === 'folder' ? file.children.flatMap((child) => walk(child, `${path}/${child.id}`)) : []),
  ];
  return files.root === null ? [] : walk(files.root, '');
}
