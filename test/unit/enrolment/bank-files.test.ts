import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BankDirectory } from '#main/enrolment/bank-files.ts';
import type { SignerStanding } from '#main/enrolment/bank-trust.ts';
import { eventually } from '#test/support/eventually.ts';
import { BankPublishers } from './bank-publisher.ts';
import { demoBank, unsignedBanks } from './workshop.ts';

let publishers: BankPublishers;
let signed: string;
beforeAll(() => {
  publishers = new BankPublishers();
  publishers.add('publisher');
  signed = publishers.file('publisher', JSON.stringify(demoBank));
});
afterAll(() => publishers.remove());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-banks-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (content: unknown, name = 'demo.json') =>
  writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
const trusting = (standing: SignerStanding, version = 1, now = new Date()) =>
  new BankDirectory(folder, {
    trust: { standing: () => standing, version: () => version },
    unsigned: 'refuse',
    now: () => now,
  });
const ids = (banks: BankDirectory) => banks.all().map(({ id }) => id);

describe('the banks that Kilt knows', () => {
  it('are those of its folder', () => {
    write(signed, 'demo.kiltbank');
    expect(trusting('known').get('demo')).toEqual(demoBank);
  });

  it('are none when the folder is not there', () => {
    expect(unsignedBanks(path.join(folder, 'none')).all()).toEqual([]);
  });

  it('come and go with their files, without a restart', () => {
    const banks = unsignedBanks(folder);
    write(demoBank);
    expect(ids(banks)).toEqual(['demo']);
    write({ ...demoBank, id: 'renamed' });
    expect(ids(banks)).toEqual(['renamed']);
    rmSync(path.join(folder, 'demo.json'));
    expect(ids(banks)).toEqual([]);
  });

  it('are not hidden by a file that can not be read, which is listed with what is wrong', () => {
    write('{ "format": 1, "id": "half', 'a-half-written.json');
    write(signed.slice(0, 500), 'b-half-copied.kiltbank');
    write('x'.repeat(300_000), 'c-huge.kiltbank');
    mkdirSync(path.join(folder, 'd-folder.kiltbank'));
    write({ ...demoBank, colour: 'teal' }, 'e-strange.json');
    write(demoBank, 'f-good.json');
    write('not a bank', 'notes.txt');
    const banks = unsignedBanks(folder);
    expect(ids(banks)).toEqual(['demo']);
    expect(
      Object.fromEntries(banks.entries().map(({ fileName, error }) => [fileName, error?.data['reason']])),
    ).toEqual({
      'a-half-written.json': 'not JSON',
      'b-half-copied.kiltbank': 'not a compact JWS',
      'c-huge.kiltbank': 'larger than 262144 bytes',
      'd-folder.kiltbank': 'unreadable',
      'e-strange.json': 'is no member that this format has',
      'f-good.json': undefined,
    });
  });

  it('are read as soon as a file that was being copied is whole', () => {
    const banks = trusting('known');
    write(signed.slice(0, 700), 'demo.kiltbank');
    expect(ids(banks)).toEqual([]);
    write(signed, 'copy');
    renameSync(path.join(folder, 'copy'), path.join(folder, 'demo.kiltbank'));
    expect(ids(banks)).toEqual(['demo']);
  });

  it('have one file each; of two, the signed one counts', () => {
    write({ ...demoBank, site: 'https://bank.example/other' }, 'a.json');
    write(signed, 'z.kiltbank');
    const banks = new BankDirectory(folder, {
      trust: { standing: () => 'known', version: () => 1 },
      unsigned: 'accept',
    });
    expect(banks.get('demo').site).toBe('https://bank.example/');
    expect(banks.entries().map(({ error }) => error?.data['reason'])).toEqual([
      undefined,
      'another file has this id',
    ]);
  });

  it('include the one that Kilt was started with, which says at once when it is wrong', () => {
    const file = path.join(folder, 'launched');
    writeFileSync(file, JSON.stringify(demoBank));
    expect(ids(unsignedBanks(path.join(folder, 'banks'), file))).toEqual(['demo']);
    writeFileSync(file, JSON.stringify({ ...demoBank, site: 'http://bank.example/' }));
    expect(() => unsignedBanks(path.join(folder, 'banks'), file)).toThrow(
      expect.objectContaining({
        id: 'bank-file-invalid',
        data: { field: 'site', reason: 'must be https', more: 1 },
      }),
    );
  });

  it('go on working for their profiles after the end of their file, and take no new ones', () => {
    const ending = JSON.stringify({ ...demoBank, notAfter: '2027-01-01T00:00:00Z' });
    write(publishers.file('publisher', ending), 'demo.kiltbank');
    const before = trusting('known', 1, new Date('2026-12-31T23:59:59Z'));
    const after = trusting('known', 1, new Date('2027-01-01T00:00:00Z'));
    expect(before.getForNewProfile('demo').id).toBe('demo');
    expect([before.offered().length, after.offered().length]).toEqual([1, 0]);
    expect(after.get('demo').id).toBe('demo');
    expect(() => after.getForNewProfile('demo')).toThrow(
      expect.objectContaining({ id: 'bank-file-ended', code: '0300024' }),
    );
  });

  it('tell when somebody changes the folder', async () => {
    const banks = unsignedBanks(folder);
    const told = vi.fn();
    banks.onChange(told);
    const end = banks.watch();
    write(demoBank);
    await eventually(() => told.mock.calls.length > 0);
    end();
  });
});

describe('a false bank in the folder', () => {
  it.each([
    ['signed by a key that nobody has confirmed', 'new', 'bank-not-confirmed'],
    ['signed by a key that the next import may accept', 'successor', 'bank-not-confirmed'],
    ['signed by another key than the confirmed one', 'other', 'bank-signer-changed'],
  ] as const)('%s is not used', (_, standing, id) => {
    write(signed, 'demo.kiltbank');
    const banks = trusting(standing);
    expect(banks.all()).toEqual([]);
    expect(() => banks.get('demo')).toThrow(expect.objectContaining({ id }));
  });

  it('without signature is not used', () => {
    write(demoBank);
    const banks = trusting('known');
    expect(banks.all()).toEqual([]);
    expect(banks.entries()[0]?.error).toMatchObject({ id: 'bank-file-unsigned' });
  });

  it('that is the true one of an older version is not used', () => {
    write(signed, 'demo.kiltbank');
    expect(() => trusting('known', 2).get('demo')).toThrow(
      expect.objectContaining({ id: 'bank-file-older', data: { version: 1, newest: 2 } }),
    );
  });
});
