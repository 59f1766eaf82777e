import { createHash, randomBytes } from 'node:crypto';
import { DerError } from '#main/pki/asn1.ts';
import type { CertificateInfo } from '#main/pki/certificate.ts';
import { checkOcspResponse, type OcspAnswer } from '#main/pki/revocation/ocsp-check.ts';
import { buildOcspRequest, type CertIdHash } from '#main/pki/revocation/ocsp-request.ts';
import { parseOcspResponse, type OcspRefusal } from '#main/pki/revocation/ocsp-response.ts';
import type { RevocationFetch } from './revocation-fetch.ts';

const mostBytes = 256 * 1024;
/** How long an answer is used without asking again, if its nextUpdate is not sooner. */
const freshForMs = 3_600_000;
const mostKept = 64;

export interface OcspQuery {
  readonly url: string;
  readonly tlsAnchors: readonly string[];
  readonly nonceRequired: boolean;
  readonly certificate: CertificateInfo;
  readonly issuer: CertificateInfo;
  readonly fresh: boolean;
}

export type OcspOutcome = OcspAnswer | { readonly refusal: OcspRefusal };
type CheckedAnswer = Extract<OcspAnswer, { status: object }>;

/** Asks OCSP responders (RFC 6960). Answers are kept in memory alone: a nonce can not be checked a second time. */
export class OcspClient {
  readonly #fetch: RevocationFetch;
  readonly #now: () => Date;
  readonly #kept = new Map<string, { readonly answer: CheckedAnswer; readonly until: number }>();

  constructor(options: { fetch: RevocationFetch; now: () => Date }) {
    this.#fetch = options.fetch;
    this.#now = options.now;
  }

  /**
   * What a responder says about a certificate.
   *
   * A responder that can not make anything of SHA-256 is asked again with SHA-1, which all of them know.
   *
   * @throws KiltError as {@link RevocationFetch}
   */
  async ask(query: OcspQuery): Promise<OcspOutcome> {
    const key = keyOf(query);
    const kept = this.#kept.get(key);
    if (kept && !query.fresh && kept.until > this.#now().getTime()) return kept.answer;
    let outcome = await this.#once(query, 'sha256');
    if (mayKnowOnlySha1(outcome)) outcome = await this.#once(query, 'sha1');
    this.#keep(key, outcome);
    return outcome;
  }

  async #once(query: OcspQuery, hash: CertIdHash): Promise<OcspOutcome> {
    const nonce = new Uint8Array(randomBytes(16));
    const { url, tlsAnchors, certificate, issuer, nonceRequired } = query;
    try {
      const received = await this.#fetch({
        url,
        post: {
          contentType: 'application/ocsp-request',
          body: buildOcspRequest({ certificate, issuer, hash, nonce }),
        },
        tlsAnchors,
        mostBytes,
      });
      const response = parseOcspResponse(received);
      if (typeof response === 'string') return { refusal: response };
      return await checkOcspResponse({
        response,
        certificate,
        issuer,
        nonce,
        nonceRequired,
        at: this.#now(),
      });
    } catch (error) {
      if (error instanceof DerError) return { fault: 'malformed' };
      throw error;
    }
  }

  #keep(key: string, outcome: OcspOutcome): void {
    this.#kept.delete(key);
    if (!('status' in outcome) || outcome.status.state === 'unknown' || !outcome.nextUpdate) return;
    const until = Math.min(outcome.nextUpdate.getTime(), this.#now().getTime() + freshForMs);
    this.#kept.set(key, { answer: outcome, until });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(oldest);
    }
  }
}

const mayKnowOnlySha1 = (outcome: OcspOutcome): boolean =>
  'refusal' in outcome
    ? outcome.refusal === 'unauthorized' || outcome.refusal === 'malformedRequest'
    : 'status' in outcome
      ? outcome.status.state === 'unknown'
      : outcome.fault === 'other-certificate';

const keyOf = ({ url, certificate, issuer, nonceRequired }: OcspQuery): string =>
  [
    url,
    nonceRequired,
    ...[certificate, issuer].map(({ der }) => createHash('sha256').update(der).digest('hex')),
  ].join(' ');
