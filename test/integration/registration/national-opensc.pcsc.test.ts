import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { Kilt } from '#main/kilt.ts';
import { PcscAccess } from '#main/token/pcsc-access.ts';
import { startBank, type RunningBank } from '#test/bank/start-bank.ts';
import { OpenscBench } from '#test/integration/virtual-token/opensc-bench.ts';
import { eventually } from '#test/support/eventually.ts';
import { chosenPassword, factoryPin } from '#test/support/world.ts';
import { nationalOwnerIin } from '#test/virtual-token/national/national-profile.ts';

/** The national RSA key for documents, as the service centre has numbered it. */
const nationalKey = '02';

describe('a token registered with its NUC signature, in the hands of OpenSC', () => {
  let folder: string;
  let bank: RunningBank;
  let bench: OpenscBench;
  let kilt: Kilt;
  let userId: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-national-opensc-'));
    const authorityFolder = path.join(folder, 'authority');
    bank = await startBank({
      dataDir: path.join(folder, 'bank'),
      authentication: 'national-signature',
      national: { authorityFolder, owner: 'any' },
    });
    const national = ['--profile', 'national', '--authority-data', authorityFolder];
    bench = await OpenscBench.start([...national, '--atr', 'rutoken']);
    kilt = new Kilt({
      dataFolder: path.join(folder, 'Kilt'),
      access: new PcscAccess(),
      bankFile: bank.bankFile,
    });
    await kilt.start();
    await eventually(() => kilt.tokensView().tokens.some(({ state }) => state === 'ready'), {
      what: 'a token that is read',
    });
    const [token] = kilt.tokens.tokens();
    const gost = kilt.tokensView().tokens[0]?.national?.find(({ algorithm }) => algorithm === 'gost');
    if (!token || !gost) throw new Error('no NUC signature is on the token');
    const customer = bank.admitNational({ iin: nationalOwnerIin });
    userId = customer.userId;
    await kilt.profiles.open(token.id, secretFromText(factoryPin));
    const draft = await kilt.drafts.check(bank.system, {
      userId,
      registrationPin: customer.pin,
      national: { token, serialNumber: gost.serialNumber },
    });
    const { journalId } = kilt.register({
      draftId: draft.id,
      tokenId: token.id,
      label: '',
      newPin: secretFromText(chosenPassword),
    });
    expect(await kilt.runner.ended(journalId)).toMatchObject({ state: 'finished' });
  });
  afterAll(async () => {
    await kilt.stop();
    await bench.stop();
    await bank.stop();
    rmSync(folder, { recursive: true });
  });

  it('holds the national keys beside those of the profile', async () => {
    const { stdout } = await bench.must('pkcs15-tool', '--dump');
    expect(stdout).toContain(`PKCS#15 Card [${userId}]`);
    for (const label of ['AUTH_RSA256', 'RSA256', `${userId} signature`, `${userId} sign-in`])
      expect(stdout).toContain(`Private RSA Key [${label}]`);
    expect(stdout).toContain('Private GOSTR3410 Key [GOSTKNCA]');
    expect(stdout.match(/^X\.509 Certificate/gm)).toHaveLength(5);
  });

  it('signs with the national key what the national certificate verifies, under the new password', async () => {
    const { stdout } = await bench.must('pkcs15-tool', '--read-certificate', nationalKey);
    bench.write('national.pem', stdout);
    bench.write('digest', createHash('sha256').update('a tax return').digest());
    const raw = ['--raw', '--sign', '--pkcs1', '--sha-256', '--pin', chosenPassword];
    const files = ['--input', 'digest', '--output', 'signature'];
    await bench.must('pkcs15-crypt', ...raw, '--key', nationalKey, ...files);
    const certificate = ['-certin', '-inkey', 'national.pem'];
    const signed = ['-in', 'digest', '-sigfile', 'signature', '-pkeyopt', 'digest:sha256'];
    const { output } = await bench.must('openssl', 'pkeyutl', '-verify', ...certificate, ...signed);
    expect(output).toContain('Signature Verified Successfully');
  });
});
