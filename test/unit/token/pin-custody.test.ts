import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { secretFromText, type SecretBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { PinCustody } from '#main/token/pin-custody.ts';

const isWiped = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Lends out the PIN and gives the very buffer that was lent. */
async function lent(custody: PinCustody, tokenId = 'token'): Promise<{ buffer: SecretBytes; seen: string }> {
  return custody.use(tokenId, 'user', async (pin) => ({ buffer: pin, seen: text(pin) }));
}

describe('a PIN in custody', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is a copy: its owner may wipe the buffer that was typed into', async () => {
    const custody = new PinCustody();
    const typed = secretFromText('12345678');
    custody.keep('token', 'user', typed);
    typed.fill(0);
    expect((await lent(custody)).seen).toBe('12345678');
  });

  it('is wiped wherever it was lent to', async () => {
    const custody = new PinCustody();
    custody.keep('token', 'user', secretFromText('12345678'));
    expect(isWiped((await lent(custody)).buffer)).toBe(true);
  });

  it('is never lent half-wiped when it is forgotten while in use, because that would cost a try', async () => {
    const custody = new PinCustody();
    custody.keep('token', 'user', secretFromText('12345678'));
    await custody.use('token', 'user', async (pin) => {
      custody.forgetAll();
      expect(text(pin)).toBe('12345678');
    });
    expect(custody.has('token', 'user')).toBe(false);
  });

  it('belongs to one insertion and one role', async () => {
    const custody = new PinCustody();
    custody.keep('token', 'user', secretFromText('12345678'));
    expect(custody.has('token', 'administrator')).toBe(false);
    expect(custody.has('other', 'user')).toBe(false);
    await expect(lent(custody, 'other')).rejects.toMatchObject({ id: 'pin-needed', data: { role: 'user' } });
  });

  it.each(['wrong-pin', 'pin-blocked'] as const)(
    'that the card refuses (%s) is forgotten at once',
    async (id) => {
      const custody = new PinCustody();
      custody.keep('token', 'user', secretFromText('12345678'));
      await expect(
        custody.use('token', 'user', () => Promise.reject(new KiltError(id))),
      ).rejects.toMatchObject({ id });
      expect(custody.has('token', 'user')).toBe(false);
    },
  );

  it('survives failures that say nothing about it', async () => {
    const custody = new PinCustody();
    custody.keep('token', 'user', secretFromText('12345678'));
    await expect(
      custody.use('token', 'user', () => Promise.reject(new KiltError('token-removed'))),
    ).rejects.toThrow();
    expect(custody.has('token', 'user')).toBe(true);
  });

  it('that was replaced during use by the new one is not forgotten with the old one', async () => {
    const custody = new PinCustody();
    custody.keep('token', 'user', secretFromText('old'));
    await custody
      .use('token', 'user', async () => {
        custody.keep('token', 'user', secretFromText('new'));
        throw new KiltError('wrong-pin');
      })
      .catch(() => undefined);
    expect((await lent(custody)).seen).toBe('new');
  });

  it('grows old while nobody uses it, and not while somebody does', async () => {
    const custody = new PinCustody({ idleMilliseconds: 1000 });
    custody.keep('token', 'user', secretFromText('12345678'));
    await vi.advanceTimersByTimeAsync(900);
    await custody.use('token', 'user', () => vi.advanceTimersByTimeAsync(5000));
    expect(custody.has('token', 'user')).toBe(true);
    await vi.advanceTimersByTimeAsync(999);
    expect(custody.has('token', 'user')).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(custody.has('token', 'user')).toBe(false);
  });

  it('is forgotten with its token, and all are when the program quits', () => {
    const custody = new PinCustody();
    for (const token of ['a', 'b', 'c']) custody.keep(token, 'user', secretFromText('12345678'));
    custody.forget('a');
    expect(['a', 'b', 'c'].map((token) => custody.has(token, 'user'))).toEqual([false, true, true]);
    custody.keepOnly(new Set(['c', 'd']));
    expect(['b', 'c'].map((token) => custody.has(token, 'user'))).toEqual([false, true]);
    custody.forgetAll();
    expect(custody.has('c', 'user')).toBe(false);
  });
});
