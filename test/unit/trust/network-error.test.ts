import { describe, expect, it } from 'vitest';
import { networkError } from '#main/trust/network-error.ts';

const failed = (code: unknown) => Object.assign(new Error('request failed'), { code });

describe('a request without an answer', () => {
  it.each([
    ['CERT_HAS_EXPIRED', 'tls-untrusted', 'tls-expired'],
    ['CERT_NOT_YET_VALID', 'tls-untrusted', 'tls-not-yet-valid'],
    ['CERT_SIGNATURE_FAILURE', 'tls-untrusted', 'tls-other-authority'],
    ['CERT_REVOKED', 'tls-untrusted', undefined],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls-untrusted', 'tls-other-authority'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls-untrusted', 'tls-self-signed'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls-untrusted', 'tls-other-authority'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-untrusted', 'tls-other-name'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls-untrusted', 'tls-none'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls-untrusted', 'tls-old'],
    ['EPROTO', 'tls-untrusted', undefined],
    ['UND_ERR_CONNECT_TIMEOUT', 'network-timeout', undefined],
    ['UND_ERR_HEADERS_TIMEOUT', 'network-timeout', undefined],
    ['ETIMEDOUT', 'network-timeout', undefined],
    ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'server-failed', undefined],
    ['ECONNREFUSED', 'network-unreachable', undefined],
    ['ECONNRESET', 'network-unreachable', undefined],
    ['ENOTFOUND', 'network-unreachable', undefined],
    ['EAI_AGAIN', 'network-unreachable', undefined],
    ['UND_ERR_SOCKET', 'network-unreachable', undefined],
  ])('because of %s is %s', (code, id, likelyCause) => {
    const error = networkError(failed(code), 'bank.example');
    expect(error).toMatchObject({ id, data: { host: 'bank.example' } });
    expect(error.data.likelyCause).toBe(likelyCause);
  });

  it('for a reason without a name is unreachable', () => {
    expect(networkError(failed(undefined), 'bank.example').id).toBe('network-unreachable');
    expect(networkError(new Error('odd'), 'h').data.host).toBe('h');
  });
});
