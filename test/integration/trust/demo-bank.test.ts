import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { createTranslator } from '#shared/texts/i18n.ts';
import { certificateToPem } from '#main/pki/x509.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { World, chosenPassword, openBank, type InsertedToken } from '#test/support/world.ts';
import { checkLines } from '../../../src/cli/certificate-lines.ts';
import { opensslIn, type OpensslTool } from '../bank/openssl.ts';

/** Revocation from end to end: what the demo bank says, as openssl understands it, and what Kilt does about it. */
let bank: RunningBank;
let world: World;
let token: InsertedToken;
let userId: string;

beforeAll(async () => {
  bank = await openBank({ revocation: 'required' });
});
afterAll(() => bank.stop());
beforeEach(async () => {
  bank.setFault({ next: 'none', on: 'revocation' });
  world = await World.open({ bank });
  token = await world.insertNewToken();
  const customer = await world.admit();
  userId = customer.userId;
  await world.register(customer);
  expect(world.token().kind).toBe('registered');
});
afterEach(() => world.close());

const signIn = () => world.kilt.profiles.open(world.token().id, secretFromText(chosenPassword));
const refusal = (id: string, data: object = {}) =>
  expect.objectContaining({ id, data: expect.objectContaining(data) as object });

describe('signing in', () => {
  it('works with a certificate in order, and after a suspension was lifted', async () => {
    expect(await signIn()).toMatchObject({ outcome: 'signed-in' });
    bank.revoke(userId, 'sign-in', 'certificateHold');
    await expect(signIn()).rejects.toThrow(refusal('certificate-suspended'));
    bank.reinstate(userId);
    expect(await signIn()).toMatchObject({ outcome: 'signed-in' });
  });

  it('with a revoked certificate says so and since when, and the token is asked nothing', async () => {
    bank.revoke(userId, 'sign-in', 'keyCompromise');
    const before = token.watched.verifies;
    await expect(signIn()).rejects.toThrow(refusal('certificate-revoked', { reason: 'keyCompromise' }));
    expect(token.watched.verifies).toBe(before);
  });

  it('is not done with the answer of yesterday where the bank requires one', async () => {
    bank.setFault({ next: 'stale', on: 'revocation', times: 9 });
    await expect(signIn()).rejects.toThrow(refusal('revocation-unknown'));
  });
});

describe('«Проверить»', () => {
  const fingerprints = async () => {
    const { certificates } = await world.kilt.certificates.list(world.token().id);
    return certificates.map(({ fingerprint, subjectName }) => ({ fingerprint, subjectName }));
  };
  const checks = async () =>
    Promise.all(
      (await fingerprints()).map(({ fingerprint }) =>
        world.kilt.certificates.check(world.token().id, fingerprint),
      ),
    );

  it('says of each certificate on the token what the bank’s CA says now', async () => {
    expect((await checks()).map(({ verdict }) => verdict)).toEqual(['good', 'good']);
    bank.revoke(userId, 'signature', 'keyCompromise');
    bank.revoke(userId, 'sign-in', 'certificateHold');
    const answers = await checks();
    expect(answers.map(({ verdict }) => verdict).toSorted()).toEqual(['revoked', 'suspended']);
    expect(answers).toContainEqual(
      expect.objectContaining({ verdict: 'revoked', reason: 'keyCompromise', bank: 'Демо-банк Kilt' }),
    );
  });

  it('says why it is not known', async () => {
    bank.setFault({ next: 'http-500', on: 'revocation', times: 20 });
    expect(await checks()).toContainEqual(
      expect.objectContaining({ verdict: 'unknown', why: 'unreachable' }),
    );
  });

  it('is told in the user’s words, and asks nobody about a token that is only looked at', async () => {
    const said = [];
    for (const language of ['ru', 'kk', 'en'] as const) {
      const { t } = createTranslator(language);
      for (const check of await checks()) said.push(...checkLines('Имя', check, t));
    }
    expect(said.join('\n')).toMatch(/не отозван[^]*қайтарып алынбаған[^]*not revoked/);
    bank.setFault({ next: 'http-500', on: 'revocation', times: 1 });
    await world.kilt.certificates.list(world.token().id);
    // The fault still stands: nobody has asked.
    const { ocsp } = bank.system.revocation ?? {};
    expect((await fetch(ocsp?.url ?? '', { method: 'POST', body: '' })).status).toBe(500);
  });
});

describe('the demo bank’s answers', () => {
  let folder: string;
  let openssl: OpensslTool;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-revocation-'));
    openssl = opensslIn(folder);
    writeFileSync(path.join(folder, 'root.pem'), bank.system.ca.anchors.join(''));
    writeFileSync(path.join(folder, 'issuing.pem'), bank.system.revocation?.authorities.join('') ?? '');
    for (const { purpose, der } of await certificates()) {
      writeFileSync(path.join(folder, `${purpose}.pem`), certificateToPem(der));
    }
    return () => {
      rmSync(folder, { recursive: true });
    };
  });

  async function certificates() {
    const { certificates } = await world.kilt.tokens.withSession(world.token().id, (session) =>
      session.objects(),
    );
    return certificates.map(({ id, der }) => ({ purpose: id === '01' ? 'signature' : 'sign-in', der }));
  }

  it.each(['sha1', 'sha256'])('by OCSP are understood and believed by openssl ocsp (%s)', async (hash) => {
    bank.revoke(userId, 'sign-in', 'superseded');
    const ask = (name: string) =>
      openssl(
        ...['ocsp', '-url', bank.system.revocation?.ocsp?.url ?? '', '-issuer', 'issuing.pem', `-${hash}`],
        ...['-cert', `${name}.pem`, '-CAfile', 'root.pem', '-VAfile', 'issuing.pem'],
      );
    expect((await ask('signature')).output).toMatch(/Response verify OK[^]*signature.pem: good/);
    const revoked = await ask('sign-in');
    expect(revoked.output).toMatch(/Response verify OK[^]*sign-in.pem: revoked[^]*Reason: superseded/);
    expect(revoked.output).not.toContain('WARNING: no nonce');
  });

  it('in a list are understood and believed by openssl verify', async () => {
    bank.revoke(userId, 'signature', 'keyCompromise');
    const lists = bank.system.revocation?.crls ?? [];
    for (const [number, url] of lists.entries()) {
      const received = await (await fetch(url)).arrayBuffer();
      writeFileSync(path.join(folder, `${number}.crl`), new Uint8Array(received));
      await openssl('crl', '-inform', 'DER', '-in', `${number}.crl`, '-out', `${number}.pem`);
    }
    const verify = (name: string) =>
      openssl(
        ...['verify', '-crl_check_all', '-CRLfile', '0.pem', '-CRLfile', '1.pem', '-CAfile', 'root.pem'],
        ...['-untrusted', 'issuing.pem', `${name}.pem`],
      );
    expect((await verify('sign-in')).output).toContain('sign-in.pem: OK');
    expect((await verify('signature')).output).toContain('certificate revoked');
  });
});

describe('registering', () => {
  it('with an initial key that is revoked stops before anything is changed', async () => {
    const another = await world.admit();
    bank.revoke(another.userId, 'initial-key', 'cessationOfOperation');
    await world.removeToken();
    const second = await world.insertNewToken({ serial: '0BADF00D' });
    await expect(world.begin(another)).rejects.toThrow(refusal('certificate-revoked'));
    expect(second.watched.keyFiles().privateKeys).toBe(0);
  });
});
