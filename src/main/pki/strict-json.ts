/** The text is not JSON, or names a member twice. */
export class StrictJsonError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StrictJsonError';
  }
}

/** Strings and what gives JSON its structure; the text is known to be JSON. */
const token = /"(?:[^"\\]|\\.)*"|[{}:[\],]/g;

/**
 * Parses JSON in which every object names each member once.
 *
 * RFC 8259 §4 leaves open which of two members of one name counts, and programs disagree: what one of them has checked
 * and signed would be another thing here. RFC 7515 §4 lets us refuse such a text, so we do.
 *
 * @throws StrictJsonError saying which member, or that the text is not JSON
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new StrictJsonError('not JSON', { cause });
  }
  const open: (Set<string> | undefined)[] = [];
  let lastString = '';
  for (const [found] of text.matchAll(token)) {
    if (found === '{') open.push(new Set());
    else if (found === '[') open.push(undefined);
    else if (found === '}' || found === ']') open.pop();
    else if (found === ':') nameOnce(open.at(-1), lastString);
    else if (found !== ',') lastString = found;
  }
  return value;
}

function nameOnce(names: Set<string> | undefined, quoted: string): void {
  // As a value, because `"a"` and `"\u0061"` are one name.
  const name = JSON.parse(quoted) as string;
  if (names?.has(name)) throw new StrictJsonError(`member "${name}" stands twice`);
  names?.add(name);
}
