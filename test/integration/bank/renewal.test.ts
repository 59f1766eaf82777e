import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createJws } from '#main/pki/jws.ts';
import type { CertifiedSigner, Signer } from '#main/pki/signer.ts';
import { asSecret, toHex } from '#shared/bytes.ts';
import { startBank, type RunningBank } from '#test/bank/start-bank.ts';
import { softwareKey, SoftwareCustomer } from './software-customer.ts';

interface Keys {
  readonly signatureKey: CertifiedSigner;
  readonly signInKey: CertifiedSigner;
}

type ApiAnswer = Record<string, unknown> & { readonly status: number };

/** The bank's side of a regeneration: status, new keys beside the old, the first sign-in that ends the old ones. */
describe('new keys at the demo bank', () => {
  let folder: string;
  let bank: RunningBank;
  let now: Date | undefined;
  const customers: SoftwareCustomer[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bank-renewal-'));
    bank = await startBank({ dataDir: folder, checkAfterSeconds: 1, now: () => now ?? new Date() });
  });
  afterEach(() => {
    now = undefined;
  });
  afterAll(async () => {
    for (const customer of customers) await customer.close();
    await bank.stop();
    rmSync(folder, { recursive: true });
  });

  async function registered(): Promise<{ customer: SoftwareCustomer; keys: Keys }> {
    const customer = new SoftwareCustomer(bank, await bank.admit());
    customers.push(customer);
    const keys = await customer.enrolBoth();
    await customer.api.register(
      await customer.api.signRegistration({
        registrationId: `of-${customer.userId}`,
        userId: customer.userId,
        ...keys,
      }),
    );
    return { customer, keys };
  }

  const update = (
    customer: SoftwareCustomer,
    old: CertifiedSigner,
    keyPair: Signer,
    transactionId: Uint8Array,
  ) =>
    customer.cmp.requestCertificate({
      kind: 'kur',
      subject: `UID=${customer.userId},C=KZ`,
      keyPair,
      protection: { type: 'signature', signer: old },
      transactionId,
    });

  /** New keys, certified on the basis of the old signature key and confirmed. */
  async function renewedKeys(customer: SoftwareCustomer, old: CertifiedSigner): Promise<Keys> {
    const keyPair = softwareKey();
    const outcome = await update(customer, old, keyPair, randomBytes(16));
    if (outcome.status !== 'issued') throw new Error('the request waits');
    await customer.cmp.confirm(outcome.state, { type: 'signature', signer: old });
    const signatureKey = { ...keyPair, certificate: outcome.certificate, chain: outcome.chain };
    return { signatureKey, signInKey: await customer.enrol(softwareKey(), signatureKey) };
  }

  async function post(path: string, contentType: string, body: string): Promise<ApiAnswer> {
    const answer = await fetch(`${bank.urls.api}/${path}`, {
      method: 'POST',
      dispatcher: new Agent({ connect: { ca: bank.system.api.tlsAnchors } }),
      headers: { 'content-type': contentType },
      body,
    });
    return { status: answer.status, ...((await answer.json()) as object) };
  }
  const statusOf = (transactionId: Uint8Array) =>
    post('renewals/status', 'application/json', JSON.stringify({ transactionId: toHex(transactionId) }));

  const claimsFor = (userId: string, { signatureKey, signInKey }: Keys, jti = `renewal-${userId}`) => ({
    type: 'kilt-renewal',
    aud: bank.system.api.origin,
    userId,
    jti,
    iat: Math.floor((now?.getTime() ?? Date.now()) / 1000),
    signatureCertificate: Buffer.from(signatureKey.certificate).toString('base64'),
    signInCertificate: Buffer.from(signInKey.certificate).toString('base64'),
  });
  async function renew(claims: object, keys: Keys, old?: CertifiedSigner, oldClaims: object = claims) {
    const signInProof = await createJws(claims, keys.signInKey);
    const oldSignatureProof = old && (await createJws(oldClaims, old));
    const whole = { ...claims, signInProof, ...(oldSignatureProof ? { oldSignatureProof } : {}) };
    return post('renewals', 'application/jose', await createJws(whole, keys.signatureKey));
  }
  const states = (userId: string) => bank.keySets(userId).map(({ state }) => state);

  it('stand beside the old ones, which sign in until the new ones have', async () => {
    const { customer, keys } = await registered();
    const renewed = await renewedKeys(customer, keys.signatureKey);
    await expect(customer.signIn(renewed.signInKey)).rejects.toMatchObject({
      data: { reason: 'certificate-unknown' },
    });
    const claims = claimsFor(customer.userId, renewed);
    expect(await renew(claims, renewed, keys.signatureKey)).toMatchObject({ status: 201 });
    expect(await renew(claims, renewed, keys.signatureKey)).toMatchObject({ status: 200 });
    expect(bank.renewals().filter(({ userId }) => userId === customer.userId)).toHaveLength(1);

    await customer.signIn(keys.signInKey);
    expect(states(customer.userId)).toEqual(['in-use', 'new']);
    await customer.signIn(renewed.signInKey);
    expect(states(customer.userId)).toEqual(['replaced', 'in-use']);
    await expect(customer.signIn(keys.signInKey)).rejects.toMatchObject({
      data: { reason: 'certificate-replaced' },
    });
    await customer.signIn(renewed.signInKey);
  });

  it('are still in use, and the old ones still ended, after the bank was started again', async () => {
    const data = mkdtempSync(join(tmpdir(), 'bank-renewal-again-'));
    const [main, other] = [bank, await startBank({ dataDir: data })];
    try {
      bank = other;
      const { customer, keys } = await registered();
      const renewed = await renewedKeys(customer, keys.signatureKey);
      await renew(claimsFor(customer.userId, renewed), renewed);
      await customer.signIn(renewed.signInKey);
      await bank.stop();
      bank = await startBank({ dataDir: data });
      expect(states(customer.userId)).toEqual(['replaced', 'in-use']);
      await expect(customer.signIn(keys.signInKey)).rejects.toMatchObject({
        data: { reason: 'certificate-replaced' },
      });
    } finally {
      await bank.stop();
      bank = main;
      rmSync(data, { recursive: true });
    }
  });

  it('are told to wait, when to expect the decision, and what it was', async () => {
    const { customer, keys } = await registered();
    const expected = new Date(Date.now() + 3_600_000);
    bank.hold(customer.userId, expected);
    const transactionId = randomBytes(16);
    const waiting = await update(customer, keys.signatureKey, softwareKey(), transactionId);
    expect(waiting.status).toBe('waiting');
    expect(await statusOf(transactionId)).toEqual({
      status: 200,
      state: 'accepted',
      expectedAt: expected.toISOString(),
    });
    bank.refuse(customer.userId, 'договор закрыт');
    expect(await statusOf(transactionId)).toEqual({
      status: 200,
      state: 'refused',
      reason: 'договор закрыт',
    });
    bank.approve(customer.userId);
    expect(await statusOf(transactionId)).toEqual({ status: 200, state: 'issued' });
  });

  it('are asked for anew when the bank has forgotten the request', async () => {
    const { customer, keys } = await registered();
    bank.hold(customer.userId);
    const [keyPair, transactionId] = [softwareKey(), randomBytes(16)];
    const waiting = await update(customer, keys.signatureKey, keyPair, transactionId);
    if (waiting.status !== 'waiting') throw new Error('the request does not wait');
    bank.forget(customer.userId);
    expect(await statusOf(transactionId)).toEqual({ status: 200, state: 'unknown' });
    const protection = { type: 'signature', signer: keys.signatureKey } as const;
    await expect(customer.cmp.poll(waiting.state, protection)).rejects.toMatchObject({
      data: { reason: 'transaction is not known' },
    });
    bank.approve(customer.userId);
    expect((await update(customer, keys.signatureKey, keyPair, transactionId)).status).toBe('issued');
    await customer.signIn(keys.signInKey);
  });

  it('a request that nobody made is unknown, and no transaction is no question', async () => {
    expect(await statusOf(randomBytes(16))).toEqual({ status: 200, state: 'unknown' });
    expect(await post('renewals/status', 'application/json', '{"transactionId":"no"}')).toMatchObject({
      status: 400,
      error: 'request-invalid',
    });
  });

  it('are demanded at every sign-in until they have come, or the demand is withdrawn', async () => {
    const { customer, keys } = await registered();
    const news = async (key: CertifiedSigner) => {
      const { challengeId, message } = await customer.api.challenge(customer.userId);
      const answer = await post(
        'login/sessions',
        'application/json',
        JSON.stringify({
          challengeId,
          certificate: Buffer.from(key.certificate).toString('base64'),
          signature: Buffer.from(await key.sign(message)).toString('base64'),
        }),
      );
      return answer['renewal'];
    };
    expect(await news(keys.signInKey)).toBeUndefined();
    bank.demandRenewal(customer.userId, 'сменился руководитель');
    const demand = { demanded: true, reason: 'сменился руководитель' };
    expect(await news(keys.signInKey)).toEqual(demand);
    bank.withdrawRenewalDemand(customer.userId);
    expect(await news(keys.signInKey)).toBeUndefined();

    bank.demandRenewal(customer.userId, 'сменился руководитель');
    const renewed = await renewedKeys(customer, keys.signatureKey);
    expect(await news(keys.signInKey)).toEqual(demand);
    await renew(claimsFor(customer.userId, renewed), renewed);
    expect(await news(keys.signInKey)).toBeUndefined();
  });

  it('are had with ID and a new ПИН after the certificates have ended, never with the old ПИН', async () => {
    const { customer, keys } = await registered();
    const byPin = (secret: Uint8Array, keyPair: Signer) =>
      customer.cmp.requestCertificate({
        kind: 'ir',
        subject: `UID=${customer.userId},C=KZ`,
        keyPair,
        protection: { type: 'mac', reference: customer.userId, secret: asSecret(new Uint8Array(secret)) },
        transactionId: randomBytes(16),
      });
    await expect(byPin(customer.pin, softwareKey())).rejects.toMatchObject({
      data: { reason: 'registration is finished with another key' },
    });
    bank.revoke(customer.userId, 'signature');
    await expect(update(customer, keys.signatureKey, softwareKey(), randomBytes(16))).rejects.toMatchObject({
      data: { reason: 'certificate of the signer is revoked' },
    });

    const pinFile = join(folder, `pin-of-${customer.userId}`);
    bank.renewPin(customer.userId, pinFile);
    const [keyPair, pin] = [softwareKey(), readFileSync(pinFile)];
    const outcome = await byPin(pin, keyPair);
    if (outcome.status !== 'issued') throw new Error('the request waits');
    await customer.cmp.confirm(outcome.state, {
      type: 'mac',
      reference: customer.userId,
      secret: asSecret(new Uint8Array(pin)),
    });
    const signatureKey = { ...keyPair, certificate: outcome.certificate, chain: outcome.chain };
    const renewed = { signatureKey, signInKey: await customer.enrol(softwareKey(), signatureKey) };
    expect(await renew(claimsFor(customer.userId, renewed), renewed)).toMatchObject({ status: 201 });
    await customer.signIn(renewed.signInKey);
  });

  describe('are refused', () => {
    let customer: SoftwareCustomer;
    let keys: Keys;
    let renewed: Keys;
    let other: Awaited<ReturnType<typeof registered>>;
    beforeAll(async () => {
      [{ customer, keys }, other] = [await registered(), await registered()];
      renewed = await renewedKeys(customer, keys.signatureKey);
    });

    it.each([
      ['for another bank', { aud: 'https://evil.example' }, 403, 'wrong-audience'],
      ['with an old request', { iat: Math.floor(Date.now() / 1000) - 700 }, 403, 'request-stale'],
      ['for another user', { userId: 'somebody' }, 403, 'user-mismatch'],
      ['without a jti', { jti: undefined }, 400, 'request-invalid'],
      ['as a registration', { type: 'kilt-registration' }, 400, 'request-invalid'],
    ] as const)('%s', async (_what, change, status, error) => {
      const claims = { ...claimsFor(customer.userId, renewed), ...change };
      expect(await renew(claims, renewed)).toMatchObject({ status, error });
    });

    it('with a proof of the old key over something else', async () => {
      const claims = claimsFor(customer.userId, renewed);
      expect(await renew(claims, renewed, keys.signatureKey, { ...claims, jti: 'other' })).toMatchObject({
        error: 'request-invalid',
      });
    });

    it('with a proof of a key that is not registered', async () => {
      const claims = claimsFor(customer.userId, renewed);
      expect(await renew(claims, renewed, other.keys.signatureKey)).toMatchObject({
        status: 403,
        error: 'certificate-unknown',
      });
    });

    it('when they are the registered ones', async () => {
      expect(await renew(claimsFor(customer.userId, keys), keys)).toMatchObject({
        status: 409,
        error: 'already-registered',
      });
    });

    it('for a customer who has registered nothing', async () => {
      const fresh = new SoftwareCustomer(bank, await bank.admit());
      customers.push(fresh);
      const first = await fresh.enrolBoth();
      expect(await renew(claimsFor(fresh.userId, first), first)).toMatchObject({
        status: 404,
        error: 'user-unknown',
      });
    });

    it('a second time under the same jti with other certificates', async () => {
      const jti = 'the-same-jti';
      expect((await renew(claimsFor(customer.userId, renewed, jti), renewed)).status).toBe(201);
      const third = await renewedKeys(customer, renewed.signatureKey);
      expect(await renew(claimsFor(customer.userId, third, jti), third)).toMatchObject({
        status: 409,
        error: 'already-renewed',
      });
    });
  });
});
