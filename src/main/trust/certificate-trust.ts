import type { CertificateInfo } from '#main/pki/certificate.ts';
import { verifyPath } from '#main/pki/certificate-path.ts';
import { RevocationCheck } from './revocation-check.ts';
import { fetchRevocation, type RevocationFetch } from './revocation-fetch.ts';
import type { RevocationStatus, TrustQuestion, TrustVerdict } from './verdict.ts';

/**
 * Says whether a certificate may be believed: path, usage, and as far as the bank's file asks for it, revocation.
 *
 * Everything that is about to be stored on a token, to sign, or to be taken for somebody's signature asks here.
 */
export class CertificateTrust {
  readonly #check: RevocationCheck;
  readonly #now: () => Date;

  /** @param options `cacheFolder` for CRLs; absent: they are kept in memory alone */
  constructor(options: {
    readonly cacheFolder?: string | undefined;
    readonly fetch?: RevocationFetch | undefined;
    readonly now: () => Date;
  }) {
    this.#now = options.now;
    this.#check = new RevocationCheck({
      cacheFolder: options.cacheFolder,
      fetch: options.fetch ?? fetchRevocation,
      now: options.now,
    });
  }

  /**
   * Never throws for what others sent or for a network that is down: that is the verdict.
   *
   * With `at` in the past, a certificate revoked later is trusted as of then, and the verdict says that it is revoked.
   */
  async judge(question: TrustQuestion): Promise<TrustVerdict> {
    const now = this.#now();
    const at = question.at ?? now;
    const { certificate, intermediates, anchors, usage } = question;
    const answer = await verifyPath({
      leaf: certificate,
      intermediates,
      anchors,
      at,
      ...(usage ? { usage } : {}),
    });
    const notAsked: RevocationStatus = { state: 'unknown', why: 'not-asked' };
    if (!answer.trusted) {
      const { reason, subject } = answer;
      return { trusted: false, reason, subject, revocation: notAsked };
    }
    const { path } = answer;
    const { policy } = question;
    if (!policy || policy.check === 'off') return { trusted: true, path, revocation: notAsked };
    const statuses = await Promise.all(
      // The anchor is trusted because the bank says so; nobody above could revoke it.
      path.slice(0, -1).map((one, place) =>
        this.#check.statusOf(one, path[place + 1] ?? one, {
          policy,
          tlsAnchors: question.tlsAnchors ?? [],
          fresh: question.fresh ?? false,
        }),
      ),
    );
    return verdictFrom(path, statuses, at, policy.check === 'required');
  }
}

function verdictFrom(
  path: readonly CertificateInfo[],
  statuses: readonly RevocationStatus[],
  at: Date,
  required: boolean,
): TrustVerdict {
  const against = (place: number, reason: 'revoked' | 'suspended' | 'revocation-unknown'): TrustVerdict => ({
    trusted: false,
    reason,
    subject: path[place]?.subject,
    revocation: statuses[place] ?? { state: 'unknown', why: 'no-source' },
  });
  for (const [place, status] of statuses.entries()) {
    if ((status.state === 'revoked' || status.state === 'suspended') && status.since <= at) {
      return against(place, status.state);
    }
  }
  const unknown = statuses.findIndex(({ state }) => state === 'unknown');
  if (required && unknown >= 0) return against(unknown, 'revocation-unknown');
  // An anchor that is asked about itself has nobody who could revoke it.
  return { trusted: true, path, revocation: statuses[0] ?? { state: 'unknown', why: 'no-source' } };
}
