import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { redactText, redactValue } from '#main/desktop/redaction.ts';
import { KiltError } from '#shared/errors.ts';
import { processorTimeOf } from '#test/support/processor-time.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const der = privateKey.export({ type: 'pkcs8', format: 'der' });

const leaks = [
  { text: 'PIN: 12345678', secret: '12345678' },
  { text: 'PIN 12345678', secret: '12345678' },
  { text: 'newPin="x7kq01ab"', secret: 'x7kq01ab' },
  { text: '{"pin":"87654321","tokenId":"t"}', secret: '87654321' },
  { text: 'PIN-код: 55512345', secret: '55512345' },
  { text: 'ПИН AB1CD2EF3GH', secret: 'AB1CD2EF3GH' },
  { text: 'пароль = qwe123rty', secret: 'qwe123rty' },
  { text: 'Құпиясөз: 998877aa', secret: '998877aa' },
  { text: 'password is hunter22', secret: 'hunter22' },
  { text: 'the administrator PIN is 87654321', secret: '87654321' },
  { text: '--password hunter22', secret: 'hunter22' },
  { text: 'https://bank.kz/login?password=hunter22&x=1', secret: 'hunter22' },
  { text: 'VERIFY 00 20 00 02 08 31 32 33 34 35 36 37 38', secret: '31 32 33 34' },
  { text: '> 0020000208 3132333435363738', secret: '3132333435363738' },
  { text: '> 00200002083132333435363738', secret: '3132333435363738' },
  { text: 'CHANGE 002400021031323334353637383837363534333231', secret: '3837363534333231' },
  { text: 'the registration PIN of the card was AB1CD2EF3GH', secret: 'AB1CD2EF3GH' },
  { text: 'subject CN=ИВАНОВ, SERIALNUMBER=IIN880101300123', secret: '880101300123' },
  { text: 'Cookie: session=abcdef0123456789; theme=dark', secret: 'abcdef0123456789' },
  { text: 'set-cookie: kilt=secretvalue', secret: 'secretvalue' },
  { text: 'Authorization: Bearer eyJhbGciOi.J9.x', secret: 'eyJhbGciOi' },
  { text: 'sent with bearer eyJhbGciOiJ9', secret: 'eyJhbGciOiJ9' },
  { text: `loaded ${pem} from disk`, secret: pem.split('\n')[2] ?? '' },
  { text: `cut off ${pem.slice(0, 400)}`, secret: pem.split('\n')[2] ?? '' },
  { text: `hex ${der.toString('hex')}`, secret: der.toString('hex').slice(200, 260) },
  { text: `base64 ${der.toString('base64')}`, secret: der.toString('base64').slice(200, 260) },
  { text: `base64url ${der.toString('base64url')}`, secret: der.toString('base64url').slice(200, 260) },
];

describe('a text in the log', () => {
  it.each(leaks.map(({ text, secret }) => ({ start: text.slice(0, 60), text, secret })))(
    'does not hold the secret of: $start',
    ({ text, secret }) => {
      expect(text).toContain(secret);
      expect(redactText(text)).not.toContain(secret);
    },
  );

  it.each([
    'module window started {"milliseconds":99}',
    '0100020 wrong-pin',
    'status word 6983, token 3A5B7C1D in reader Virtual PCD 00 00',
    'sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'connected to https://127.0.0.1:8443 in 40 ms',
    'user qq111111_qwertyui',
    '00A4000C023F00 9000',
    '2026-11-22 14:05:10.615',
  ])('keeps what support needs: %s', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('is cut before it gets out of hand, and quickly', async () => {
    const spent = await processorTimeOf(() => {
      for (const filling of ['a', '1', 'A1', 'pin', 'pin ', '-----BEGIN PRIVATE KEY-----', '00 ', ' ']) {
        expect(redactText(filling.repeat(200_000)).length).toBeLessThan(20_000);
      }
    });
    expect(spent).toBeLessThan(2_000);
  });
});

describe('a value in the log', () => {
  const written = (value: unknown): string => JSON.stringify(redactValue(value));
  const canary = new TextEncoder().encode('kanarya1');

  it.each([
    ['bytes', canary],
    ['a Buffer', Buffer.from(canary)],
    ['an ArrayBuffer', canary.buffer],
    ['bytes in a field', { data: canary }],
    ['what JSON makes of a Buffer', JSON.parse(JSON.stringify(Buffer.from(canary)))],
    ['what JSON makes of bytes', JSON.parse(JSON.stringify(canary))],
    ['bytes as an array', [...canary]],
    ['bytes in a map', new Map([['x', canary]])],
    ['bytes in an error', new Error('failed', { cause: { sent: canary } })],
  ])('%s shows a number of bytes only', (_what, value) => {
    expect(written(value)).toContain('bytes>');
    expect(written(value)).not.toMatch(/107|kanarya1|a2FuYXJ5YTE|6b616e61/);
  });

  it.each([
    { pin: 'kanarya1' },
    { newPin: 'kanarya1' },
    { PIN: 12345678 },
    { adminPuk: ['kanarya1'] },
    { keyFile: { password: { deep: 'kanarya1' } } },
    { 'set-cookie': 'kanarya1' },
    { Authorization: 'kanarya1' },
    { пароль: 'kanarya1' },
    new Map([['secret', 'kanarya1']]),
    new Error('password kanarya1'),
    new Error('outer', { cause: new Error('PIN: kanarya1') }),
    new KiltError('internal', { reason: 'pin=kanarya1' }),
    new URL('https://bank.kz/?code=kanarya1'),
  ])('%o does not show its secret', (value) => {
    expect(written(value)).not.toMatch(/kanarya1|12345678/);
  });

  it('keeps what support needs', () => {
    const error = new KiltError('wrong-pin', { attemptsLeft: 9, reader: 'KAZTOKEN 00 00' });
    expect(redactValue(error)).toMatchObject({ data: { attemptsLeft: 9, reader: 'KAZTOKEN 00 00' } });
    expect(redactValue({ milliseconds: 99, defaultPin: true, minLength: 8 })).toEqual({
      milliseconds: 99,
      defaultPin: true,
      minLength: 8,
    });
  });

  it('a ring, a throwing getter and a deep nest are written too', () => {
    const ring: Record<string, unknown> = {};
    ring['self'] = ring;
    expect(redactValue(ring)).toEqual({ self: '<again>' });
    const throwing = {
      get x(): never {
        throw new Error('no');
      },
    };
    expect(redactValue(throwing)).toBe('<unreadable>');
    expect(written(JSON.parse('['.repeat(50) + ']'.repeat(50)))).toContain('<deeper>');
  });

  it('a PIN next to its name is never shown, whatever stands around it', () => {
    const word = fc.constantFrom('pin', 'PIN', 'Pin-код', 'пин', 'ПИН', 'password', 'Пароль', 'secret');
    const mark = fc.constantFrom(': ', '=', ' ', ' = "', ": '", ' «', ' -> ');
    const pin = fc.stringMatching(/^[a-z0-9]{8,16}$/);
    const around = fc.string({ maxLength: 20 }).map((text) => text.replace(/[\p{L}\p{N}_-]/gu, ' '));
    fc.assert(
      fc.property(around, word, mark, pin, around, (before, name, between, secret, after) => {
        expect(redactText(`${before} ${name}${between}${secret} ${after}`)).not.toContain(secret);
      }),
    );
  });
});
