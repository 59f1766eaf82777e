import { randomBytes, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PageAnswer, PageRequest } from '#main/browser/page-request.ts';
import { signInMessage } from '#main/enrolment/sign-in-message.ts';
import { secretFromText } from '#shared/bytes.ts';
import { eventually } from '#test/support/eventually.ts';
import { agreeing, refusing, site, waiting } from '#test/support/pages.ts';
import { openDesk, registeredCustomer, type Customer, type Desk } from '#test/support/page-desk.ts';
import { chosenPassword } from '#test/support/world.ts';

/** What a page may try that has got as far as the desk. */
let customer: Customer;
let open: Desk;
const bank = site('https://online.bank.kz');
const evil = site('https://bank.kz.evil.com');

beforeAll(async () => {
  customer = await registeredCustomer();
});
afterAll(() => customer.bank.stop());
beforeEach(async () => {
  open = await openDesk(customer);
});
afterEach(async () => {
  await open.world.close();
  expect(open.defects).toEqual([]);
});

type Without<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;
const ask = (
  request: Without<PageRequest, 'id' | 'way' | 'origin'>,
  { origin = bank, signal = new AbortController().signal } = {},
): Promise<PageAnswer> => open.desk.ask({ ...request, id: '1', way: 'extension', origin }, signal);
const refused = (reason: string) => ({ outcome: 'refused', reason });
const document = (name: string, content: Uint8Array = Buffer.from('text')) => ({
  name,
  mediaType: 'text/plain',
  content,
});
const sign = (...documents: ReturnType<typeof document>[]) => ({
  kind: 'sign' as const,
  form: { kind: 'cms' as const, attached: false, timestamp: false },
  documents,
});
const resultOf = (answer: PageAnswer) => {
  if (answer.outcome !== 'done') throw new Error(JSON.stringify(answer));
  return answer.result;
};

describe('before the user has said yes a page learns nothing', () => {
  it('whether there is a token or not, its answer is the same', async () => {
    open.user.answer = refusing;
    const with_ = [await ask({ kind: 'tokens' }), await ask({ kind: 'certificate', purpose: 'any' })];
    await open.world.removeToken();
    const without = [
      await ask({ kind: 'tokens' }, { origin: evil }),
      await ask(sign(document('a')), { origin: evil }),
    ];
    expect(with_).toEqual([refused('user-refused'), refused('user-refused')]);
    expect(without).toEqual(with_);
  });

  it('nor from a PIN that was wrong, or a certificate that has ended', async () => {
    open.user.answer = async (question, signal) => {
      await agreeing('Wrong7Pin')(question, signal).catch(() => undefined);
      return 'refused';
    };
    expect(await ask(sign(document('a')))).toEqual(refused('user-refused'));
  });
});

describe('a second client', () => {
  it('is told that Kilt is busy, whichever site it is, and does not get into the first one’s window', async () => {
    open.user.answer = waiting;
    const page = new AbortController();
    const first = ask({ kind: 'connect' }, { signal: page.signal });
    await eventually(() => open.user.asked.length === 1);
    expect(await ask(sign(document('a')), { origin: evil })).toEqual(refused('busy'));
    expect(await ask({ kind: 'certificate', purpose: 'any' })).toEqual(refused('busy'));
    expect(open.user.asked).toHaveLength(1);
    page.abort();
    await first;
  });
});

describe('the sign-in key', () => {
  it('signs no nonce twice for a site', async () => {
    const nonce = randomBytes(32);
    expect((await ask({ kind: 'sign-in', nonce })).outcome).toBe('done');
    expect(await ask({ kind: 'sign-in', nonce })).toEqual(refused('malformed'));
  });

  it('signs for the site that asks: a nonce that another site relays is worth nothing at the first', async () => {
    const nonce = randomBytes(32);
    const relayed = resultOf(await ask({ kind: 'sign-in', nonce }, { origin: evil }));
    if (relayed.kind !== 'sign-in') throw new Error(relayed.kind);
    const { publicKey } = new X509Certificate(relayed.certificate);
    const fits = (origin: string) =>
      verify('sha256', signInMessage(origin, nonce), publicKey, relayed.signature);
    expect(fits(evil)).toBe(true);
    expect(fits(bank)).toBe(false);
    // Nor is it over anything that the page has written itself.
    expect(verify('sha256', nonce, publicKey, relayed.signature)).toBe(false);
  });

  it.each([0, 16, 31, 1025])('signs no nonce of %d bytes', async (length) => {
    expect(await ask({ kind: 'sign-in', nonce: randomBytes(length) })).toEqual(refused('malformed'));
    expect(open.user.asked).toEqual([]);
  });

  it('is not offered for documents, and is not used for one when it is named all the same', async () => {
    await ask({ kind: 'certificate', purpose: 'sign-in' });
    const [signIn] = open.user.asked[0]?.keys ?? [];
    open.user.answer = async (question) => {
      const key = { tokenId: signIn?.tokenId ?? '', fingerprint: signIn?.fingerprint ?? '' };
      await expect(question.agree({ key, pin: secretFromText(chosenPassword) })).rejects.toMatchObject({
        id: 'key-not-found',
      });
      return 'refused';
    };
    await ask(sign(document('a')));
    expect(open.user.asked[1]?.keys.map(({ purpose }) => purpose)).toEqual(['signature']);
    expect(customer.card.verifies).toBe(0);
  });
});

describe('the words around a document', () => {
  it('are not the page’s: a name is one short line without signs that are not seen', async () => {
    open.user.answer = refusing;
    const name = `order\u202e\n\nfdp.exe\u0000${'x'.repeat(200)}`;
    await ask(sign(document(name)));
    const [shown] = open.user.asked[0]?.documents ?? [];
    expect(shown?.name).toMatch(/^order fdp\.exex+$/);
    expect(shown?.name.length).toBeLessThanOrEqual(80);
  });

  it('what a page calls its document does not change how it is shown', async () => {
    open.user.answer = async (question) => {
      expect((await question.show('1')).preview).toMatchObject({ kind: 'text', text: '<b>Pay</b>' });
      return 'refused';
    };
    await ask(sign({ ...document('a', Buffer.from('<b>Pay</b>')), mediaType: 'text/html' }));
  });
});

describe('requests without measure', () => {
  it('too many documents, or too much of them, are refused before anybody is asked', async () => {
    const many = Array.from({ length: 201 }, () => document('a'));
    expect(await ask(sign(...many))).toEqual(refused('too-large'));
    expect(await ask(sign(document('a', new Uint8Array(33 * 1024 * 1024))))).toEqual(refused('too-large'));
    expect(await ask(sign())).toEqual(refused('malformed'));
    expect(open.user.asked).toEqual([]);
  });

  it('a flood of questions that need no answer is stopped too', async () => {
    const answers: PageAnswer[] = [];
    for (let times = 0; times < 61; times += 1) answers.push(await ask({ kind: 'hello' }));
    expect(answers.at(-1)).toMatchObject(refused('rate-limited'));
  });
});

describe('the PIN', () => {
  it('reaches neither the page nor anything that is kept', async () => {
    const answer = await ask(sign(document('a')));
    const kept = readFileSync(path.join(open.dataFolder, 'kilt.db'));
    const told = JSON.stringify([
      answer,
      open.user.asked,
      open.world.kilt.audit.view({ offset: 0, count: 100 }),
    ]);
    expect(told).not.toContain(chosenPassword);
    expect(kept.includes(chosenPassword)).toBe(false);
  });
});
