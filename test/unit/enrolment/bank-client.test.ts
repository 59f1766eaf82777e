import { describe, expect, it } from 'vitest';
import { BankClient } from '#main/enrolment/bank-client.ts';
import { signInMessage } from '#main/enrolment/sign-in-message.ts';
import type { HttpPost } from '#main/pki/http-post.ts';
import { certifiedSigner, demoBank } from './workshop.ts';

type Request = Parameters<HttpPost>[0];
const nonce = Buffer.alloc(32, 7);
const challenge = {
  challengeId: 'c1',
  nonce: nonce.toString('base64url'),
  expiresAt: '2026-11-22T10:05:00.000Z',
};
const session = { sessionId: 's1', customerName: 'Айгерим', pageUrl: 'https://bank.example/home?s=1' };
const registered = { registrationId: 'R', customerName: 'A', registeredAt: '2026-11-22T10:00:00.000Z' };

/** A bank that gives one answer to everything. */
function bankAnswering(status: number, body: unknown) {
  const requests: Request[] = [];
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
  const post: HttpPost = async (request) => {
    requests.push(request);
    return { status, contentType: 'application/json', body: bytes };
  };
  return { client: new BankClient(demoBank, post, () => new Date('2026-11-22T10:00:00Z')), requests };
}
const login = {
  challengeId: 'c1',
  certificate: certifiedSigner({ commonName: 'A' }).certificate,
  signature: nonce,
};
const aKiltError = (id: string, data: object = {}) =>
  expect.objectContaining({ id, data: expect.objectContaining(data) as object });

describe('what the bank is asked', () => {
  it('goes to the addresses of its API, each kind in its own form', async () => {
    const { client, requests } = bankAnswering(200, registered);
    await client.register('a.b.c');
    expect(requests[0]).toMatchObject({
      url: 'https://bank.example/api/registrations',
      contentType: 'application/jose',
    });
    const login = bankAnswering(200, challenge);
    await login.client.challenge('qq111111_demo');
    expect(login.requests[0]).toMatchObject({
      url: 'https://bank.example/api/login/challenges',
      contentType: 'application/json',
    });
  });

  it('a registration is signed with both keys and says for which bank it is', async () => {
    const { client } = bankAnswering(200, registered);
    const key = certifiedSigner({ commonName: 'A' });
    const jws = await client.signRegistration({
      registrationId: 'r1',
      userId: 'qq111111_demo',
      signatureKey: key,
      signInKey: key,
    });
    const payload = (token: string) =>
      JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
    const claims = payload(jws);
    expect(claims).toMatchObject({ aud: 'https://bank.example', jti: 'r1', iat: 1_795_341_600 });
    const { signInProof, ...signed } = claims;
    expect(payload(String(signInProof))).toEqual(signed);
  });
});

describe('a challenge', () => {
  it('becomes a message that is bound to the origin of the bank', async () => {
    const { message } = await bankAnswering(200, challenge).client.challenge('u');
    expect(message).toEqual(signInMessage('https://bank.example', nonce));
    expect(message).not.toEqual(signInMessage('https://bank.example.evil', nonce));
  });

  it('with a short nonce is refused: nothing is signed', async () => {
    const short = { ...challenge, nonce: Buffer.alloc(31).toString('base64url') };
    await expect(bankAnswering(200, short).client.challenge('u')).rejects.toThrow(
      aKiltError('bank-answer-invalid'),
    );
  });
});

describe('the page after sign-in', () => {
  it('is given on when it is the bank’s own', async () => {
    expect(await bankAnswering(200, session).client.openSession(login)).toEqual(session);
  });

  it.each([
    'https://evil.example/home',
    'https://bank.example.evil.example/',
    'https://bank.example@evil.example/',
    'http://bank.example/home',
    'https://bank.example:8443/home',
    'javascript:alert(1)',
    'file:///etc/passwd',
  ])('is refused when it is another: %s', async (pageUrl) => {
    await expect(bankAnswering(200, { ...session, pageUrl }).client.openSession(login)).rejects.toThrow(
      aKiltError('bank-answer-invalid'),
    );
  });
});

describe('an answer of the bank', () => {
  it('that refuses carries the bank’s own words', async () => {
    const refusal = { error: 'user-unknown', message: 'Клиент не найден' };
    const { client } = bankAnswering(403, refusal);
    await expect(client.register('a.b.c')).rejects.toThrow(
      aKiltError('bank-refused', { reason: 'Клиент не найден', httpStatus: 403 }),
    );
    await expect(client.challenge('u')).rejects.toThrow(
      aKiltError('sign-in-refused', { reason: 'Клиент не найден' }),
    );
    await expect(bankAnswering(403, { error: 'user-unknown' }).client.challenge('u')).rejects.toThrow(
      aKiltError('sign-in-refused', { reason: 'user-unknown' }),
    );
  });

  it.each([
    ['challenge-expired', 'bank-refused', 'sign-in-late'],
    ['certificate-expired', 'bank-refused', 'sign-in-certificate-ended'],
    ['certificate-revoked', 'certificate-revoked', 'certificate-revoked'],
    ['certificate-unknown', 'bank-refused', 'sign-in-refused'],
    ['already-registered', 'bank-refused', 'sign-in-refused'],
    ['request-stale', 'clock-differs', 'clock-differs'],
    ['too-many-requests', 'server-failed', 'server-failed'],
    ['toString', 'bank-refused', 'sign-in-refused'],
  ])('that refuses with %s means %s of a registration and %s of a sign-in', async (error, first, second) => {
    const { client } = bankAnswering(403, { error });
    const told = { reason: error, httpStatus: 403 };
    await expect(client.register('a.b.c')).rejects.toThrow(aKiltError(first, told));
    await expect(client.openSession(login)).rejects.toThrow(aKiltError(second, told));
  });

  it('of a failing server names host and status', async () => {
    await expect(bankAnswering(502, '<html>').client.register('a.b.c')).rejects.toThrow(
      aKiltError('server-failed', { host: 'bank.example', httpStatus: 502 }),
    );
  });

  it.each([
    ['no JSON', 200, '<html>'],
    ['JSON of another shape', 200, { registrationId: 1 }],
    ['a refusal in no form', 400, 'no'],
    ['nothing', 200, ''],
  ])('with %s is invalid, not believed', async (_, status, body) => {
    await expect(bankAnswering(status, body).client.register('a.b.c')).rejects.toThrow(
      aKiltError('bank-answer-invalid', { httpStatus: status }),
    );
  });
});
