import { accessMode, condition, pinReference } from './access.ts';
import { type CardState, readState } from './card-state.ts';
import { type CardFile, contentSize, PRIVATE_KEY_FOLDER } from './file-system.ts';

/** Names of files that have one (facts §3.4), by path below the master file. */
const fileNames: Readonly<Record<string, string>> = {
  '': 'MF',
  '0001': 'administrator PIN',
  '0002': 'user PIN',
  '1000': 'system folder',
  '1000/1000': 'keys',
  '1000/1000/6001': 'public keys',
  '1000/1000/6002': 'private keys',
  '1000/1000/6003': 'secret keys',
  '1000/1000/6004': 'certificates',
  '1000/1000/6005': 'local PINs',
  '2F00': 'EF.DIR',
  '5000': 'PKCS#15 application',
  '5000/5031': 'ODF',
  '5000/5032': 'TokenInfo',
  '5000/6005': 'AODF',
  '5000/6002': 'PrKDF',
  '5000/6001': 'PuKDF',
  '5000/6004': 'CDF',
  '5000/6006': 'DODF',
  '5000/4946': 'pkcs15-init information',
};

const conditionNames: Readonly<Record<number, string>> = {
  [condition.always]: 'always',
  [condition.administrator]: 'administrator',
  [condition.user]: 'user',
  [condition.either]: 'either',
  [condition.never]: 'never',
};

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
  const id = file.id.toString(16).toUpperCase().padStart(4, '0');
  const name = fileNames[path];
  const title = `${'  '.repeat(depth)}${id}${name === undefined ? '' : ` ${name}`}`;
  const line = `${title.padEnd(42)} ${describe(file).padEnd(34)} ${rights(file)}`;
  if (file.type !== 'folder') return [line];
  const below = file.children.flatMap((child) => {
    const childId = child.id.toString(16).toUpperCase().padStart(4, '0');
    return fileLines(child, path === '' ? childId : `${path}/${childId}`, depth + 1);
  });
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
    .map(([name, mode]) => `${name}: ${conditionNames[file.access[1 + mode] ?? 0] ?? '?'}`)
    .join(', ');
}
