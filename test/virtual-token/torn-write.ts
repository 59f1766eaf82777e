import type { CardState } from './card-state.ts';

type Folder = NonNullable<CardState['root']>;
type File = Folder['children'][number];
type Leaf = Exclude<File, Folder>;

/** What memory holds where nothing was ever written. */
const ERASED = 0xff;
const HEADER_BYTES = 5;
const UPDATE_BINARY = 0xd6;

/**
 * The memory that a torn write leaves, from the memory before and after the whole one.
 *
 * Of UPDATE BINARY the first `bytes` bytes of its data are in the file. Of a PIN or key (INS 24) the first `bytes` of
 * the new value stand before the rest of the old one, or before erased memory. A file that CREATE made is there with
 * the first `bytes` of its space; with none of it, as a folder always is, it is not there. `half` is half of that.
 * A choice of ours: what the real chip leaves is not known.
 */
export function tornMemory(
  before: CardState,
  after: CardState,
  command: Uint8Array,
  bytes: number | 'half',
): CardState {
  const root =
    before.root === null || after.root === null
      ? before.root
      : tornFolder(before.root, after.root, command, bytes);
  return { ...before, root };
}

function tornFolder(before: Folder, after: Folder, command: Uint8Array, bytes: number | 'half'): Folder {
  const children = after.children.flatMap((file): File[] => {
    const old = before.children.find(({ id }) => id === file.id);
    if (old === undefined) return begun(file, bytes);
    if (old.type === 'folder') return [file.type === 'folder' ? tornFolder(old, file, command, bytes) : old];
    return [file.type === 'folder' ? old : tornFile(old, file, command, bytes)];
  });
  return { ...before, children };
}

function tornFile(before: Leaf, after: Leaf, command: Uint8Array, bytes: number | 'half'): Leaf {
  if (before.type === 'data') {
    if (after.type !== 'data' || after.content === before.content) return before;
    const { offset, length } = rangeOf(command);
    const content = fromBase64(before.content);
    const end = offset + share(bytes, length);
    content.set(fromBase64(after.content).subarray(offset, end), offset);
    return { ...before, content: toBase64(content) };
  }
  if (after.type === 'data' || after.value === before.value || after.value === null) return before;
  const value = fromBase64(after.value);
  const written = share(bytes, value.length);
  const old = before.value === null ? new Uint8Array() : fromBase64(before.value);
  for (let at = written; at < value.length; at++) value[at] = old[at] ?? ERASED;
  return { ...before, value: toBase64(value) };
}

/** A file whose making was begun. */
function begun(file: File, bytes: number | 'half'): File[] {
  const torn = { ...file };
  let size = 0;
  switch (torn.type) {
    case 'folder':
      break;
    case 'data': {
      const content = fromBase64(torn.content);
      size = share(bytes, content.length);
      torn.content = toBase64(content.subarray(0, size));
      break;
    }
    case 'pin':
      size = torn.declaredSize = share(bytes, torn.declaredSize);
      break;
    case 'key':
      size = torn.size = share(bytes, torn.size);
  }
  return size === 0 ? [] : [torn];
}

/** Where in the file UPDATE BINARY writes. */
function rangeOf(command: Uint8Array): { offset: number; length: number } {
  const [, instruction, high = 0, low = 0, length = 0] = command;
  if (instruction !== UPDATE_BINARY || command.length <= HEADER_BYTES) return { offset: 0, length: 0 };
  return { offset: (high << 8) | low, length };
}

const share = (bytes: number | 'half', whole: number): number =>
  bytes === 'half' ? Math.floor(whole / 2) : Math.min(bytes, whole);

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
