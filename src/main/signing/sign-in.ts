import { KiltError } from '#shared/errors.ts';
import { BankClient } from '#main/enrolment/bank-client.ts';
import type { LoginAnswer } from '#main/enrolment/bank-protocol.ts';
import type { BankSystem } from '#main/enrolment/bank-system.ts';
import type { HttpClient } from '#main/enrolment/http.ts';
import type { ProfileRecord } from '#main/enrolment/profile-record.ts';
import type { SecretBytes } from '#shared/bytes.ts';
import type { TokenWatch } from '#main/token/token-watch.ts';

/**
 * Signs in to the profile's bank: a challenge from the bank, answered by the sign-in key on the token.
 *
 * The challenge is fetched first, so that a bank that is down costs no PIN try; login and signature are then one card
 * transaction with one VERIFY.
 *
 * @param onPinAccepted called as soon as the token has taken the PIN
 * @throws KiltError `wrong-pin`, `pin-blocked`, `token-…`, `key-not-found`, `sign-in-refused`, `bank-answer-invalid`,
 *   `server-failed`, `network-…`, `tls-untrusted`
 */
export async function signIn(order: {
  bank: BankSystem;
  record: ProfileRecord;
  tokens: TokenWatch;
  tokenId: string;
  pin: SecretBytes;
  http: HttpClient;
  now: () => Date;
  onPinAccepted: () => void;
}): Promise<LoginAnswer> {
  const bankClient = new BankClient(order.bank, order.http.post, order.now);
  const { challengeId, message } = await bankClient.challenge(order.record.userId);
  const { certificate, signature } = await order.tokens.withSession(order.tokenId, async (session) => {
    const found = (await session.objects()).certificates.find(({ id }) => id === order.record.signInKeyId);
    if (!found) throw new KiltError('key-not-found', { reason: 'sign-in certificate' });
    await session.login('user', order.pin);
    order.onPinAccepted();
    return { certificate: found.der, signature: await session.signSha256(found.id, message) };
  });
  return bankClient.openSession({ challengeId, certificate, signature });
}
