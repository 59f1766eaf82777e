import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditView } from '#shared/control-panel-views.ts';
import type { TokenView } from '#shared/views.ts';
import { rsaKeyFromStock } from '#test/support/rsa-key-stock.ts';
import { WatchedCard } from '#test/support/watched-card.ts';
import { chosenPassword, factoryPin, openBank } from '#test/support/world.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import { registerCard } from '#test/virtual-token/registered/register-card.ts';
import { sha256 } from '#test/unit/signing/signing-desk.ts';
import { CommandLineDesk, fd } from '#test/support/command-line.ts';
import { runKilt } from '../registration/kilt-program.ts';

let bank: RunningBank;
let card: WatchedCard;
let desk: CommandLineDesk;
beforeAll(async () => {
  bank = await openBank();
  card = new WatchedCard(
    VirtualCard.create({ profile: 'default-pins', serial: '3A5B7C1D' }, { rsaKeySource: rsaKeyFromStock }),
  );
  const opened = { bank, now: () => new Date(), stop: () => Promise.resolve() };
  await registerCard(card.card, opened, { old: factoryPin, new: chosenPassword, label: 'Asel' });
});
afterAll(() => bank.stop());
beforeEach(async () => {
  desk = await CommandLineDesk.set(card);
  card.verifies = 0;
});
afterEach(() => desk.clear());

const at = (name: string): string => path.join(desk.folder, name);
const write = (name: string, contents: string | Uint8Array): string => {
  writeFileSync(at(name), contents);
  return at(name);
};
const withBank = ['--bank-file', () => bank.bankFile] as const;
const kilt = (args: readonly string[], ...secrets: string[]) =>
  desk.run([...args, ...withBank.map((one) => (typeof one === 'string' ? one : one()))], secrets);
const sign = (...args: string[]) => kilt(['sign', '--pin-fd', fd, ...args], chosenPassword);

/** The bank's root and what it signs with, for OpenSSL. */
function authorities(): string {
  const { ca } = JSON.parse(readFileSync(bank.bankFile, 'utf8')) as { ca: { anchors: string[] } };
  const { issuing } = JSON.parse(
    readFileSync(path.join(path.dirname(bank.bankFile), 'bank-keys.json'), 'utf8'),
  ) as {
    issuing: { certificate: string };
  };
  const pem = `-----BEGIN CERTIFICATE-----\n${issuing.certificate.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  return write('authorities.pem', `${ca.anchors.join('\n')}\n${pem}`);
}

const openssl = (...args: readonly string[]): Buffer =>
  execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });

describe('kilt sign', () => {
  it('signs many documents with the signature key and one try of the password; OpenSSL accepts them', async () => {
    const files = ['a.txt', 'b.xml', 'c.pdf'].map((name) => write(name, `contents of ${name}`));
    const { value, all, lines } = await sign(...files);
    expect(all).toBe(true);
    expect(value).toMatchObject({
      signed: 3,
      of: 3,
      documents: [{ fileName: 'a.txt', outcome: 'signed', signatureFileName: 'a.txt.p7s' }, {}, {}],
    });
    expect(lines.at(-1)).toBe('Signed: 3 of 3.');
    expect(card.verifies).toBe(1);
    const trusted = authorities();
    for (const file of files) {
      openssl(
        ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', `${file}.p7s`, '-content', file],
        ...['-CAfile', trusted, '-purpose', 'any', '-out', at('out')],
      );
    }
    openssl(
      ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', `${files[0]}.p7s`, '-content', at('a.txt')],
      ...['-CAfile', trusted, '-purpose', 'any', '-out', at('out'), '-signer', at('signer.pem')],
    );
    const number = openssl('x509', '-in', at('signer.pem'), '-noout', '-serial').toString();
    const info = (await kilt(['info'])).value as TokenView;
    const signature = info.certificates.find(({ purpose }) => purpose === 'signature');
    expect(number.trim().toLowerCase()).toBe(`serial=${signature?.serialNumber}`);
  });

  it('puts the document inside, and the command that checks takes both forms', async () => {
    const file = write('act.bin', new Uint8Array(1_200_000).fill(7));
    await sign('--attached', file);
    await sign('--detached', file);
    expect(
      readdirSync(desk.folder)
        .filter((name) => name.startsWith('act'))
        .toSorted(),
    ).toEqual(['act.bin', 'act.bin.cms', 'act.bin.p7s']);
    openssl(
      ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', `${file}.cms`],
      ...['-CAfile', authorities(), '-purpose', 'any', '-out', at('out')],
    );
    expect(sha256(readFileSync(at('out')))).toBe(sha256(readFileSync(file)));
    for (const signature of [`${file}.cms`, `${file}.p7s`]) {
      const checked = await kilt(['verify-signature', '--trust', at('authorities.pem'), signature]);
      expect(checked.value).toMatchObject({ verdict: 'valid', documentSha256: sha256(readFileSync(file)) });
      expect(checked.all).toBe(true);
      expect(checked.lines[0]).toBe('The signature is valid');
    }
  });

  it('leaves a receipt of each signature and of each refusal, without a name of a file', async () => {
    const file = write('Zarplata Asel mart.xml', '<pay/>');
    await sign(file, at('nowhere.txt'));
    const { value } = await kilt(['audit', 'list']);
    const { entries, chain } = value as AuditView;
    expect(chain).toEqual({ state: 'intact' });
    expect(entries.map(({ action, result }) => `${action} ${result}`)).toEqual([
      'sign-documents done',
      'sign-document done',
      'sign-document failed',
      'sign-documents begun',
    ]);
    expect(entries[1]).toMatchObject({
      tokenSerial: '3A5B7C1D',
      detail: {
        origin: 'command-line',
        sha256: sha256('<pay/>'),
        bytes: 6,
        extension: '.xml',
        form: 'detached',
      },
    });
    expect(entries[2]).toMatchObject({ errorCode: '0600001', detail: { extension: '.txt' } });
    expect(JSON.stringify(entries)).not.toMatch(/Zarplata|nowhere/);
  });

  it('spends one try on a wrong password and writes nothing', async () => {
    const file = write('a.txt', 'a');
    const { value } = await kilt(['sign', '--pin-fd', fd, file], 'not-the-password');
    expect(value).toMatchObject({ error: { id: 'wrong-pin', data: { attemptsLeft: 9 } } });
    expect(card.verifies).toBe(1);
    expect(readdirSync(desk.folder).toSorted()).toEqual(['a.txt', 'data']);
    await sign(file);
  });

  it('asks the token for nothing when no document can be read', async () => {
    const { value, all } = await sign(at('nowhere.txt'));
    expect(value).toMatchObject({ signed: 0, of: 1, documents: [{ error: { id: 'document-unreadable' } }] });
    expect(all).toBe(false);
    expect(card.verifies).toBe(0);
  });

  it('ends with 1 and one JSON value when a signature is wrong, as a program of its own', async () => {
    const file = write('a.txt', 'pay 100');
    await sign(file);
    writeFileSync(file, 'pay 900');
    const run = await runKilt(['verify-signature', '--json', `${file}.p7s`], {
      environment: {
        KILT_TRANSPORT: 'virtual-reader',
        KILT_USER_DATA: desk.dataFolder,
        KILT_VIRTUAL_READER_PORT: '0',
      },
    });
    expect(run.json()).toMatchObject({ verdict: 'wrong', signers: [{ problem: 'document-changed' }] });
    expect(run.code).toBe(1);
  });
});
