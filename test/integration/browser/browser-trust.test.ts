import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { browserTrust } from '#main/browser/loopback/browser-trust.ts';
import { keptIdentity } from '#main/browser/loopback/kept-identity.ts';

/** Against Mozilla's own certutil, by which the stores of Chromium and Firefox on Linux are kept. */

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'kilt-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const certutil = (...args: string[]): string => execFileSync('certutil', args, { encoding: 'utf8' });
const shared = (): string => `sql:${path.join(home, '.pki/nssdb')}`;
/** A profile that Firefox has made. */
function firefoxProfile(): string {
  const folder = path.join(home, '.config/mozilla/firefox/abc.default-esr');
  mkdirSync(folder, { recursive: true });
  certutil('-N', '-d', `sql:${folder}`, '--empty-password');
  return `sql:${folder}`;
}
const authorities = (database: string): number =>
  certutil('-L', '-d', database).match(/Kilt .*C,,/g)?.length ?? 0;

describe('the trust of this user’s browsers', () => {
  it('is put into the store of Chromium and into each profile of Firefox, and taken away again without a trace', async () => {
    const profile = firefoxProfile();
    const trust = browserTrust({ platform: 'linux', home });
    const { authority, authorityFile } = await keptIdentity(path.join(home, 'data'), new Date());
    await trust.install(authorityFile, authority);
    expect([authorities(shared()), authorities(profile)]).toEqual([1, 1]);
    expect(await trust.isInstalled(authority, authorityFile)).toBe(true);
    await trust.remove(authority);
    expect([authorities(shared()), authorities(profile)]).toEqual([0, 0]);
    expect(await trust.isInstalled(authority, authorityFile)).toBe(false);
  });

  it('is missing as soon as one browser has come that does not have it', async () => {
    const trust = browserTrust({ platform: 'linux', home });
    const { authority, authorityFile } = await keptIdentity(path.join(home, 'data'), new Date());
    await trust.install(authorityFile, authority);
    firefoxProfile();
    expect(await trust.isInstalled(authority, authorityFile)).toBe(false);
  });

  it('leaves the authorities of others alone', async () => {
    const trust = browserTrust({ platform: 'linux', home });
    const mine = await keptIdentity(path.join(home, 'data'), new Date());
    const other = await keptIdentity(path.join(home, 'other'), new Date());
    await trust.install(mine.authorityFile, mine.authority);
    await trust.install(other.authorityFile, other.authority);
    await trust.remove(mine.authority);
    expect(authorities(shared())).toBe(1);
    expect(await trust.isInstalled(other.authority, other.authorityFile)).toBe(true);
  });

  it('is not there, and not an error, where nothing was ever installed', async () => {
    const trust = browserTrust({ platform: 'linux', home });
    const { authority } = await keptIdentity(path.join(home, 'data'), new Date());
    await expect(trust.remove(authority)).resolves.toBeUndefined();
  });
});
