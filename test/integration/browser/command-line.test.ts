import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoopbackView, SiteApprovalView } from '#shared/consent-views.ts';
import type { DoctorView } from '#shared/doctor-views.ts';
import { Kilt } from '#main/kilt.ts';
import { createVirtualReaders } from '#main/token/virtual-reader.ts';
import { freePort } from '#test/support/free-port.ts';
import { CommandLine } from '#test/support/command-line.ts';

/** What support staff see and change of the ways by which pages reach Kilt. */
let home: string;
let dataFolder: string;
let commandLine: CommandLine;
let homeBefore: string | undefined;
beforeEach(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'kilt-home-'));
  dataFolder = path.join(home, '.config/kilt');
  mkdirSync(dataFolder, { recursive: true });
  // The browsers whose trust is changed are those of this home.
  homeBefore = process.env['HOME'];
  process.env['HOME'] = home;
  commandLine = new CommandLine({ port: await freePort(), dataFolder });
});
afterEach(() => {
  process.env['HOME'] = homeBefore;
  rmSync(home, { recursive: true });
});

const kilt = async (...args: string[]) => commandLine.run([...args, '--wait', '0'], []);

async function allow(site: string): Promise<void> {
  const services = new Kilt({ dataFolder, access: createVirtualReaders({ port: 0 }) });
  services.sites.allow(site, 'extension');
  await services.stop();
}

describe('kilt sites', () => {
  it('lists the sites that may ask, and takes one back for good', async () => {
    expect((await kilt('sites', 'list')).value).toEqual([]);
    await allow('https://online.bank.kz');
    await allow('https://other.kz');
    const listed = (await kilt('sites', 'list')).value as SiteApprovalView[];
    expect(listed.map(({ site }) => site.origin).toSorted()).toEqual([
      'https://online.bank.kz',
      'https://other.kz',
    ]);
    expect((await kilt('sites', 'revoke', '--site', 'https://other.kz')).value).toEqual({
      revoked: ['https://other.kz'],
    });
    expect((await kilt('sites', 'list')).value).toHaveLength(1);
    expect((await kilt('sites', 'revoke', '--site', 'https://other.kz')).value).toMatchObject({
      error: { id: 'site-unknown' },
    });
  });
});

describe('kilt loopback', () => {
  it('makes the key and has the browsers trust it, and takes both away again', async () => {
    const key = path.join(dataFolder, 'loopback/server.key');
    expect((await kilt('loopback', 'status')).value).toMatchObject({ on: false });
    const on = (await kilt('loopback', 'on', '--port', 'ncalayer')).value as LoopbackView;
    expect(on).toMatchObject({ on: true, port: 'ncalayer', number: 13_579 });
    expect(on.problem).toBeUndefined();
    expect(existsSync(key)).toBe(true);
    expect(existsSync(path.join(home, '.pki/nssdb/cert9.db'))).toBe(true);
    expect((await kilt('loopback', 'off')).value).toMatchObject({ on: false });
    expect(existsSync(key)).toBe(false);
  });
});

describe('kilt doctor', () => {
  it('says that Kilt does not run, and ends as what has failed', async () => {
    await kilt('loopback', 'on');
    const { value, all } = await kilt('doctor');
    const { links } = value as DoctorView;
    expect(all).toBe(false);
    expect(links).toContainEqual({
      link: 'extension-listening',
      state: 'fails',
      reason: 'kilt-off',
      repairable: false,
    });
    expect(links.find(({ link }) => link === 'loopback-answers')).toMatchObject({ reason: 'kilt-off' });
    expect(links.find(({ link }) => link === 'loopback-trusted')).toMatchObject({ state: 'ok' });
  });
});
