import { describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { HttpClient } from '#main/enrolment/http.ts';
import { signInMessage } from '#main/enrolment/sign-in-message.ts';
import { signIn } from '#main/signing/sign-in.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import { ScriptedToken, certificateFor, demoBank, record } from '#test/unit/enrolment/workshop.ts';

const nonce = Buffer.alloc(32, 7);
const challenge = {
  challengeId: 'c1',
  nonce: nonce.toString('base64url'),
  expiresAt: '2026-11-22T10:05:00.000Z',
};
const session = { sessionId: 's1', customerName: 'Айгерим', pageUrl: 'https://bank.example/home' };
const certificates = [
  { id: '01', label: 'signature', der: certificateFor({ commonName: 'A' }) },
  { id: '02', label: 'sign-in', der: certificateFor({ commonName: 'B' }) },
];

/** A desk whose every event goes into one list, so that the order shows. */
function desk(
  options: { bank?: Partial<Record<string, () => unknown>>; token?: Partial<TokenSession> } = {},
) {
  const events: string[] = [];
  const sent: unknown[] = [];
  const answers: Partial<Record<string, () => unknown>> = {
    challenges: () => challenge,
    sessions: () => session,
    ...options.bank,
  };
  const http: HttpClient = {
    post: async ({ url, body }) => {
      const path = url.split('/').at(-1) ?? '';
      events.push(path);
      sent.push(JSON.parse(new TextDecoder().decode(body)));
      const answer = new TextEncoder().encode(JSON.stringify(answers[path]?.()));
      return { status: 200, contentType: 'application/json', body: answer };
    },
    close: () => Promise.resolve(),
  };
  const token = new ScriptedToken({
    objects: async () => ({ keys: [], certificates, dataObjects: [] }),
    login: async () => void events.push('login'),
    signSha256: async (id, data) => {
      events.push(`sign ${id}`);
      expect(data).toEqual(signInMessage('https://bank.example', nonce));
      return new Uint8Array([1, 2, 3]);
    },
    ...options.token,
  });
  const order = {
    bank: demoBank,
    record: { ...record, state: 'registered' as const },
    tokens: token.watch(),
    tokenId: 't1',
    pin: secretFromText('Tulpar7Asyq'),
    http,
    now: () => new Date('2026-11-22T10:00:00Z'),
    onPinAccepted: () => void events.push('accepted'),
  };
  return { order, events, sent, token };
}
const aKiltError = (id: string) => expect.objectContaining({ id });

describe('signing in to the bank', () => {
  it('fetches the challenge first, then logs in once, signs with the sign-in key, and shows its certificate', async () => {
    const { order, events, sent } = desk();
    expect(await signIn(order)).toEqual(session);
    expect(events).toEqual(['challenges', 'login', 'accepted', 'sign 02', 'sessions']);
    expect(sent).toEqual([
      { userId: 'qq111111_demo' },
      {
        challengeId: 'c1',
        certificate: Buffer.from(certificates[1]?.der ?? []).toString('base64'),
        signature: 'AQID',
      },
    ]);
  });

  it('costs no try while the bank is down', async () => {
    const down = () => {
      throw new KiltError('network-unreachable');
    };
    const { order, events, token } = desk({ bank: { challenges: down } });
    await expect(signIn(order)).rejects.toThrow(aKiltError('network-unreachable'));
    expect(events).toEqual(['challenges']);
    expect(token.calls).toEqual([]);
  });

  it('costs no try where the token has no sign-in certificate', async () => {
    const { order, events } = desk({
      token: { objects: async () => ({ keys: [], certificates: certificates.slice(0, 1), dataObjects: [] }) },
    });
    await expect(signIn(order)).rejects.toThrow(aKiltError('key-not-found'));
    expect(events).toEqual(['challenges']);
  });

  it('tells the bank nothing of a PIN that the token refuses', async () => {
    const { order, events } = desk({
      token: { login: () => Promise.reject(new KiltError('wrong-pin', { attemptsLeft: 9 })) },
    });
    await expect(signIn(order)).rejects.toThrow(aKiltError('wrong-pin'));
    expect(events).toEqual(['challenges']);
  });

  it('signs nothing for a bank that sends too little to sign', async () => {
    const { order, token } = desk({ bank: { challenges: () => ({ ...challenge, nonce: 'AAAA' }) } });
    await expect(signIn(order)).rejects.toThrow(aKiltError('bank-answer-invalid'));
    expect(token.calls).toEqual([]);
  });
});
