import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** How bytes of a secret may lie somewhere: as text of several encodings, in hexadecimal, in Base64 at any offset. */
export function disguises(secret: string): readonly Buffer[] {
  const texts = [...new Set([secret, secret.toLowerCase(), secret.toUpperCase()])];
  const encodings = texts.flatMap((text) => {
    const utf8 = Buffer.from(text, 'utf8');
    const utf16 = Buffer.from(text, 'utf16le');
    return [utf8, utf16, Buffer.from(utf16).swap16()];
  });
  return encodings.flatMap((bytes) => [
    bytes,
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('hex').toUpperCase()),
    ...[0, 1, 2].map((offset) => Buffer.from(base64Inside(bytes, offset))),
  ]);
}

/** The part of the Base64 text that the bytes alone decide when they begin `offset` bytes into a group of three. */
function base64Inside(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const foreign = offset === 0 ? 0 : offset + 1;
  const whole = Math.floor(((offset + bytes.length) * 8) / 6);
  return text.slice(foreign, whole);
}

/** Finds secrets, by name, in whatever is put before it. */
export class SecretSearch {
  readonly #needles: readonly { readonly name: string; readonly bytes: Buffer }[];

  constructor(secrets: Readonly<Record<string, string>>) {
    this.#needles = Object.entries(secrets).flatMap(([name, secret]) =>
      disguises(secret).map((bytes) => ({ name, bytes })),
    );
  }

  /** Names of the secrets that are in it. */
  in(hay: Buffer | string): string[] {
    const bytes = Buffer.from(hay);
    return [
      ...new Set(this.#needles.filter((needle) => bytes.includes(needle.bytes)).map(({ name }) => name)),
    ];
  }

  /** `<secret> in <file>` for each file below the folder, its name included. */
  inFolder(folder: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .flatMap((file) =>
        [...this.in(file), ...this.in(readFileSync(file))].map((name) => `${name} in ${file}`),
      );
  }

  /** `<secret> in …` for arguments and environment of a process and all that it has started. Linux. */
  inProcesses(root: number): string[] {
    return family(root).flatMap((pid) =>
      ['cmdline', 'environ'].flatMap((what) =>
        this.in(procFile(pid, what)).map((name) => `${name} in /proc/${pid}/${what}`),
      ),
    );
  }
}

function family(root: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), Number(/^PPid:\s*(\d+)$/m.exec(procFile(Number(name), 'status'))?.[1])]),
  );
  const members = [root];
  for (const member of members) for (const [pid, parent] of parents) if (parent === member) members.push(pid);
  return members;
}

/** Empty when the process has ended, or is in a sandbox that lets nobody look. */
function procFile(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1');
  } catch {
    return '';
  }
}
