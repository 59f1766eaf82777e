import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { KiltError } from '#shared/errors.ts';
import { errorViewOf } from '#shared/error-view.ts';
import type { BankSystem } from '#main/enrolment/bank-system.ts';
import type { NationalKey } from '#main/enrolment/national/national-keys.ts';
import { nationalSigner } from '#main/enrolment/national/national-signer.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import { CertificateTrust } from '#main/trust/certificate-trust.ts';
import { freePort } from '#test/support/free-port.ts';
import { demoBank } from '#test/unit/enrolment/workshop.ts';
import { OpensslRegistry } from '#test/unit/pki/revocation/openssl-registry.ts';
import { errorSentences } from '#shared/texts/error-sentences.ts';
import { createTranslator } from '#shared/texts/i18n.ts';
import { OpensslResponder } from './openssl-servers.ts';

/** A NUC signature before it authenticates anybody: what the national authority says of it, with `openssl ocsp` as that. */

const openssl = new OpensslRegistry();
let responder: OpensslResponder | undefined;

beforeAll(() => {
  openssl.rsaKey('nca');
  openssl.root('nca', '/C=KZ/O=NCA/CN=NCA');
  for (const name of ['good', 'stolen', 'held', 'responder']) {
    openssl.ecKey(name);
    openssl.certificate(name, 'nca', `/CN=${name}`, {
      extensions: name === 'responder' ? 'ocsp_signer' : 'ee',
    });
    openssl.record('nca', name);
  }
  openssl.revoke('nca', 'stolen', 'keyCompromise');
  openssl.revoke('nca', 'held', 'certificateHold');
});
afterEach(async () => {
  await responder?.stop();
  responder = undefined;
});
afterAll(() => openssl.remove());

type Rules = NonNullable<NonNullable<BankSystem['national']>['revocation']>;

const bankThat = (check: Rules['check'], url: string): BankSystem => ({
  ...demoBank,
  authentication: 'national-signature',
  national: {
    anchors: [openssl.pem('nca')],
    owner: 'any',
    revocation: { check, crls: [], ocsp: { url, nonce: 'required' }, authorities: [], fromCertificates: [] },
  },
});

const keyOf = (name: string): NationalKey => ({
  certificate: parseCertificate(openssl.der(name)),
  use: 'signing',
  owner: 'person',
  algorithm: 'rsa',
  name,
  organisation: undefined,
  canSign: true,
  signer: () => ({
    algorithm: 'rsa-sha256',
    publicKeyInfo: parseCertificate(openssl.der(name)).publicKeyInfo,
    sign: () => Promise.resolve(new Uint8Array()),
  }),
});

const signer = (name: string, bank: BankSystem) =>
  nationalSigner(keyOf(name), bank, new CertificateTrust({ now: () => new Date() }));
async function refusal(name: string, bank: BankSystem): Promise<KiltError> {
  const thrown = await signer(name, bank).catch((error: unknown) => error);
  if (!(thrown instanceof KiltError)) throw new Error(`not refused: ${String(thrown)}`);
  return thrown;
}

describe('the national authority', () => {
  it('vouches for a signature, which may then authenticate', async () => {
    responder = await OpensslResponder.start(openssl, 'nca', 'responder');
    const { certificate } = await signer('good', bankThat('required', responder.url));
    expect(certificate).toEqual(openssl.der('good'));
  });

  it.each([
    ['stolen', 'revoked', 'отозвал'],
    ['held', 'suspended', 'приостановил'],
  ] as const)(
    'has no longer the signature «%s»: it is %s, and the user is told',
    async (name, cause, word) => {
      responder = await OpensslResponder.start(openssl, 'nca', 'responder');
      const error = await refusal(name, bankThat('if-available', responder.url));
      expect(error).toMatchObject({ id: 'national-signature-unusable', data: { likelyCause: cause } });
      expect(error.data['since']).toMatch(/^2/);
      for (const language of ['ru', 'kk', 'en'] as const) {
        const { meaning } = errorSentences(errorViewOf(error), createTranslator(language));
        if (language === 'ru') expect(meaning).toContain(word);
        else expect(meaning.split('. ').length).toBeGreaterThan(1);
      }
    },
  );

  it('that can not be asked stops the registration only where the bank requires an answer', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}/`;
    expect(await refusal('good', bankThat('required', nobody))).toMatchObject({ id: 'revocation-unknown' });
    await expect(signer('good', bankThat('if-available', nobody))).resolves.toBeDefined();
    await expect(signer('stolen', bankThat('off', nobody))).resolves.toBeDefined();
  });
});
