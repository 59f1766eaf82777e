import { isKiltError } from '#shared/errors.ts';
import { DerError } from '#main/pki/asn1.ts';
import type { CertificateInfo } from '#main/pki/certificate.ts';
import { checkCrl, findInCrl } from '#main/pki/revocation/crl-check.ts';
import { CrlCache } from './crl-cache.ts';
import { OcspClient } from './ocsp-client.ts';
import type { RevocationFetch } from './revocation-fetch.ts';
import type { RevocationRules } from './revocation-policy.ts';
import { revocationSources } from './revocation-sources.ts';
import type { RevocationSource, RevocationStatus } from './verdict.ts';

export interface AskedHow {
  readonly policy: RevocationRules;
  readonly tlsAnchors: readonly string[];
  readonly fresh: boolean;
}

type Unknown = Extract<RevocationStatus, { state: 'unknown' }>;

/** Asks everybody who may know, until one says good or revoked: responders first, since lists are older. */
export class RevocationCheck {
  readonly #crls: CrlCache;
  readonly #ocsp: OcspClient;
  readonly #now: () => Date;

  constructor(options: { cacheFolder: string | undefined; fetch: RevocationFetch; now: () => Date }) {
    this.#now = options.now;
    this.#crls = new CrlCache({ folder: options.cacheFolder, fetch: options.fetch, now: options.now });
    this.#ocsp = new OcspClient({ fetch: options.fetch, now: options.now });
  }

  /** @param issuer of the certificate, trusted already */
  async statusOf(
    certificate: CertificateInfo,
    issuer: CertificateInfo,
    how: AskedHow,
  ): Promise<RevocationStatus> {
    const sources = revocationSources(certificate, how.policy);
    let unknown: Unknown = { state: 'unknown', why: 'no-source' };
    const asked = [
      ...sources.ocsp.map((url) => () => this.#askResponder(certificate, issuer, url, how)),
      ...sources.crls.map((url) => () => this.#askList(certificate, issuer, url, how)),
    ];
    for (const ask of asked) {
      const status = await ask();
      if (status.state === 'revoked' || status.state === 'suspended') return status;
      if (status.state === 'unknown') unknown = worse(unknown, status);
      else if (certificate.notAfter < this.#now()) unknown = { state: 'unknown', why: 'ended' };
      else return status;
    }
    return unknown;
  }

  async #askList(
    certificate: CertificateInfo,
    issuer: CertificateInfo,
    url: string,
    { tlsAnchors, fresh }: AskedHow,
  ): Promise<RevocationStatus> {
    try {
      const list = await this.#crls.get(url, tlsAnchors, fresh, (crl) => checkCrl(crl, issuer, this.#now()));
      if ('fault' in list) {
        // The file lists the addresses of all its CAs: one that is another's is no bad answer.
        if (list.fault === 'other-issuer') return { state: 'unknown', why: 'no-source' };
        return { state: 'unknown', why: 'answer-invalid', fault: list.fault, url };
      }
      const { crl } = list;
      const finding = findInCrl(crl, certificate);
      if (finding.state === 'unusable') {
        return { state: 'unknown', why: 'answer-invalid', fault: finding.fault, url };
      }
      const source: RevocationSource = { kind: 'crl', url, asOf: crl.thisUpdate, until: crl.nextUpdate };
      return finding.state === 'good'
        ? { state: 'good', source }
        : revoked(finding.since, finding.reason, source);
    } catch (error) {
      return notAnswered(error, url);
    }
  }

  async #askResponder(
    certificate: CertificateInfo,
    issuer: CertificateInfo,
    url: string,
    how: AskedHow,
  ): Promise<RevocationStatus> {
    try {
      const nonceRequired = how.policy.ocsp?.nonce !== 'if-given';
      const { tlsAnchors, fresh } = how;
      const outcome = await this.#ocsp.ask({ url, tlsAnchors, nonceRequired, certificate, issuer, fresh });
      if ('refusal' in outcome) {
        const busy = outcome.refusal === 'tryLater' || outcome.refusal === 'internalError';
        return {
          state: 'unknown',
          why: busy ? 'unreachable' : 'answer-invalid',
          fault: outcome.refusal,
          url,
        };
      }
      if ('fault' in outcome) return { state: 'unknown', why: 'answer-invalid', fault: outcome.fault, url };
      const { responderToCheck, status, thisUpdate, nextUpdate } = outcome;
      if (responderToCheck && (await this.#isRevoked(responderToCheck, issuer, how))) {
        return { state: 'unknown', why: 'answer-invalid', fault: 'signer-not-entitled', url };
      }
      if (status.state === 'unknown') return { state: 'unknown', why: 'not-known', url };
      const source: RevocationSource = { kind: 'ocsp', url, asOf: thisUpdate, until: nextUpdate };
      return status.state === 'good'
        ? { state: 'good', source }
        : revoked(status.since, status.reason, source);
    } catch (error) {
      return notAnswered(error, url);
    }
  }

  /** A responder without nocheck is looked up in the lists, which need no responder (RFC 6960 §4.2.2.2.1). */
  async #isRevoked(responder: CertificateInfo, issuer: CertificateInfo, how: AskedHow): Promise<boolean> {
    for (const url of how.policy.crls) {
      const { state } = await this.#askList(responder, issuer, url, how);
      if (state === 'revoked' || state === 'suspended') return true;
    }
    return false;
  }
}

type Revoked = Extract<RevocationStatus, { since: Date }>;

const revoked = (since: Date, reason: Revoked['reason'], source: RevocationSource): Revoked => ({
  state: reason === 'certificateHold' ? 'suspended' : 'revoked',
  since,
  reason,
  source,
});

function notAnswered(error: unknown, url: string): Unknown {
  if (error instanceof DerError) return { state: 'unknown', why: 'answer-invalid', fault: 'malformed', url };
  if (!isKiltError(error)) throw error;
  const invalid = isKiltError(error, 'server-failed') && error.data['httpStatus'] === undefined;
  return invalid
    ? { state: 'unknown', why: 'answer-invalid', fault: 'too-large', url }
    : { state: 'unknown', why: 'unreachable', fault: 'http', url };
}

/** What is worth telling of several vain attempts: a bad answer before none, and none before nobody to ask. */
const order: readonly Unknown['why'][] = [
  'not-asked',
  'no-source',
  'unreachable',
  'not-known',
  'ended',
  'answer-invalid',
];
const worse = (a: Unknown, b: Unknown): Unknown => (order.indexOf(b.why) >= order.indexOf(a.why) ? b : a);
