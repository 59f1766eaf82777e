import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bankCommand, startBankProcess, type BankProcess } from './bank-process.ts';
import { opensslIn, type OpensslTool } from './openssl.ts';

/** The bank as its own program, ended by `kill -9` and started again on the same data. */
describe('a bank that is killed', () => {
  let folder: string;
  let data: string;
  let openssl: OpensslTool;
  let bank: BankProcess;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bank-killed-'));
    data = join(folder, 'data');
    openssl = opensslIn(folder);
    await openssl('genrsa', '-out', 'k1.key', '2048');
    bank = await startBankProcess(data);
  });
  afterEach(async () => {
    await bank.kill();
    rmSync(folder, { recursive: true });
  });

  async function restart(): Promise<void> {
    const { urls } = bank;
    await bank.kill();
    bank = await startBankProcess(data);
    expect(bank.urls).toEqual(urls);
  }
  const admit = (...options: string[]) =>
    bankCommand(
      'admit',
      '--data',
      data,
      '--out',
      join(folder, 'c'),
      '--user-id',
      'qq111111_kill',
      ...options,
    );
  const enrol = (...args: string[]) =>
    openssl(
      ...['cmp', '-batch', '-cmd', 'ir', '-server', bank.urls.http, '-ref', 'qq111111_kill'],
      ...['-secret', 'file:c/pin.txt', '-recipient', '/C=KZ/O=Kilt Demo Bank/CN=Kilt Demo Issuing CA'],
      ...[
        '-subject',
        '/CN=x',
        '-newkey',
        'k1.key',
        '-trusted',
        'data/root.pem',
        '-certout',
        'o.crt',
        ...args,
      ],
    );
  const happened = (kind: string) =>
    readFileSync(join(data, 'records.jsonl'), 'utf8').split(`{"kind":"${kind}"`).length - 1;

  it('after it issued a certificate whose answer got lost gives that same certificate afterwards', async () => {
    await admit();
    await bankCommand('fault', '--data', data, '--next', 'drop-connection');
    expect((await enrol()).code).not.toBe(0);
    expect(happened('certificate-issued')).toBe(1);
    await restart();
    expect((await enrol()).code).toBe(0);
    expect(happened('certificate-issued')).toBe(1);
    const verify = ['verify', '-CAfile', 'data/root.pem', '-untrusted', 'data/issuing.pem', 'o.crt'];
    expect((await openssl(...verify)).output).toBe('o.crt: OK\n');
  });

  it('while a request waits still knows the request, and what the officer decides while it is down', async () => {
    await admit('--hold');
    expect((await enrol('-total_timeout', '1')).code).not.toBe(0);
    await bank.kill();
    await bankCommand('approve', 'qq111111_kill', '--data', data);
    await restart();
    expect((await enrol()).code).toBe(0);
  });

  it('still knows how often a wrong ПИН was tried', async () => {
    await admit();
    writeFileSync(join(folder, 'wrong.txt'), 'WRONGWRONG1');
    for (let attempt = 1; attempt <= 4; attempt++) await enrol('-secret', 'file:wrong.txt');
    await restart();
    expect((await enrol('-secret', 'file:wrong.txt')).output).toContain('registration pin locked');
    await bankCommand('renew-pin', 'qq111111_kill', '--data', data, '--out', join(folder, 'c', 'pin.txt'));
    expect((await enrol()).code).toBe(0);
  });

  it('can not be started twice on the same data', async () => {
    await expect(bankCommand('start', '--data', data)).rejects.toThrow('is in use by process');
  });
});
