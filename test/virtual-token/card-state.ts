import { z } from 'zod';

import { type AccessRules, checkRules } from './access.ts';
import type { AtrName, LifePhase } from './card-context.ts';
import { type CardFile, FileSystem, type FolderFile } from './file-system.ts';
import { type UnverifiedBehaviour, unverifiedBehaviour } from './unverified.ts';

/** Format version of {@link CardState}. Raise it with every change that an older program would misread. */
export const STATE_VERSION = 1;

const base64Bytes = z.base64();
const fileCommon = { id: z.int().min(0).max(0xffff), access: base64Bytes };
const specialCommon = { ...fileCommon, property: base64Bytes, value: base64Bytes.nullable() };

const leafState = z.discriminatedUnion('type', [
  z.strictObject({ ...fileCommon, type: z.literal('data'), content: base64Bytes }),
  z.strictObject({
    ...specialCommon,
    type: z.literal('pin'),
    declaredSize: z.int().min(0),
    minLength: z.int().min(1),
    maxAttempts: z.int().min(1).max(15),
    attemptsLeft: z.int().min(0).max(15),
  }),
  z.strictObject({
    ...specialCommon,
    type: z.literal('key'),
    kind: z.enum(['rsa-private', 'rsa-public', 'gost-private', 'gost-public']),
    size: z.int().min(1),
  }),
]);

interface FolderState {
  type: 'folder';
  id: number;
  access: string;
  declaredSize: number;
  children: FileState[];
}
type FileState = z.infer<typeof leafState> | FolderState;

const folderState: z.ZodType<FolderState> = z.strictObject({
  ...fileCommon,
  type: z.literal('folder'),
  declaredSize: z.int().min(0),
  children: z.lazy(() => z.array(z.union([leafState, folderState]))),
});

const cardState = z.strictObject({
  version: z.literal(STATE_VERSION),
  atr: z.enum(['kaztoken', 'rutoken']),
  serial: z.string().regex(/^[0-9A-F]{8}$/),
  phase: z.enum(['initialising', 'operational']),
  memoryBytes: z.int().min(1024),
  unverified: unverifiedBehaviour,
  root: folderState.nullable(),
});

/**
 * Everything of a card that outlives power, as JSON values; byte strings are base64.
 *
 * Holds PINs and private keys of the *virtual* token: it is its EEPROM.
 */
export type CardState = z.output<typeof cardState>;

/** What {@link CardState} holds, ready for use. */
export interface CardMemory {
  readonly atrName: AtrName;
  readonly serial: Uint8Array;
  readonly behaviour: UnverifiedBehaviour;
  readonly files: FileSystem;
  phase: LifePhase;
}

/** @throws Error when `state` is not a state of this version */
export function readState(state: unknown): CardMemory {
  const version = z.looseObject({ version: z.int() }).safeParse(state).data?.version;
  if (version !== undefined && version !== STATE_VERSION)
    throw new Error(`state of version ${version}; this program reads version ${STATE_VERSION}`);
  const parsed = cardState.parse(state);
  const root = parsed.root === null ? null : folderFrom(parsed.root, null);
  return {
    atrName: parsed.atr,
    serial: new Uint8Array(Buffer.from(parsed.serial, 'hex')),
    behaviour: parsed.unverified,
    files: new FileSystem(parsed.memoryBytes, parsed.unverified.fileHeaderBytes, root),
    phase: parsed.phase,
  };
}

export function writeState(memory: CardMemory): CardState {
  const { files } = memory;
  return {
    version: STATE_VERSION,
    atr: memory.atrName,
    serial: Buffer.from(memory.serial).toString('hex').toUpperCase(),
    phase: memory.phase,
    memoryBytes: files.memoryBytes,
    unverified: { ...memory.behaviour },
    root: files.root === null ? null : folderStateOf(files.root),
  };
}

function folderFrom(state: FolderState, parent: FolderFile | null): FolderFile {
  const { id, declaredSize } = state;
  const access = rulesFrom(state.access);
  const folder: FolderFile = { type: 'folder', id, access, parent, declaredSize, children: [] };
  for (const child of state.children) folder.children.push(fileFrom(child, folder));
  return folder;
}

function fileFrom(state: FileState, parent: FolderFile): CardFile {
  if (state.type === 'folder') return folderFrom(state, parent);
  const common = { parent, access: rulesFrom(state.access) };
  if (state.type === 'data') return { ...state, ...common, content: fromBase64(state.content) };
  const special = {
    ...common,
    property: fromBase64(state.property),
    value: state.value === null ? null : fromBase64(state.value),
  };
  return state.type === 'key' ? { ...state, ...special } : { ...state, ...special };
}

function rulesFrom(text: string): AccessRules {
  const rules = fromBase64(text);
  checkRules(rules);
  return rules;
}

function folderStateOf(folder: FolderFile): FolderState {
  const { type, id, declaredSize } = folder;
  const children = folder.children.map(fileStateOf);
  return { type, id, access: toBase64(folder.access), declaredSize, children };
}

function fileStateOf(file: CardFile): FileState {
  if (file.type === 'folder') return folderStateOf(file);
  const common = { id: file.id, access: toBase64(file.access) };
  if (file.type === 'data') return { ...common, type: 'data', content: toBase64(file.content) };
  const special = {
    ...common,
    property: toBase64(file.property),
    value: file.value === null ? null : toBase64(file.value),
  };
  if (file.type === 'key') return { ...special, type: 'key', kind: file.kind, size: file.size };
  const { declaredSize, minLength, maxAttempts, attemptsLeft } = file;
  return { ...special, type: 'pin', declaredSize, minLength, maxAttempts, attemptsLeft };
}

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const toBase64 = (value: Uint8Array): string => Buffer.from(value).toString('base64');
