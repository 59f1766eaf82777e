import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bankSystem } from '#main/enrolment/bank-system.ts';
import { createJws } from '#main/pki/jws.ts';
import { secretFromText } from '#shared/bytes.ts';
import type { AdmissionOrder } from '#test/bank/admission.ts';
import type { FaultKind } from '#test/bank/faults.ts';
import { startBank, type RunningBank } from '#test/bank/start-bank.ts';
import { softwareKey, SoftwareCustomer } from './software-customer.ts';

/** Kilt's own clients at the demo bank, with keys in memory instead of a token. */
describe('Kilt’s clients at the demo bank', () => {
  let folder: string;
  let bank: RunningBank;
  let now: Date | undefined;
  const customers: SoftwareCustomer[] = [];
  const tls = () => new Agent({ connect: { ca: bank.system.api.tlsAnchors } });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bank-kilt-'));
    bank = await startBank({ dataDir: folder, checkAfterSeconds: 1, now: () => now ?? new Date() });
  });
  afterEach(() => {
    now = undefined;
    bank.setFault({ next: 'none', on: 'cmp' });
    bank.setFault({ next: 'none', on: 'api' });
  });
  afterAll(async () => {
    for (const customer of customers) await customer.close();
    await bank.stop();
    rmSync(folder, { recursive: true });
  });

  async function admit(order: AdmissionOrder = {}): Promise<SoftwareCustomer> {
    const customer = new SoftwareCustomer(bank, await bank.admit(order));
    customers.push(customer);
    return customer;
  }
  const wrongPin = () => secretFromText('WRONGWRONG1');

  it('finds a bank file of the agreed form', () => {
    expect(bankSystem.parse(bank.system)).toEqual(bank.system);
  });

  it('registers and signs in, and the page greets the customer in her language', async () => {
    const customer = await admit({ name: 'Айгерим Сапарова' });
    const { signatureKey, signInKey } = await customer.enrolBoth();
    const jws = await customer.api.signRegistration({
      registrationId: 'journal-1',
      userId: customer.userId,
      signatureKey,
      signInKey,
    });
    const answer = await customer.api.register(jws);
    expect(answer.customerName).toBe('Айгерим Сапарова');
    expect(await customer.api.register(jws)).toEqual(answer);
    expect(bank.registrations()).toMatchObject([{ userId: customer.userId, jti: 'journal-1' }]);

    const { pageUrl } = await customer.signIn(signInKey);
    const headers = { 'accept-language': 'kk-KZ' };
    const page = await fetch(pageUrl, { dispatcher: tls(), headers });
    const html = await page.text();
    expect(html).toContain('Сіз Интернет-Банкингке кірдіңіз');
    expect(html).toContain('Айгерим Сапарова');

    now = new Date(Date.now() + 31 * 60_000);
    expect((await fetch(pageUrl, { dispatcher: tls() })).status).toBe(404);
  });

  it('counts a wrong ПИН beside the initial key, and locks after five', async () => {
    const customer = await admit();
    for (let attempt = 1; attempt <= 4; attempt++) {
      await expect(customer.requestFirst(softwareKey(), { pin: wrongPin() })).rejects.toMatchObject({
        id: 'registration-data-refused',
      });
    }
    const fifth = customer.requestFirst(softwareKey(), { pin: wrongPin() });
    await expect(fifth).rejects.toMatchObject({ id: 'registration-pin-locked' });
    await expect(customer.requestFirst(softwareKey())).rejects.toMatchObject({
      id: 'registration-pin-locked',
    });
  });

  it('counts a wrong ПИН that is sent again in the same transaction once', async () => {
    const customer = await admit();
    const keyPair = softwareKey();
    const transactionId = randomBytes(16);
    for (let repetition = 1; repetition <= 6; repetition++) {
      await expect(customer.requestFirst(keyPair, { pin: wrongPin(), transactionId })).rejects.toMatchObject({
        id: 'registration-data-refused',
      });
    }
    const row = bank.customers().find(({ userId }) => userId === customer.userId);
    expect(row).toMatchObject({ wrongPins: 1, locked: false });
  });

  it('refuses the key file of another customer, and nobody’s ПИН has been tried', async () => {
    const [customer, other] = [await admit(), await admit()];
    const request = customer.requestFirst(softwareKey(), { initialKey: other.initialKey });
    await expect(request).rejects.toMatchObject({
      id: 'registration-data-refused',
      data: { reason: 'user ID is not that of the sender' },
    });
    expect(
      bank.customers().every(({ userId, wrongPins }) => userId !== other.userId || wrongPins === 0),
    ).toBe(true);
  });

  it('is told by a signature of the bank that ID or ПИН is wrong where these alone protect', async () => {
    const customer = await admit();
    const request = customer.cmp.requestCertificate({
      kind: 'ir',
      subject: 'C=KZ',
      keyPair: softwareKey(),
      protection: { type: 'mac', reference: customer.userId, secret: wrongPin() },
      transactionId: randomBytes(16),
    });
    await expect(request).rejects.toMatchObject({
      id: 'registration-data-refused',
      data: { reason: 'registration pin wrong' },
    });
  });

  it('gets no certificate for a key it does not hold', async () => {
    const customer = await admit();
    const stolen = { ...softwareKey(), publicKeyInfo: softwareKey().publicKeyInfo };
    await expect(customer.requestFirst(stolen)).rejects.toMatchObject({
      id: 'ca-refused',
      data: { reason: 'proof of possession is wrong', failure: 'badPOP' },
    });
  });

  it('gets no first certificate with a certificate that is no initial key, and no second with an initial key', async () => {
    const customer = await admit();
    const signatureKey = await customer.enrol(softwareKey());
    await expect(customer.requestFirst(softwareKey(), { initialKey: signatureKey })).rejects.toMatchObject({
      data: { reason: 'a first certificate needs the initial key, a NUC signature or the registration pin' },
    });
    await expect(customer.enrol(softwareKey(), customer.initialKey)).rejects.toMatchObject({
      data: { reason: 'a further certificate needs the confirmed signature certificate' },
    });
  });

  it('a ПИН is in no file of the bank, and what is secret there only the owner can read', async () => {
    const admission = await bank.admit({ pfxPassword: 'separate' });
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const content = readFileSync(path);
      expect(content.includes(Buffer.from(admission.pin))).toBe(false);
      expect(content.includes(Buffer.from(admission.keyFilePassword))).toBe(false);
      if (content.includes('PRIVATE KEY') || name === 'control.json' || name === 'records.jsonl') {
        expect(statSync(path).mode & 0o777).toBe(0o600);
      }
    }
  });

  const badCmpAnswers: readonly [FaultKind, string][] = [
    ['certificate-for-another-key', 'ca-certificate-wrong'],
    ['foreign-chain', 'ca-certificate-wrong'],
    ['broken-protection', 'ca-answer-invalid'],
    ['foreign-nonce', 'ca-answer-invalid'],
    ['rubbish', 'ca-answer-invalid'],
    ['http-500', 'server-failed'],
  ];
  it.each(badCmpAnswers)('after the fault %s (%s) the same request succeeds', async (fault, id) => {
    const customer = await admit();
    const keyPair = softwareKey();
    const transactionId = randomBytes(16);
    bank.setFault({ next: fault });
    await expect(customer.requestFirst(keyPair, { transactionId })).rejects.toMatchObject({ id });
    const outcome = await customer.requestFirst(keyPair, { transactionId });
    expect(outcome.status).toBe('issued');
    await customer.cmp.confirm(outcome.state, { type: 'signature', signer: customer.initialKey });
    const row = bank.customers().find(({ userId }) => userId === customer.userId);
    expect(row?.certificates).toEqual([{ purpose: 'signature', status: 'confirmed' }]);
  });

  it('a torn connection is got over without the customer noticing', async () => {
    const customer = await admit();
    bank.setFault({ next: 'drop-connection' });
    await expect(customer.enrol(softwareKey())).resolves.toBeDefined();
  });

  describe('registration at the bank', () => {
    const claimsFor = (
      customer: SoftwareCustomer,
      keys: Awaited<ReturnType<SoftwareCustomer['enrolBoth']>>,
    ) => ({
      type: 'kilt-registration',
      aud: bank.system.api.origin,
      userId: customer.userId,
      jti: `journal-of-${customer.userId}`,
      iat: Math.floor(Date.now() / 1000),
      signatureCertificate: Buffer.from(keys.signatureKey.certificate).toString('base64'),
      signInCertificate: Buffer.from(keys.signInKey.certificate).toString('base64'),
    });
    let customer: SoftwareCustomer;
    let other: SoftwareCustomer;
    let keys: Awaited<ReturnType<SoftwareCustomer['enrolBoth']>>;
    let otherKeys: typeof keys;
    beforeAll(async () => {
      [customer, other] = [await admit(), await admit()];
      [keys, otherKeys] = [await customer.enrolBoth(), await other.enrolBoth()];
    });
    async function post(claims: object, proofClaims = claims, signers = keys) {
      const signInProof = await createJws(proofClaims, signers.signInKey);
      const body = await createJws({ ...claims, signInProof }, signers.signatureKey);
      const headers = { 'content-type': 'application/jose' };
      const url = `${bank.urls.api}/registrations`;
      const answer = await fetch(url, { method: 'POST', dispatcher: tls(), headers, body });
      return { status: answer.status, ...((await answer.json()) as object) };
    }

    it.each([
      ['another audience', { aud: 'https://evil.example' }, 403, 'wrong-audience'],
      ['an old request', { iat: Math.floor(Date.now() / 1000) - 700 }, 403, 'request-stale'],
      ['a request from the future', { iat: Math.floor(Date.now() / 1000) + 700 }, 403, 'request-stale'],
      ['another user ID', { userId: 'somebody' }, 403, 'user-mismatch'],
      ['a missing jti', { jti: undefined }, 400, 'request-invalid'],
    ] as const)('refuses %s', async (_what, change, status, error) => {
      expect(await post({ ...claimsFor(customer, keys), ...change })).toMatchObject({ status, error });
    });

    it('refuses the sign-in certificate of somebody else', async () => {
      const mixed = { ...keys, signInKey: otherKeys.signInKey };
      const claims = claimsFor(customer, mixed);
      expect(await post(claims, claims, mixed)).toMatchObject({ status: 403, error: 'user-mismatch' });
    });

    it('refuses a proof of the sign-in key over something else', async () => {
      const claims = claimsFor(customer, keys);
      expect(await post(claims, { ...claims, jti: 'other' })).toMatchObject({ error: 'request-invalid' });
    });

    it('refuses a signature certificate in the place of the sign-in certificate', async () => {
      const mixed = { ...keys, signInKey: keys.signatureKey };
      const claims = claimsFor(customer, mixed);
      expect(await post(claims, claims, mixed)).toMatchObject({ error: 'certificate-unknown' });
    });

    it('refuses a certificate that Kilt never confirmed', async () => {
      const hasty = await admit();
      const keyPair = softwareKey();
      const outcome = await hasty.requestFirst(keyPair);
      if (outcome.status !== 'issued') throw new Error('the request waits');
      const signer = { ...keyPair, certificate: outcome.certificate, chain: [] };
      const unconfirmed = { signatureKey: signer, signInKey: keys.signInKey };
      const claims = claimsFor(hasty, unconfirmed);
      expect(await post(claims, claims, unconfirmed)).toMatchObject({ error: 'certificate-unconfirmed' });
    });

    it('refuses a signature that does not fit', async () => {
      const [header = '', payload = '', signature = ''] = (
        await createJws(claimsFor(customer, keys), keys.signatureKey)
      ).split('.');
      const first = signature.startsWith('A') ? 'B' : 'A';
      const body = [header, payload, first + signature.slice(1)].join('.');
      const headers = { 'content-type': 'application/jose' };
      const url = `${bank.urls.api}/registrations`;
      const answer = await fetch(url, { method: 'POST', dispatcher: tls(), headers, body });
      expect(answer.status).toBe(401);
    });

    it('registers a customer once', async () => {
      const claims = claimsFor(other, otherKeys);
      expect(await post(claims, claims, otherKeys)).toMatchObject({ status: 201 });
      expect(await post(claims, claims, otherKeys)).toMatchObject({ status: 200 });
      const second = { ...claims, jti: 'another-journal' };
      expect(await post(second, second, otherKeys)).toMatchObject({
        status: 409,
        error: 'already-registered',
      });
    });

    describe('sign-in', () => {
      beforeAll(async () => {
        const claims = claimsFor(other, otherKeys);
        expect((await post(claims, claims, otherKeys)).status).toBeLessThan(300);
      });

      it('refuses a user who is not registered', async () => {
        await expect(customer.api.challenge(customer.userId)).rejects.toMatchObject({
          id: 'sign-in-refused',
        });
      });

      it('takes a challenge once only', async () => {
        const { challengeId, message } = await other.api.challenge(other.userId);
        const signature = await otherKeys.signInKey.sign(message);
        const login = { challengeId, certificate: otherKeys.signInKey.certificate, signature };
        await other.api.openSession(login);
        await expect(other.api.openSession(login)).rejects.toMatchObject({
          data: { reason: 'challenge-expired' },
        });
      });

      it('takes no challenge older than two minutes', async () => {
        const { challengeId, message } = await other.api.challenge(other.userId);
        now = new Date(Date.now() + 121_000);
        const { signInKey } = otherKeys;
        const signature = await signInKey.sign(message);
        await expect(
          other.api.openSession({ challengeId, certificate: signInKey.certificate, signature }),
        ).rejects.toMatchObject({ data: { reason: 'challenge-expired' } });
      });

      it.each([
        ['the signature key', () => otherKeys.signatureKey, 'certificate-unknown'],
        ['the sign-in key of another customer', () => keys.signInKey, 'certificate-unknown'],
        [
          'a stolen certificate without its key',
          () => ({ ...keys.signInKey, certificate: otherKeys.signInKey.certificate }),
          'signature-invalid',
        ],
      ])('refuses %s', async (_what, signer, reason) => {
        await expect(other.signIn(signer())).rejects.toMatchObject({
          id: 'sign-in-refused',
          data: { reason },
        });
      });

      it('refuses a flood of challenges', async () => {
        const many = Array.from({ length: 70 }, () => other.api.challenge(other.userId));
        const answers = await Promise.allSettled(many);
        const reasons = answers.map((answer) => (answer.status === 'rejected' ? answer.reason : undefined));
        expect(reasons.at(-1)).toMatchObject({ data: { reason: 'too-many-requests', httpStatus: 429 } });
      });
    });
  });
});
