import { verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText, type SecretBytes } from '#shared/bytes.ts';
import { registrationSteps } from '#shared/views.ts';
import type { NationalAdmission } from '#test/bank/admission.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { eventually } from '#test/support/eventually.ts';
import {
  admitOwner,
  beginWithNational,
  nationalCard,
  registerWithNational,
  signatureOn,
} from '#test/support/national-customer.ts';
import { World, chosenPassword, openBank, type InsertedToken } from '#test/support/world.ts';

const message = new TextEncoder().encode('a document of another program');

describe('a registration with the NUC signature on the token', () => {
  let authority: string;
  let bank: RunningBank;
  let world: World;
  beforeAll(async () => {
    authority = mkdtempSync(path.join(tmpdir(), 'kilt-authority-'));
    bank = await openBank({
      authentication: 'national-signature',
      national: { authorityFolder: authority, owner: 'any' },
    });
  });
  afterAll(async () => {
    await bank.stop();
    rmSync(authority, { recursive: true });
  });
  beforeEach(async () => {
    world = await World.open({ bank });
  });
  afterEach(() => world.close());

  async function insertNational(order: Parameters<typeof nationalCard>[1] = {}): Promise<InsertedToken> {
    const token = await nationalCard(authority, order);
    await world.insert(token.faults);
    return token;
  }
  const registered = ({ userId }: NationalAdmission) =>
    bank.registrations().filter((registration) => registration.userId === userId);

  /** Signs with the national RSA key as any other program would, with the password that the token has now. */
  async function nationalKeySigns(): Promise<boolean> {
    const known = world.kilt.tokens.tokens()[0];
    const certificate = known?.objects?.certificates.find(({ id }) => id === '02');
    if (!known || !certificate) return false;
    const signature = await world.kilt.tokens.withSession(known.id, async (session) => {
      await session.login('user', secretFromText(chosenPassword));
      return session.signSha256('02', message);
    });
    return verify('sha256', message, new X509Certificate(certificate.der).publicKey, signature);
  }

  it.each(['rsa', 'gost'] as const)('ends with a profile that signs in (%s)', async (algorithm) => {
    const { watched } = await insertNational({ serial: '3A5B7C1D', label: 'SAPAROVA' });
    expect(world.token()).toMatchObject({ kind: 'national', label: 'SAPAROVA', serial: '3A5B7C1D' });
    expect(world.token().national?.map((one) => [one.algorithm, one.fits[bank.system.id]])).toEqual([
      ['rsa', 'fits'],
      ['gost', 'fits'],
    ]);
    const customer = admitOwner(world);
    const before = world.kilt.tokens.tokens()[0]?.objects;

    const { serialNumber } = signatureOn(world, algorithm);
    const ended = await registerWithNational(world, customer, { serialNumber });

    expect(ended.error).toBeUndefined();
    expect(ended.done).toEqual([...registrationSteps]);
    expect(world.token()).toMatchObject({ kind: 'registered', profiles: [{ userId: customer.userId }] });
    expect(world.token().certificates.map(({ purpose }) => purpose)).toEqual([
      'other',
      'other',
      'other',
      'signature',
      'sign-in',
    ]);
    expect(registered(customer)).toHaveLength(1);
    // What the national authority has put there is there, and works.
    const after = world.kilt.tokens.tokens()[0]?.objects;
    expect(after?.keys.slice(0, 3)).toEqual(before?.keys);
    expect(after?.certificates.slice(0, 3)).toEqual(before?.certificates);
    expect(await nationalKeySigns()).toBe(true);
    expect(watched.refusedVerifies).toBe(0);

    const opened = await world.kilt.profiles.open(world.token().id, secretFromText(chosenPassword));
    expect(opened).toMatchObject({ outcome: 'signed-in', home: { userId: customer.userId } });
  });

  it('has to be told which signature, where the token has several that fit', async () => {
    await insertNational();
    await expect(registerWithNational(world, admitOwner(world))).rejects.toMatchObject({
      id: 'input-invalid',
      data: { field: 'certificate' },
    });
    expect(world.token().kind).toBe('national');
  });

  it('stops at a wrong PIN of the OTP card, and goes on with the right one', async () => {
    const { watched } = await insertNational();
    const customer = admitOwner(world);
    const { serialNumber } = signatureOn(world);
    const wrong = secretFromText('AAAAAAAAAA1');
    const stopped = await registerWithNational(world, customer, { serialNumber, pin: wrong });
    expect(stopped).toMatchObject({
      state: 'interrupted',
      error: { id: 'national-registration-refused', data: { reason: 'registration pin wrong' } },
      needs: { registrationData: true, pinOnToken: 'new' },
    });
    expect(world.token().kind).toBe('unfinished');

    const ended = await goOn(customer, serialNumber);
    expect(ended.state).toBe('finished');
    expect(registered(customer)).toHaveLength(1);
    expect(watched.keyFiles()).toEqual({ privateKeys: 5, publicKeys: 5, empty: 0 });
  });

  it('is refused when the signature is somebody else’s, and does not tell whose ID it is', async () => {
    await insertNational();
    const customer = admitOwner(world, { iin: '990101300123' });
    const { serialNumber } = signatureOn(world, 'gost');
    const stopped = await registerWithNational(world, customer, { serialNumber });
    expect(stopped.error).toMatchObject({ id: 'national-registration-refused' });
    const unknown = { ...customer, userId: 'zz000000_nobody' };
    const { journalId } = stopped;
    await world.kilt.resume({
      registrationId: journalId,
      tokenId: world.token().id,
      data: {
        userId: unknown.userId,
        registrationPin: copy(customer.pin),
        nationalSerialNumber: serialNumber,
      },
    });
    expect((await world.kilt.runner.ended(journalId)).error).toEqual(stopped.error);
    expect(registered(customer)).toHaveLength(0);
  });

  it('does not begin with a certificate that has ended: nothing is sent, nothing on the token changes', async () => {
    const { watched } = await insertNational({ expiresInDays: -3 });
    const customer = admitOwner(world);
    const { serialNumber } = signatureOn(world);
    expect(signatureOn(world).fits).toEqual({ [bank.system.id]: 'expired' });
    const files = watched.keyFiles();
    await expect(registerWithNational(world, customer, { serialNumber })).rejects.toMatchObject({
      id: 'national-signature-unusable',
      data: { likelyCause: 'expired' },
    });
    expect(world.token().kind).toBe('national');
    expect(watched.keyFiles()).toEqual(files);
  });

  it('does not begin on a token without a NUC signature', async () => {
    await world.insertNewToken();
    expect(world.token()).not.toHaveProperty('national');
    await expect(registerWithNational(world, admitOwner(world))).rejects.toMatchObject({
      id: 'national-signature-missing',
    });
    expect(world.token().kind).toBe('empty');
  });

  it('waits for the bank, and needs neither the PIN of the OTP card nor a file after the token was pulled', async () => {
    const token = await insertNational();
    const customer = admitOwner(world, { hold: true });
    const { serialNumber } = signatureOn(world, 'gost');
    const { journalId } = await beginWithNational(world, customer, { serialNumber });
    await eventually(() => world.kilt.runner.list()[0]?.waitingUntil !== undefined, {
      what: 'the bank has taken the request',
    });
    token.faults.remove();
    await world.kilt.runner.ended(journalId);
    await eventually(() => world.kilt.tokensView().tokens.length === 0, { what: 'the token is out' });
    bank.approve(customer.userId);

    token.faults.insert();
    await eventually(() => world.kilt.tokensView().tokens.some(({ state }) => state === 'ready'), {
      what: 'the token is back',
    });
    const opened = await world.kilt.profiles.open(world.token().id, secretFromText(chosenPassword));
    expect(opened).toMatchObject({
      outcome: 'continue-registration',
      registration: { needs: { registrationData: false, pinOnToken: 'new' } },
    });
    await world.kilt.resume({ registrationId: journalId, tokenId: world.token().id });
    expect((await world.kilt.runner.ended(journalId)).state).toBe('finished');
    expect(registered(customer)).toHaveLength(1);
    expect(token.watched.keyFiles()).toEqual({ privateKeys: 5, publicKeys: 5, empty: 0 });
    expect(token.watched.refusedVerifies).toBe(0);
  });

  it('goes on at another computer with the PIN of the OTP card alone', async () => {
    const token = await nationalCard(authority);
    const first = await World.open({
      bank,
      kilt: {
        onJournalLine: ({ step, phase }) => {
          if (step === 'sign-in-key-made' && phase === 'done') token.faults.remove();
        },
      },
    });
    await first.insert(token.faults);
    const customer = admitOwner(first);
    const { serialNumber } = signatureOn(first);
    expect((await registerWithNational(first, customer, { serialNumber })).state).toBe('interrupted');
    await first.close();

    token.faults.insert();
    await world.insert(token.faults);
    expect(world.token()).toMatchObject({ kind: 'unfinished', unfinished: { userId: customer.userId } });
    const ended = await goOn(customer, serialNumber);
    expect(ended).toMatchObject({ state: 'finished' });
    expect(ended.error).toBeUndefined();
    expect(registered(customer)).toHaveLength(1);
    expect(token.watched.keyFiles()).toEqual({ privateKeys: 5, publicKeys: 5, empty: 0 });
  });

  /** Types what an unfinished registration needs: the token's password, and the ПИН once more. No file. */
  async function goOn(customer: NationalAdmission, nationalSerialNumber: string) {
    const token = world.token();
    const opened = await world.kilt.profiles.open(token.id, secretFromText(chosenPassword));
    if (opened.outcome !== 'continue-registration') throw new Error(opened.outcome);
    const { journalId } = opened.registration;
    await world.kilt.resume({
      registrationId: journalId,
      tokenId: token.id,
      data: { registrationPin: copy(customer.pin), nationalSerialNumber },
    });
    return world.kilt.runner.ended(journalId);
  }
});

const copy = (secret: SecretBytes): SecretBytes => Uint8Array.from(secret) as SecretBytes;
