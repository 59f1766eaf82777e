import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix, win32 } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { safeFileName } from '#main/desktop/save-file.ts';
import { writeWhole } from '#main/store/whole-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const disk = vi.hoisted(() => ({ fails: undefined as string | undefined }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    async open(...parts: Parameters<typeof real.open>) {
      const handle = await real.open(...parts);
      const { fails } = disk;
      if (fails !== undefined) {
        // Half of it gets onto the disk, as when the room runs out.
        handle.writeFile = async (contents) => {
          await handle.write((contents as string).slice(0, 3));
          throw Object.assign(new Error('the disk'), { code: fails });
        };
      }
      return handle;
    },
  };
});

const folder = temporaryFolder();
afterEach(() => {
  disk.fails = undefined;
});

describe('a file that the user saves', () => {
  it('is there whole, takes the place of an older one, and leaves nothing beside it', async () => {
    const file = join(folder(), 'certificate.pem');
    await writeWhole(file, '-----BEGIN CERTIFICATE-----\n');
    expect(readFileSync(file, 'utf8')).toBe('-----BEGIN CERTIFICATE-----\n');
    await writeWhole(file, Uint8Array.of(0x30, 0x82));
    expect([...readFileSync(file)]).toEqual([0x30, 0x82]);
    expect(readdirSync(folder())).toEqual(['certificate.pem']);
  });

  it.each([
    ['ENOSPC', 'disk-full'],
    ['EDQUOT', 'disk-full'],
    ['EIO', 'file-not-written'],
  ])('that fails half-way with %s is «%s»: the old one stays, no half one does', async (code, id) => {
    const file = join(folder(), 'journal.jsonl');
    writeFileSync(file, 'the old one');
    disk.fails = code;
    await expect(writeWhole(file, 'the new one')).rejects.toMatchObject({ id });
    expect(readFileSync(file, 'utf8')).toBe('the old one');
    expect(readdirSync(folder())).toEqual(['journal.jsonl']);
  });

  it('is «file-not-written» where there is no such folder, or a folder has its name', async () => {
    mkdirSync(join(folder(), 'a.pem'));
    for (const file of [join(folder(), 'gone', 'a.pem'), join(folder(), 'a.pem')]) {
      await expect(writeWhole(file, 'x')).rejects.toMatchObject({ id: 'file-not-written' });
    }
    expect(readdirSync(folder())).toEqual(['a.pem']);
  });
});

describe('the name proposed for a file', () => {
  it.each([
    ['Сериккызы Айгерим.pem', 'Сериккызы Айгерим.pem'],
    ['АО «Банк» / филиал №1.cer', 'АО «Банк» филиал №1.cer'],
    ['../../.ssh/authorized_keys', 'ssh authorized_keys'],
    ['..\\..\\autoexec.bat', 'autoexec.bat'],
    ['C:\\Windows\\x.pem', 'C Windows x.pem'],
    ['nul.pem', '_nul.pem'],
    ['COM1', '_COM1'],
    ['a\u202egnp.exe.pem', 'a gnp.exe.pem'],
    ['name\0.pem', 'name.pem'],
    ['line\nend.pem', 'line end.pem'],
    ['', 'kilt'],
    ['...', 'kilt'],
  ])('of %j is %j', (suggested, name) => {
    expect(safeFileName(suggested)).toBe(name);
  });

  it('is short enough, and keeps its extension', () => {
    const name = safeFileName(`${'Ұ'.repeat(400)}.pem`);
    expect(Array.from(name).length).toBeLessThanOrEqual(100);
    expect(name.endsWith('.pem')).toBe(true);
  });

  it('never leaves its folder, whatever a certificate is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 150 }), (suggested) => {
        const name = safeFileName(suggested);
        expect(posix.basename(name)).toBe(name);
        expect(win32.basename(name)).toBe(name);
        expect(['', '.', '..']).not.toContain(name);
        expect(name).not.toMatch(/[\p{Cc}<>:"/\\|?*]/u);
        expect(name).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
        expect(name).not.toMatch(/[ .]$/);
      }),
    );
  });
});
