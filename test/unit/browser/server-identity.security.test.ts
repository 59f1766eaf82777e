import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptIdentity } from '#main/browser/loopback/kept-identity.ts';
import { browserTrust } from '#main/browser/loopback/browser-trust.ts';

/** The key of the server on this computer, and the authority that vouches for it. */
let folder: string;
const now = new Date();
const day = 24 * 60 * 60 * 1000;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-identity-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the authority', () => {
  it('has no key any more: nothing that was written could sign another certificate', async () => {
    const { certificate, authority } = await keptIdentity(folder, now);
    const server = new X509Certificate(certificate);
    const files = readdirSync(path.join(folder, 'loopback'));
    expect(files.sort()).toEqual(['authority.crt', 'server.crt', 'server.key']);
    const all = files.map((name) => readFileSync(path.join(folder, 'loopback', name), 'utf8')).join('');
    expect(all.match(/PRIVATE KEY-----\n/g)).toHaveLength(2);
    expect(
      server.checkPrivateKey(
        (await import('node:crypto')).createPrivateKey(all.slice(all.indexOf('-----BEGIN PRIVATE'))),
      ),
    ).toBe(true);
    expect(new X509Certificate(authority).ca).toBe(true);
    expect(server.ca).toBe(false);
  });

  it('would be believed for this computer only, as OpenSSL reads it', async () => {
    const { authorityFile, certificate } = await keptIdentity(folder, now);
    const printed = execFileSync('openssl', ['x509', '-in', authorityFile, '-noout', '-text']).toString();
    expect(printed).toContain('X509v3 Name Constraints: critical');
    expect(printed).toMatch(/Permitted:\s+DNS:localhost\s+IP:127.0.0.1\/255.255.255.255/);
    const file = path.join(folder, 'server.pem');
    writeFileSync(file, certificate);
    const verified = execFileSync('openssl', [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-verify_ip',
      '127.0.0.1',
      '-CAfile',
      authorityFile,
      file,
    ]);
    expect(verified.toString()).toContain(': OK');
  });
});

describe('the key', () => {
  it('is readable by its user alone', async () => {
    await keptIdentity(folder, now);
    expect(statSync(path.join(folder, 'loopback', 'server.key')).mode & 0o777).toBe(0o600);
    expect(statSync(path.join(folder, 'loopback')).mode & 0o777).toBe(0o700);
  });

  it('is kept, and another one is made before its certificate ends', async () => {
    const first = await keptIdentity(folder, now);
    expect(first.isNew).toBe(true);
    expect(await keptIdentity(folder, now)).toMatchObject({ key: first.key, isNew: false });
    const later = new Date(now.getTime() + 361 * day);
    const second = await keptIdentity(folder, later);
    expect(second.isNew).toBe(true);
    expect(second.key).not.toBe(first.key);
    expect(statSync(path.join(folder, 'loopback', 'server.key')).mode & 0o777).toBe(0o600);
  });

  it('another one in its place is not used', async () => {
    const first = await keptIdentity(folder, now);
    writeFileSync(path.join(folder, 'loopback', 'server.key'), 'nonsense');
    const second = await keptIdentity(folder, now);
    expect(second.key).not.toBe(first.key);
  });
});

describe('browsers are told by the system’s own programs, for this user only', () => {
  const ran = async (platform: NodeJS.Platform, way: 'install' | 'remove') => {
    const { authority, authorityFile } = await keptIdentity(folder, now);
    const calls: string[] = [];
    const runProgram = async (program: string, args: readonly string[]) => {
      calls.push([program, ...args].join(' '));
    };
    const trust = browserTrust({ platform, home: folder, runProgram });
    await (way === 'install' ? trust.install(authorityFile, authority) : trust.remove(authority));
    return calls;
  };

  it('on Linux in the database of Chromium, which is made where there is none', async () => {
    const [first, second] = await ran('linux', 'install');
    expect(first).toBe(`certutil -N -d sql:${folder}/.pki/nssdb --empty-password`);
    expect(second).toMatch(
      /^certutil -A -d sql:.*\.pki\/nssdb -n Kilt [0-9a-f]{8}, this computer only -t C,, -i /,
    );
  });

  it('on Windows and macOS in the user’s own store', async () => {
    expect(await ran('win32', 'install')).toEqual([
      expect.stringMatching(/^certutil.exe -user -addstore Root /),
    ]);
    expect(await ran('win32', 'remove')).toEqual([
      expect.stringMatching(/^certutil.exe -user -delstore Root [0-9A-F]{40}$/),
    ]);
    expect(await ran('darwin', 'install')).toEqual([
      expect.stringMatching(/^\/usr\/bin\/security add-trusted-cert -r trustRoot -p ssl /),
    ]);
  });

  it('a program that is not there is told as that', async () => {
    const missing = async () => {
      throw Object.assign(new Error('spawn'), { code: 'ENOENT' });
    };
    const { authority, authorityFile } = await keptIdentity(folder, now);
    const trust = browserTrust({ platform: 'linux', home: folder, runProgram: missing });
    await expect(trust.install(authorityFile, authority)).rejects.toMatchObject({
      id: 'browser-trust-failed',
      data: { reason: 'certutil' },
    });
  });
});
