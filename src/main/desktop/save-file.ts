import path from 'node:path';

/** What Windows takes for its devices, whatever follows the first dot. */
const windowsDevice = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
const longestName = 100;

/**
 * A file name that every system takes and that stays in its folder: subject names of certificates may hold slashes,
 * quotes and line ends.
 */
export function safeFileName(suggested: string): string {
  const name = suggested
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .replace(windowsDevice, '_$&');
  const extension = path.extname(name).slice(0, 8);
  const stem = name.slice(0, name.length - path.extname(name).length);
  const short = Array.from(stem)
    .slice(0, longestName - extension.length)
    .join('')
    .replace(/[\s.]+$/, '');
  return short === '' ? `kilt${extension}` : `${short}${extension}`;
}
