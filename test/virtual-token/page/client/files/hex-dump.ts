import { fromHex, toHex } from '#shared/bytes.ts';

const ROW = 16;

/** Bytes as lines of sixteen: offset, hexadecimal, and what is readable. Trailing lines of zeros become one. */
export function hexDump(hex: string): string {
  const bytes = fromHex(hex);
  const used = bytes.findLastIndex((byte) => byte !== 0) + 1;
  const shown = Math.ceil(used / ROW) * ROW;
  const lines: string[] = [];
  for (let at = 0; at < Math.min(shown, bytes.length); at += ROW)
    lines.push(line(bytes.subarray(at, at + ROW), at));
  if (shown < bytes.length) lines.push(`${offset(shown)} zeros up to the end, ${bytes.length - shown} bytes`);
  return lines.join('\n');
}

const offset = (at: number): string => at.toString(16).toUpperCase().padStart(4, '0');

function line(bytes: Uint8Array, at: number): string {
  const pairs = toHex(bytes).toUpperCase().match(/../g) ?? [];
  const text = Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·',
  ).join('');
  return `${offset(at)} ${pairs.join(' ').padEnd(3 * ROW - 1)}  ${text}`;
}
