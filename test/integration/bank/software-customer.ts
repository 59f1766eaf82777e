import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import { BankClient } from '#main/enrolment/bank-client.ts';
import { createHttpClient, type HttpClient } from '#main/enrolment/http.ts';
import { CmpClient, type CmpProtection } from '#main/pki/cmp/client.ts';
import { keyObjectSigner } from '#main/pki/key-object-signer.ts';
import type { CertifiedSigner, Signer } from '#main/pki/signer.ts';
import { asDer, type DerBytes, type SecretBytes } from '#shared/bytes.ts';
import type { Admission } from '#test/bank/admission.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';

/** A new key pair in memory, where a real customer has a token. */
export const softwareKey = (): Signer =>
  keyObjectSigner(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

/** Opens Key.pfx with forge, not with Kilt's own reader, which has tests of its own. */
export function openKeyFile({ keyFile, keyFilePassword }: Admission): CertifiedSigner {
  const asn1 = forge.asn1.fromDer(Buffer.from(keyFile).toString('binary'));
  const pfx = forge.pkcs12.pkcs12FromAsn1(asn1, new TextDecoder().decode(keyFilePassword));
  const bags = pfx.safeContents.flatMap(({ safeBags }) => safeBags);
  const key = bags.find((bag) => bag.key)?.key;
  const certificate = bags.find((bag) => bag.cert)?.cert;
  if (!key || !certificate) throw new Error('key file without key or certificate');
  const der = forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes();
  return {
    ...keyObjectSigner(createPrivateKey(forge.pki.privateKeyToPem(key))),
    certificate: asDer(new Uint8Array(Buffer.from(der, 'binary'))),
    chain: [],
  };
}

/** A customer who uses Kilt's own CMP and bank clients, with keys in memory. */
export class SoftwareCustomer {
  readonly userId: string;
  readonly pin: SecretBytes;
  readonly initialKey: CertifiedSigner;
  readonly cmp: CmpClient;
  readonly api: BankClient;
  readonly #http: HttpClient;

  constructor(bank: RunningBank, admission: Admission) {
    const { system } = bank;
    this.userId = admission.userId;
    this.pin = admission.pin;
    this.initialKey = openKeyFile(admission);
    this.#http = createHttpClient(system.api.tlsAnchors);
    this.cmp = new CmpClient({
      url: system.ca.url,
      post: this.#http.post,
      recipient: system.ca.name,
      anchors: system.ca.anchors,
    });
    this.api = new BankClient(system, this.#http.post);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  /** Asks for the first certificate with initial key and ПИН. */
  requestFirst(
    keyPair: Signer,
    {
      transactionId = randomBytes(16),
      pin = this.pin,
      userId = this.userId,
      initialKey = this.initialKey,
    } = {},
  ) {
    return this.cmp.requestCertificate({
      kind: 'ir',
      subject: `UID=${userId},CN=${userId},C=KZ`,
      keyPair,
      protection: { type: 'signature', signer: initialKey },
      transactionId,
      registrationToken: pin,
    });
  }

  /** Gets and confirms a certificate; without `signer` the first one, else the second signed with the first. */
  async enrol(keyPair: Signer, signer?: CertifiedSigner): Promise<CertifiedSigner> {
    const protection: CmpProtection = { type: 'signature', signer: signer ?? this.initialKey };
    const outcome = signer
      ? await this.cmp.requestCertificate({
          kind: 'cr',
          subject: `UID=${this.userId},C=KZ`,
          keyPair,
          protection,
          transactionId: randomBytes(16),
        })
      : await this.requestFirst(keyPair);
    if (outcome.status !== 'issued') throw new Error('the request waits');
    await this.cmp.confirm(outcome.state, protection);
    return { ...keyPair, certificate: outcome.certificate, chain: outcome.chain };
  }

  /** Both certificates, confirmed. */
  async enrolBoth(): Promise<{ signatureKey: CertifiedSigner; signInKey: CertifiedSigner }> {
    const signatureKey = await this.enrol(softwareKey());
    return { signatureKey, signInKey: await this.enrol(softwareKey(), signatureKey) };
  }

  async signIn(signInKey: CertifiedSigner, certificate: DerBytes = signInKey.certificate) {
    const { challengeId, message } = await this.api.challenge(this.userId);
    return this.api.openSession({ challengeId, certificate, signature: await signInKey.sign(message) });
  }
}
