import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningBank } from '#test/bank/start-bank.ts';
import {
  admitOwner,
  nationalCard,
  registerWithNational,
  signatureOn,
} from '#test/support/national-customer.ts';
import { World, openBank } from '#test/support/world.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';

/** What the demo national authority says of a NUC signature decides whether it authenticates, in RSA and in GOST. */
describe('a NUC signature that the national authority has revoked', () => {
  let authority: string;
  let bank: RunningBank;
  let world: World;
  let card: WatchedCard;
  beforeAll(async () => {
    authority = mkdtempSync(path.join(tmpdir(), 'kilt-authority-'));
    bank = await openBank({
      authentication: 'national-signature',
      national: { authorityFolder: authority, owner: 'any' },
      revocation: 'required',
    });
  });
  afterAll(async () => {
    await bank.stop();
    rmSync(authority, { recursive: true });
  });
  beforeEach(async () => {
    world = await World.open({ bank });
    const { watched, faults } = await nationalCard(authority);
    await world.insert(faults);
    card = watched;
  });
  afterEach(() => world.close());

  const register = (serialNumber: string) => registerWithNational(world, admitOwner(world), { serialNumber });

  it.each(['rsa', 'gost'] as const)(
    'begins no registration (%s), and the token is as it was; the other one on it still does',
    async (algorithm) => {
      const { serialNumber } = signatureOn(world, algorithm);
      const keys = card.keyFiles();
      bank.revokeNational(serialNumber, 'keyCompromise');
      await expect(register(serialNumber)).rejects.toMatchObject({
        id: 'national-signature-unusable',
        data: { likelyCause: 'revoked' },
      });
      expect(world.token().kind).toBe('national');
      expect(card.keyFiles()).toEqual(keys);
      const other = signatureOn(world, algorithm === 'rsa' ? 'gost' : 'rsa');
      expect(await register(other.serialNumber)).toMatchObject({ state: 'finished' });
    },
  );

  it.each(['rsa', 'gost'] as const)(
    'authenticates again once its suspension is lifted (%s)',
    async (algorithm) => {
      const { serialNumber } = signatureOn(world, algorithm);
      bank.revokeNational(serialNumber, 'certificateHold');
      await expect(register(serialNumber)).rejects.toMatchObject({ data: { likelyCause: 'suspended' } });
      bank.reinstateNational(serialNumber);
      expect(await register(serialNumber)).toMatchObject({ state: 'finished' });
      expect(card.refusedVerifies).toBe(0);
    },
  );

  it('is told by lists and answers that OpenSSL takes', async () => {
    const { serialNumber } = signatureOn(world, 'rsa');
    const certificate = world.kilt.tokens
      .tokens()[0]
      ?.objects?.certificates.find(({ der }) => Buffer.from(der).toString('hex').includes(serialNumber));
    const file = path.join(world.folder, 'citizen.der');
    writeFileSync(file, certificate?.der ?? '');
    bank.revokeNational(serialNumber, 'superseded');
    const pem = (place: string) => path.join(authority, `rsa-${place}.pem`);
    const openssl = async (...args: string[]) => (await promisify(execFile)('openssl', args)).stdout;

    const list = path.join(world.folder, 'list.der');
    const answer = await fetch(`${bank.urls.http}/national/rsa.crl`);
    writeFileSync(list, new Uint8Array(await answer.arrayBuffer()));
    const text = await openssl(
      'crl',
      '-inform',
      'DER',
      '-in',
      list,
      '-CAfile',
      pem('issuing'),
      '-text',
      '-noout',
    );
    expect(text.toLowerCase()).toContain(serialNumber);
    expect(text).toContain('Superseded');

    await openssl('x509', '-inform', 'DER', '-in', file, '-out', `${file}.pem`);
    const said = await openssl(
      ...['ocsp', '-issuer', pem('issuing'), '-cert', `${file}.pem`],
      ...['-url', `${bank.urls.http}/national/ocsp`, '-CAfile', pem('root'), '-VAfile', pem('issuing')],
    );
    expect(said).toContain('revoked');
  });
});
