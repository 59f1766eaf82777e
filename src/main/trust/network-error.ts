import { KiltError, type ErrorData } from '#shared/errors.ts';

/** Why a server could not prove that it is the bank: `likelyCause` of `tls-untrusted`, a text each. */
export type TlsCause =
  | 'tls-other-authority'
  | 'tls-self-signed'
  | 'tls-other-name'
  | 'tls-expired'
  | 'tls-not-yet-valid'
  | 'tls-old'
  /** Something answers that is no TLS server: a hotel's log-in page, a filter. */
  | 'tls-none';

/** Names that Node and OpenSSL give the reasons. */
const tlsCauses: Readonly<Record<string, TlsCause>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-other-authority',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-other-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-other-authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-other-authority',
  CERT_SIGNATURE_FAILURE: 'tls-other-authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-self-signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-other-name',
  CERT_HAS_EXPIRED: 'tls-expired',
  CERT_NOT_YET_VALID: 'tls-not-yet-valid',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls-old',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'tls-old',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls-none',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls-none',
  ERR_SSL_HTTP_REQUEST: 'tls-none',
};

const isAboutTls = (code: string): boolean =>
  code in tlsCauses ||
  code.startsWith('ERR_TLS') ||
  code.startsWith('ERR_SSL') ||
  code === 'EPROTO' ||
  code.includes('CERT') ||
  code.includes('SELF_SIGNED') ||
  code.includes('UNABLE_TO');

/**
 * What went wrong between this computer and a server. A name that the list does not know is «unreachable», which is
 * true as well.
 *
 * @param host for the user to see
 */
export function networkError(error: unknown, host: string): KiltError {
  const { code: given } = error as { code?: unknown };
  const code = typeof given === 'string' ? given : '';
  if (isAboutTls(code)) {
    return new KiltError('tls-untrusted', { host, reason: code, ...causeOf(code) }, { cause: error });
  }
  if (code.includes('TIMEOUT') || code === 'ETIMEDOUT') {
    return new KiltError('network-timeout', { host }, { cause: error });
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return new KiltError('server-failed', { host, reason: code });
  return new KiltError('network-unreachable', { host, reason: code }, { cause: error });
}

/** Dates that do not fit are the computer's clock more often than the bank's certificate: its time goes along. */
function causeOf(code: string): ErrorData {
  const likelyCause = tlsCauses[code];
  if (likelyCause === undefined) return {};
  const isAboutDates = likelyCause === 'tls-expired' || likelyCause === 'tls-not-yet-valid';
  return isAboutDates ? { likelyCause, computerTime: new Date().toISOString() } : { likelyCause };
}
