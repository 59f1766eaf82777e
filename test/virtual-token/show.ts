import { accessMode, pinReference } from './access.ts';
import { type CardState, readState } from './card-state.ts';
import { conditionName, fileIdText, fileName, pathBelow } from './file-names.ts';
import { type CardFile, contentSize, PRIVATE_KEY_FOLDER } from './file-system.ts';

/** The token as lines for people: identity, memory, the tree with rights and tries. No PIN and no private key. */
export function showState(state: CardState): string {
  const { atrName, files, phase } = readState(state);
  const head = [
    `serial ${state.serial} (${parseInt(state.serial, 16)}), answers to reset as ${atrName}, ${phase}`,
    `memory ${files.memoryBytes} bytes, ${files.freeBytes()} free`,
  ];
  return [...head, ...(files.root === null ? ['no file system'] : fileLines(files.root, '', 0))].join('\n');
}

export interface TokenSummary {
  readonly serial: string;
  readonly atr: CardState['atr'];
  readonly phase: CardState['phase'];
  readonly memoryBytes: number;
  readonly freeBytes: number;
  /** `null`: there is no such PIN. */
  readonly userTriesLeft: number | null;
  readonly administratorTriesLeft: number | null;
  /** References of RSA and GOST key pairs that have a value. */
  readonly keys: readonly number[];
}

/** The token in a few figures. */
export function summaryOf(state: CardState): TokenSummary {
  const { files } = readState(state);
  const privateKeys = files.find(PRIVATE_KEY_FOLDER);
  const keys = privateKeys?.type === 'folder' ? privateKeys.children : [];
  return {
    serial: state.serial,
    atr: state.atr,
    phase: state.phase,
    memoryBytes: files.memoryBytes,
    freeBytes: files.freeBytes(),
    userTriesLeft: files.pin(pinReference.user)?.attemptsLeft ?? null,
    administratorTriesLeft: files.pin(pinReference.administrator)?.attemptsLeft ?? null,
    keys: keys.filter((file) => file.type === 'key' && file.value !== null).map(({ id }) => id),
  };
}

function fileLines(file: CardFile, path: string, depth: number): string[] {
  const name = fileName(path);
  const title = `${'  '.repeat(depth)}${fileIdText(file.id)}${name === undefined ? '' : ` ${name}`}`;
  const line = `${title.padEnd(42)} ${describe(file).padEnd(34)} ${rights(file)}`;
  if (file.type !== 'folder') return [line];
  const below = file.children.flatMap((child) => fileLines(child, pathBelow(path, child.id), depth + 1));
  return [line, ...below];
}

function describe(file: CardFile): string {
  switch (file.type) {
    case 'folder':
      return 'folder';
    case 'data':
      return `${contentSize(file)} bytes, ${usedBytes(file.content)} used`;
    case 'pin':
      return `${file.attemptsLeft} of ${file.maxAttempts} tries left${file.value === null ? ', no value' : ''}`;
    case 'key':
      return `${file.kind}, ${file.value === null ? 'empty' : `${file.size} bytes`}`;
  }
}

const usedBytes = (content: Uint8Array): number => content.findLastIndex((byte) => byte !== 0) + 1;

function rights(file: CardFile): string {
  return Object.entries(accessMode[file.type])
    .filter(([, mode]) => ((file.access[0] ?? 0) & (1 << mode)) !== 0)
    .map(([name, mode]) => `${name}: ${conditionName(file.access[1 + mode] ?? 0) ?? '?'}`)
    .join(', ');
}
