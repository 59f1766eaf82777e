import path from 'node:path';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import type { TokenView } from '#shared/views.ts';
import { Kilt } from '#main/kilt.ts';
import { PcscAccess } from '#main/token/pcsc-access.ts';
import type { Admission } from '#test/bank/admission.ts';
import { startBank, type RunningBank } from '#test/bank/start-bank.ts';
import { OpenscBench } from '#test/integration/virtual-token/opensc-bench.ts';
import { eventually } from '#test/support/eventually.ts';
import { chosenPassword, factoryPin } from '#test/support/world.ts';

/** OpenSC's words for the two keys of a profile, by the identifier they have on an empty token. */
const keys = [
  { id: '01', purpose: 'signature', usage: 'sign, nonRepudiation' },
  { id: '02', purpose: 'sign-in', usage: 'sign' },
] as const;

let folder: string;
let bank: RunningBank;
let bench: OpenscBench;
let kilt: Kilt;

async function plugIn(...options: string[]): Promise<void> {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-registration-'));
  bank = await startBank({ dataDir: path.join(folder, 'bank') });
  bench = await OpenscBench.start(['--atr', 'rutoken', ...options]);
  await startKilt();
}

async function startKilt(): Promise<void> {
  kilt = new Kilt({
    dataFolder: path.join(folder, 'Kilt'),
    access: new PcscAccess(),
    bankFile: bank.bankFile,
  });
  await kilt.start();
  await eventually(() => kilt.tokensView().tokens.some(({ state }) => state === 'ready'), {
    what: 'a token that is read',
  });
}

async function unplug(): Promise<void> {
  await kilt.stop();
  await bench.stop();
  await bank.stop();
  rmSync(folder, { recursive: true });
}

function token(): TokenView {
  const [only] = kilt.tokensView().tokens;
  if (!only) throw new Error('no token');
  return only;
}

async function register(): Promise<Admission> {
  const customer = await bank.admit();
  const keyFile = path.join(folder, 'Key.pfx');
  writeFileSync(keyFile, customer.keyFile);
  await kilt.profiles.open(token().id, secretFromText(factoryPin));
  const draft = await kilt.drafts.check(bank.system, {
    userId: customer.userId,
    registrationPin: customer.pin,
    keyFile: { path: keyFile, password: customer.keyFilePassword },
  });
  const { journalId } = kilt.register({
    draftId: draft.id,
    tokenId: token().id,
    label: '',
    newPin: secretFromText(chosenPassword),
  });
  expect(await kilt.runner.ended(journalId)).toMatchObject({ state: 'finished' });
  return customer;
}

describe('a profile that Kilt has made, in the hands of OpenSC', () => {
  let customer: Admission;
  beforeAll(async () => {
    await plugIn('--profile', 'default-pins');
    customer = await register();
  });
  afterAll(unplug);

  it('is listed by pkcs15-tool: the user ID as label, both keys, both certificates, the public record', async () => {
    const { stdout } = await bench.must('pkcs15-tool', '--dump');
    expect(stdout).toContain(`PKCS#15 Card [${customer.userId}]`);
    for (const { id, purpose, usage } of keys) {
      const name = `${customer.userId} ${purpose}`;
      expect(stdout).toMatch(
        new RegExp(`Private RSA Key \\[${name}\\][^]*?Usage +: \\[0x\\w+\\], ${usage}\\n[^]*?ID +: ${id}\\n`),
      );
      expect(stdout).toContain(`Public RSA Key [${name}]`);
      expect(stdout).toMatch(new RegExp(`X\\.509 Certificate \\[${customer.userId}\\][^]*?ID +: ${id}\\n`));
    }
    expect(stdout).toMatch(/Data object 'profile'\n[^]*?applicationName: Kilt\n/);
  });

  it('has a record that anybody reads without a PIN, and that names the profile and no secret', async () => {
    const { stdout } = await bench.must('pkcs15-tool', '--read-data-object', 'profile', '--raw');
    expect(JSON.parse(stdout)).toMatchObject({ state: 'registered', userId: customer.userId });
    expect(stdout).not.toContain(chosenPassword);
  });

  it('is listed through PKCS#11', async () => {
    const { stdout } = await bench.pkcs11('--list-objects');
    expect(stdout.match(/Public Key Object; RSA 2048 bits/g)).toHaveLength(2);
    expect(stdout.match(/Certificate Object; type = X\.509 cert/g)).toHaveLength(2);
    expect(stdout).toMatch(/Data object[^]*?label: +'profile'/);
    const login = ['--login', '--pin', chosenPassword];
    const { stdout: own } = await bench.pkcs11(...login, '--list-objects', '--type', 'privkey');
    expect(own.match(/Private Key Object; RSA/g)).toHaveLength(2);
  });

  it.each(keys)('signs with the $purpose key, and OpenSSL accepts it by the certificate', async ({ id }) => {
    await readCertificate(id);
    await bench.must('openssl', 'x509', '-in', 'certificate.pem', '-pubkey', '-noout', '-out', 'public.pem');
    bench.write('message', 'a payment order');
    await bench.must('openssl', ...'dgst -sha256 -binary -out digest message'.split(' '));
    await bench.must(
      'pkcs15-crypt',
      ...'--sign --pkcs1 --sha-256 --signature-format rfc4481 --input digest --output signature'.split(' '),
      ...['--key', id, '--pin', chosenPassword],
    );
    const { stdout } = await bench.must(
      'openssl',
      ...'dgst -sha256 -verify public.pem -signature signature message'.split(' '),
    );
    expect(stdout).toContain('Verified OK');
  });

  it.each(keys)('has a $purpose certificate that leads to the root of the bank', async ({ id }) => {
    await readCertificate(id);
    const [root = '', issuing = ''] = ['root.pem', 'issuing.pem'].map((file) =>
      path.join(folder, 'bank', file),
    );
    const { stdout } = await bench.must(
      'openssl',
      ...['verify', '-x509_strict', '-CAfile', root, '-untrusted', issuing, 'certificate.pem'],
    );
    expect(stdout).toContain('certificate.pem: OK');
    const { code } = await bench.run('openssl', 'verify', '-CAfile', issuing, 'certificate.pem');
    expect(code).not.toBe(0);
  });

  it('loses one try to a wrong PIN in OpenSC; Kilt shows it and the right password still signs in', async () => {
    const wrong = await bench.run('pkcs15-tool', '--verify-pin', '--auth-id', '02', '--pin', 'WrongPin99');
    expect(wrong.code).not.toBe(0);

    await kilt.stop();
    await startKilt();

    expect(token().userPin).toMatchObject({ attemptsLeft: 9, maxAttempts: 10, blocked: false });
    const opened = await kilt.profiles.open(token().id, secretFromText(chosenPassword));
    expect(opened.outcome).toBe('signed-in');
    await eventually(() => token().userPin?.attemptsLeft === 10, { what: 'all tries are back' });
  });

  const readCertificate = (id: string) =>
    bench.must('pkcs15-tool', '--read-certificate', id, '--output', 'certificate.pem');
});

describe('keys and a certificate that OpenSC has made, in the hands of Kilt', () => {
  beforeAll(async () => {
    await plugIn('--profile', 'formatted');
    await kilt.stop();
    const asUser = ['--auth-id', '02', '--pin', factoryPin];
    await bench.must(
      'pkcs15-init',
      ...['--generate-key', 'rsa/2048', '--id', '42', '--label', 'Accountant', ...asUser],
    );
    await bench.must('pkcs15-tool', '--read-public-key', '42', '--output', 'public.pem');
    await bench.must(
      'openssl',
      ...'req -new -newkey rsa:2048 -nodes -keyout ca.key -subj /CN=Accountant/O=Firm -out request.pem'.split(
        ' ',
      ),
    );
    await bench.must(
      'openssl',
      ...'x509 -req -in request.pem -force_pubkey public.pem -signkey ca.key -days 30 -out certificate.pem'.split(
        ' ',
      ),
    );
    await bench.must(
      'pkcs15-init',
      ...['--store-certificate', 'certificate.pem', '--id', '42', '--label', 'Accountant', ...asUser],
    );
    await startKilt();
  });
  afterAll(unplug);

  it('are shown as those of another program, and the certificate can be read', () => {
    expect(token()).toMatchObject({
      state: 'ready',
      kind: 'foreign',
      certificates: [
        { purpose: 'other', subjectName: 'Accountant', subject: 'O=Firm,CN=Accountant', keyOnToken: true },
      ],
    });
    expect(token()).not.toHaveProperty('unfinished');
  });

  it('stay as they are when a profile is made beside them', async () => {
    const customer = await register();
    expect(token()).toMatchObject({ kind: 'registered', profiles: [{ userId: customer.userId }] });
    expect(
      token()
        .certificates.map(({ purpose }) => purpose)
        .sort(),
    ).toEqual(['other', 'sign-in', 'signature']);
    const { stdout } = await bench.must('pkcs15-tool', '--dump');
    expect(stdout.match(/Private RSA Key \[/g)).toHaveLength(3);
    await bench.must('pkcs15-tool', '--read-certificate', '42', '--output', 'kept.pem');
    expect(bench.read('kept.pem').toString().trim()).toBe(bench.read('certificate.pem').toString().trim());
  });
});
