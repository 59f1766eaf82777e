import fc from 'fast-check';

/**
 * Damage to valid input. Random bytes stop at a parser's first line; what is nearly right goes deep. So most inputs here
 * are a valid file of which a few places were changed, half of them with all lengths put right afterwards.
 */

/** An ASN.1 value taken apart: `parts` where its content is made of values, also inside an OCTET STRING. */
interface Node {
  tag: number;
  parts: Node[] | undefined;
  content: Uint8Array;
}

const constructed = 0x20;
const octetString = 0x04;

function takeApart(bytes: Uint8Array): Node[] | undefined {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1];
    if (first === undefined) return undefined;
    let [length, start] = [first, at + 2];
    if (first >= 0x80) {
      const size = first & 0x7f;
      if (size === 0 || size > 3) return undefined;
      length = 0;
      for (let i = 0; i < size; i++) length = length * 256 + (bytes[start + i] ?? 0);
      start += size;
    }
    if (start + length > bytes.length) return undefined;
    const content = bytes.subarray(start, start + length);
    const hasParts = (tag & constructed) !== 0 || (tag === octetString && content[0] === 0x30);
    nodes.push({ tag, content, parts: hasParts ? takeApart(content) : undefined });
    at = start + length;
  }
  return nodes;
}

function putTogether(nodes: readonly Node[]): Buffer {
  return Buffer.concat(
    nodes.map(({ tag, parts, content }) => {
      const inside = parts ? putTogether(parts) : Buffer.from(content);
      const size = inside.length;
      const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
      return Buffer.concat([Buffer.from([tag, ...length]), inside]);
    }),
  );
}

/** Every list of values in the tree, so that a place is a list and an index. */
const listsOf = (nodes: Node[]): Node[][] => [
  nodes,
  ...nodes.flatMap(({ parts }) => (parts ? listsOf(parts) : [])),
];

interface Change {
  readonly how: 'retag' | 'drop' | 'double' | 'swap' | 'refill' | 'nest' | 'flip';
  readonly at: number;
  readonly other: number;
  readonly bytes: Uint8Array;
}

const change: fc.Arbitrary<Change> = fc.record({
  how: fc.constantFrom('retag', 'drop', 'double', 'swap', 'refill', 'nest', 'flip'),
  at: fc.nat(),
  other: fc.nat(),
  bytes: fc.uint8Array({ maxLength: 20 }),
});

const oftenUsedTags = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x17, 0x18, 0x30, 0x31, 0x80, 0xa0, 0xa1,
];

function changeTree(nodes: Node[], { how, at, other, bytes }: Change): void {
  const places = listsOf(nodes).flatMap((list) => list.map((_, index) => ({ list, index })));
  const place = places[at % Math.max(1, places.length)];
  const second = places[other % Math.max(1, places.length)];
  if (!place || !second) return;
  const node = place.list[place.index];
  const [first, another] = [structuredClone(node), structuredClone(second.list[second.index])];
  if (!node || !first || !another) return;
  switch (how) {
    case 'retag':
      node.tag = oftenUsedTags[other % oftenUsedTags.length] ?? 0;
      break;
    case 'drop':
      place.list.splice(place.index, 1);
      break;
    case 'double':
      place.list.splice(place.index, 0, first);
      break;
    case 'swap':
      place.list[place.index] = another;
      break;
    case 'refill':
      Object.assign(node, { content: bytes, parts: undefined });
      break;
    case 'nest':
      Object.assign(node, { tag: 0x30, parts: Array.from({ length: other % 40 }, () => first) });
      break;
    case 'flip': {
      const content = Buffer.from(node.parts ? putTogether(node.parts) : node.content);
      if (content.length > 0) content[other % content.length] = bytes[0] ?? 0xff;
      Object.assign(node, { content, parts: undefined });
      break;
    }
  }
}

/** Changes in the structure of a DER file; every length fits again afterwards. */
function restructured(file: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const nodes = takeApart(file) ?? [];
    for (const one of changes) changeTree(nodes, one);
    return new Uint8Array(putTogether(nodes));
  });
}

/** Changes of bytes, wherever they are: also of lengths. */
function scribbledOn(file: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat(Math.max(0, file.length - 1));
  const edit = fc.oneof(
    fc.tuple(place, fc.nat(255)).map(
      ([at, value]) =>
        (bytes: Uint8Array) =>
          bytes.with(at % (bytes.length || 1), value),
    ),
    place.map((at) => (bytes: Uint8Array) => bytes.slice(0, at)),
    fc.tuple(place, fc.uint8Array({ maxLength: 8 })).map(
      ([at, extra]) =>
        (bytes: Uint8Array) =>
          new Uint8Array(Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at)])),
    ),
    fc.tuple(place, fc.nat(40)).map(
      ([at, length]) =>
        (bytes: Uint8Array) =>
          new Uint8Array(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])),
    ),
  );
  return fc
    .array(edit, { minLength: 1, maxLength: 3 })
    .map((edits) => edits.reduce((bytes, apply) => (bytes.length === 0 ? bytes : apply(bytes)), file));
}

/** Damaged copies of these files, and now and then bytes that were never a file. */
export function damaged(...files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const copies = files.map((file) => Uint8Array.from(file));
  return fc.oneof(
    { weight: 5, arbitrary: fc.oneof(...copies.map(restructured)) },
    { weight: 4, arbitrary: fc.oneof(...copies.map(scribbledOn)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }) },
  );
}

/** JSON values of which some members were changed, dropped or added. */
export function damagedJson(value: object): fc.Arbitrary<unknown> {
  const oddValue = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.string({ maxLength: 60 }),
    fc.constantFrom(
      '__proto__',
      'https://',
      'http://x',
      '-----BEGIN CERTIFICATE-----',
      '{userId}',
      1e308,
      -0,
      null,
    ),
  );
  const edit = fc.record({
    at: fc.nat(),
    what: fc.constantFrom('set', 'drop', 'add'),
    key: fc.string(),
    odd: oddValue,
  });
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => {
    const copy = structuredClone(value) as Record<string, unknown>;
    for (const { at, what, key, odd } of edits) {
      const places = placesOf(copy);
      const place = places[at % Math.max(1, places.length)];
      if (!place) continue;
      if (what === 'drop') Reflect.deleteProperty(place.owner, place.key);
      // JSON's lists have no names, least of all `length`.
      else if (what === 'add' && Array.isArray(place.owner)) place.owner.push(odd);
      else place.owner[what === 'set' ? place.key : key] = odd;
    }
    return copy;
  });
}

type Owner = Record<string, unknown>;
const placesOf = (owner: Owner): { readonly owner: Owner; readonly key: string }[] =>
  Object.entries(owner).flatMap(([key, value]) => [
    { owner, key },
    ...(typeof value === 'object' && value !== null ? placesOf(value as Owner) : []),
  ]);
