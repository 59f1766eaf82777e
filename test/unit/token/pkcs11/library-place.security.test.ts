import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { librariesHere } from '#main/token/pkcs11/known-libraries.ts';
import { allowedLibrary, systemLibraryRules, type LibraryRules } from '#main/token/pkcs11/library-place.ts';

const refused = (likelyCause: string) => ({ id: 'driver-not-allowed', data: { likelyCause } });

describe('where a PKCS#11 library is loaded from', () => {
  let root: string;
  let folder: string;
  let library: string;
  let rules: LibraryRules;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), 'kilt-library-')));
    folder = path.join(root, 'programs');
    mkdirSync(path.join(folder, 'driver'), { recursive: true });
    library = path.join(folder, 'driver', 'token.so');
    writeFileSync(library, '');
    for (const place of [folder, path.join(folder, 'driver'), library]) chmodSync(place, 0o755);
    rules = { platform: process.platform, folders: [folder], owners: [process.getuid!()] };
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('is a folder for programs, by its full path', async () => {
    await expect(allowedLibrary(library, rules)).resolves.toBe(library);
  });

  it.each([
    'token.so',
    './token.so',
    '../programs/driver/token.so',
    '',
    '\\\\server\\share\\token.dll',
    '//server/share/token.so',
  ])('is not where the working folder or the search path says (%s)', async (given) => {
    await expect(allowedLibrary(given, rules)).rejects.toMatchObject(refused('driver-relative'));
  });

  it('is not a path that ends early for the system', async () => {
    await expect(allowedLibrary(`${library}\0.so`, rules)).rejects.toMatchObject(refused('driver-relative'));
  });

  it('is no other folder, also not one whose name only begins like an allowed one', async () => {
    const beside = `${folder}-of-somebody`;
    mkdirSync(beside);
    writeFileSync(path.join(beside, 'token.so'), '');
    for (const elsewhere of [path.join(root, 'token.so'), path.join(beside, 'token.so')])
      await expect(allowedLibrary(elsewhere, rules)).rejects.toMatchObject(refused('driver-folder'));
  });

  it('is not climbed out of with «..»', async () => {
    writeFileSync(path.join(root, 'token.so'), '');
    await expect(allowedLibrary(`${folder}/driver/../../token.so`, rules)).rejects.toMatchObject(
      refused('driver-folder'),
    );
  });

  it('is not left through a link, neither of the file nor of a folder on the way', async () => {
    const outside = path.join(root, 'outside');
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'token.so'), '');
    symlinkSync(path.join(outside, 'token.so'), path.join(folder, 'link.so'));
    symlinkSync(outside, path.join(folder, 'linked'));
    for (const link of ['link.so', 'linked/token.so'])
      await expect(allowedLibrary(path.join(folder, link), rules)).rejects.toMatchObject(
        refused('driver-link'),
      );
  });

  it('may hold a link to a library inside, which is then loaded by its real path', async () => {
    symlinkSync(library, path.join(folder, 'link.so'));
    await expect(allowedLibrary(path.join(folder, 'link.so'), rules)).resolves.toBe(library);
  });

  it.each([
    ['the library', 'driver/token.so', 0o757],
    ['its folder', 'driver', 0o757],
    ['the allowed folder itself', '', 0o757],
    ['a folder in which others may put files but not remove them', 'driver', 0o1777],
    ['a library that a group of users may write to', 'driver/token.so', 0o775],
  ])('is nothing that others can replace: %s', async (_what, place, mode) => {
    chmodSync(path.join(folder, place), mode);
    await expect(allowedLibrary(library, rules)).rejects.toMatchObject(refused('driver-writable'));
  });

  it('is nothing that belongs to somebody else than the administrator', async () => {
    await expect(allowedLibrary(library, { ...rules, owners: [987_654] })).rejects.toMatchObject(
      refused('driver-writable'),
    );
  });

  it('is said to be empty, or to hold no file, where that is so', async () => {
    await expect(allowedLibrary(path.join(folder, 'gone.so'), rules)).rejects.toMatchObject(
      refused('driver-missing'),
    );
    await expect(allowedLibrary(path.join(folder, 'driver'), rules)).rejects.toMatchObject(
      refused('driver-not-a-file'),
    );
  });

  it('is offered only with libraries that may be loaded', async () => {
    const linux: LibraryRules = { ...rules, platform: 'linux' };
    for (const name of ['librtpkcs11ecp.so', 'opensc-pkcs11.so']) {
      writeFileSync(path.join(folder, name), '');
      chmodSync(path.join(folder, name), name.startsWith('opensc') ? 0o757 : 0o755);
    }
    await expect(librariesHere(linux)).resolves.toEqual([path.join(folder, 'librtpkcs11ecp.so')]);
  });

  describe('on Windows', () => {
    const windows = systemLibraryRules('win32', { SystemRoot: 'D:\\Windows' });
    /** Allowed so far: on this computer there just is no such file. */
    const allowed = refused('driver-missing');

    it.each([
      ['D:\\Windows\\System32\\rtPKCS11ECP.dll', allowed],
      ['d:\\windows\\system32\\RTPKCS11ECP.DLL', allowed],
      ['D:\\Program Files\\KAZTOKEN\\driver.dll', allowed],
      ['D:\\Program Files (x86)\\KAZTOKEN\\driver.dll', allowed],
      ['D:\\Users\\Aigerim\\Downloads\\driver.dll', refused('driver-folder')],
      ['D:\\Program Files\\..\\Users\\driver.dll', refused('driver-folder')],
      ['D:\\ProgramData\\driver.dll', refused('driver-folder')],
      ['D:driver.dll', refused('driver-relative')],
      ['\\Windows\\System32\\driver.dll', refused('driver-relative')],
      ['\\\\?\\D:\\Windows\\System32\\driver.dll', refused('driver-relative')],
      ['\\\\server\\Windows\\System32\\driver.dll', refused('driver-relative')],
    ])('%s', async (given, expected) => {
      await expect(allowedLibrary(given, windows)).rejects.toMatchObject(expected);
    });

    it('is not moved by whoever sets SystemRoot', () => {
      for (const moved of ['D:\\Users\\Aigerim\\Windows', '\\\\server\\Windows', 'Windows', ''])
        expect(systemLibraryRules('win32', { SystemRoot: moved }).folders[0]).toBe('C:\\Windows\\System32');
    });
  });
});
