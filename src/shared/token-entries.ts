import { isProfileOf, type CertificateView, type TokenView } from './views.ts';

/** A line of the picker: a token, or one of the profiles on it. */
export interface TokenEntry extends TokenView {
  /** Of this line; the token's own id while it is the only one. */
  readonly entryId: string;
  /** The registered profile that this line stands for. */
  readonly profile?: NonNullable<TokenView['profiles']>[number];
  /** The same token has other lines. */
  readonly shared: boolean;
}

/**
 * The lines of a token: one for each registered profile, and one for the registration that is not finished. A token without
 * profiles is one line.
 */
export function tokenEntries(token: TokenView): readonly TokenEntry[] {
  const { unfinished, ...rest } = token;
  const profiles = token.profiles ?? [];
  if (profiles.length === 0) return [{ ...token, entryId: token.id, shared: false }];
  const shared = profiles.length > 1 || unfinished !== undefined;
  const lines = profiles.map((profile): TokenEntry => ({
    ...rest,
    kind: 'registered',
    certificates: token.certificates.filter((one) => !one.profile || isProfileOf(one.profile, profile)),
    entryId: shared ? JSON.stringify([token.id, profile.bankId, profile.userId]) : token.id,
    profile,
    shared,
  }));
  if (!unfinished) return lines;
  const { bankId, userId } = unfinished;
  return [
    ...lines,
    { ...token, certificates: [], entryId: JSON.stringify([token.id, bankId, userId]), shared },
  ];
}

/** The certificate of the profile that ends first: with it the profile ends. */
export function firstToEnd(certificates: readonly CertificateView[]): CertificateView | undefined {
  const own = certificates.filter(({ purpose }) => purpose !== 'other');
  return (own.length > 0 ? own : certificates).reduce<CertificateView | undefined>(
    (first, one) => (first === undefined || one.notAfter < first.notAfter ? one : first),
    undefined,
  );
}

/** Whether nobody can sign in with the token, or this line of it, any more: the certificates of each profile have ended. */
export function hasEnded(token: TokenView | TokenEntry, now: Date): boolean {
  const lines = ('entryId' in token ? [token] : tokenEntries(token)).filter(({ profile }) => profile);
  const ends = lines.map(({ certificates }) => firstToEnd(certificates)?.notAfter);
  return ends.length > 0 && ends.every((end) => end !== undefined && new Date(end) <= now);
}
