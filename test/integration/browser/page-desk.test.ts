import { createPublicKey, createVerify, randomBytes, X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signInMessage } from '#main/enrolment/sign-in-message.ts';
import { openPageDesk } from '#main/browser/open-page-desk.ts';
import type { PageDesk } from '#main/browser/page-desk.ts';
import type { PageAnswer, PageRequest, PageResult } from '#main/browser/page-request.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { rsaKeyFromStock } from '#test/support/rsa-key-stock.ts';
import { agreeing, refusing, ScriptedUser, site, waiting } from '#test/support/pages.ts';
import { WatchedCard } from '#test/support/watched-card.ts';
import { chosenPassword, factoryPin, openBank, World } from '#test/support/world.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import { registerCard } from '#test/virtual-token/registered/register-card.ts';

let bank: RunningBank;
let card: WatchedCard;
let world: World;
let user: ScriptedUser;
let desk: PageDesk;
let now: Date;
const defects: unknown[] = [];
const bankSite = site('https://online.bank.kz');
const other = site('https://shop.kz');

beforeAll(async () => {
  bank = await openBank();
  card = new WatchedCard(VirtualCard.create({ profile: 'default-pins' }, { rsaKeySource: rsaKeyFromStock }));
  const opened = { bank, now: () => new Date(), stop: () => Promise.resolve() };
  await registerCard(card.card, opened, { old: factoryPin, new: chosenPassword, label: 'Asel' });
});
afterAll(() => bank.stop());
beforeEach(async () => {
  now = new Date();
  world = await World.open({ bank, kilt: { now: () => now } });
  await world.insert(new FaultyCard(card));
  user = new ScriptedUser();
  desk = openPageDesk(world.kilt, {
    consent: user,
    now: () => now,
    onDefect: (error) => defects.push(error),
  });
  card.verifies = 0;
});
afterEach(async () => {
  await world.close();
  expect(defects).toEqual([]);
});

let requests = 0;
type Without<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;
type Asked = Without<PageRequest, 'id' | 'way' | 'origin'>;
const ask = (
  request: Asked,
  { origin = bankSite, signal = new AbortController().signal } = {},
): Promise<PageAnswer> =>
  desk.ask({ ...request, id: String((requests += 1)), way: 'loopback', origin }, signal);

const text = (name: string, content: string) => ({
  name,
  mediaType: 'text/plain',
  content: new TextEncoder().encode(content),
});
const signing = (...documents: ReturnType<typeof text>[]): Asked => ({
  kind: 'sign',
  form: { kind: 'cms', attached: true, timestamp: false },
  documents,
});
type ResultOf<Kind> = PageResult extends infer One
  ? One extends { kind: infer Kinds }
    ? Kind extends Kinds
      ? One
      : never
    : never
  : never;
function result<Kind extends PageResult['kind']>(answer: PageAnswer, kind: Kind): ResultOf<Kind> {
  if (answer.outcome !== 'done' || answer.result.kind !== kind) throw new Error(JSON.stringify(answer));
  return answer.result as ResultOf<Kind>;
}
const refusedFor = (reason: string) => ({ outcome: 'refused', reason });
const audited = (action: string) =>
  world.kilt.audit.view({ offset: 0, count: 100 }).entries.filter((entry) => entry.action === action);

describe('first contact of a site', () => {
  it('hello tells nothing but whether the site may ask, and asks nobody', async () => {
    expect(await ask({ kind: 'hello' })).toEqual({
      outcome: 'done',
      result: { kind: 'hello', approved: false },
    });
    expect(user.asked).toEqual([]);
  });

  it('asks the user, once; then the site knows whether there is a token', async () => {
    expect(result(await ask({ kind: 'tokens' }), 'tokens').present).toBe(true);
    expect(user.asked).toMatchObject([{ firstContact: true, kind: 'tokens', site: { origin: bankSite } }]);
    expect(result(await ask({ kind: 'tokens' }), 'tokens').present).toBe(true);
    expect(user.asked).toHaveLength(1);
    expect(audited('allow-site')).toMatchObject([{ detail: { site: bankSite, way: 'loopback' } }]);
  });

  it('what one site may, another may not', async () => {
    await ask({ kind: 'connect' });
    user.answer = refusing;
    expect(await ask({ kind: 'tokens' }, { origin: other })).toEqual(refusedFor('user-refused'));
    expect(result(await ask({ kind: 'hello' }, { origin: other }), 'hello').approved).toBe(false);
  });

  it('an approval ends by itself, and whenever the user takes it back', async () => {
    await ask({ kind: 'connect' });
    world.kilt.sites.revoke(bankSite);
    expect(result(await ask({ kind: 'hello' }), 'hello').approved).toBe(false);
    await ask({ kind: 'connect' });
    now = new Date(now.getTime() + 91 * 24 * 60 * 60 * 1000);
    expect(result(await ask({ kind: 'hello' }), 'hello').approved).toBe(false);
  });

  it('a site that is refused again and again has to wait, and the user has peace', async () => {
    user.answer = refusing;
    for (let times = 0; times < 4; times += 1) await ask({ kind: 'connect' });
    expect(await ask({ kind: 'connect' })).toMatchObject({
      ...refusedFor('rate-limited'),
      retryAfterSeconds: 60,
    });
    expect(user.asked).toHaveLength(4);
    now = new Date(now.getTime() + 61_000);
    expect(await ask({ kind: 'connect' })).toEqual(refusedFor('user-refused'));
  });
});

describe('documents of a page', () => {
  it('are signed with one try of the PIN, each with a line in the audit that names the site', async () => {
    const { signatures } = result(await ask(signing(text('a.txt', 'one'), text('b.txt', 'two'))), 'sign');
    expect(signatures).toHaveLength(2);
    expect(card.verifies).toBe(1);
    expect(audited('sign-document')).toMatchObject([
      { result: 'done', detail: { site: bankSite, origin: 'page', bytes: 3 } },
      { result: 'done', detail: { site: bankSite, origin: 'page', bytes: 3 } },
    ]);
    expect(user.asked[0]?.documents.map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
  });

  it('are shown as they are signed', async () => {
    user.answer = async (question) => {
      const shown = await question.show('1');
      expect(shown.preview).toEqual({ kind: 'text', encoding: 'utf-8', text: 'Оплата 100 тг' });
      return 'refused';
    };
    expect(await ask(signing(text('a.txt', 'Оплата 100 тг')))).toEqual(refusedFor('user-refused'));
  });

  it('with a wrong PIN cost one try and leave the window open', async () => {
    user.answer = async (question, signal) => {
      await expect(agreeing('Wrong7Pin')(question, signal)).rejects.toMatchObject({ id: 'wrong-pin' });
      expect(card.verifies).toBe(1);
      return agreeing()(question, signal);
    };
    expect(result(await ask(signing(text('a.txt', 'one'))), 'sign').signatures).toHaveLength(1);
  });

  it('after a wrong PIN and a refusal leave the site no approval', async () => {
    user.answer = async (question, signal) => {
      await agreeing('Wrong7Pin')(question, signal).catch(() => undefined);
      return 'refused';
    };
    expect(await ask(signing(text('a.txt', 'one')))).toEqual(refusedFor('user-refused'));
    expect(world.kilt.sites.list()).toEqual([]);
  });
});

describe('signing in to a site', () => {
  it('signs the site and the nonce together, with the sign-in key', async () => {
    const nonce = randomBytes(32);
    const { certificate, signature } = result(await ask({ kind: 'sign-in', nonce }), 'sign-in');
    const verify = createVerify('sha256').update(signInMessage(bankSite, nonce));
    const { publicKey } = new X509Certificate(certificate);
    expect(verify.verify(createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), signature)).toBe(
      true,
    );
    expect(user.asked[0]?.keys.map(({ purpose }) => purpose)).toEqual(['sign-in']);
  });
});

describe('a page that goes away', () => {
  it('takes its question with it', async () => {
    const page = new AbortController();
    user.answer = waiting;
    const asking = ask({ kind: 'connect' }, { signal: page.signal });
    page.abort();
    expect(await asking).toEqual(refusedFor('page-closed'));
    expect(world.kilt.sites.list()).toEqual([]);
  });

  it('a question that nobody answers is taken back', async () => {
    desk = openPageDesk(world.kilt, {
      consent: user,
      onDefect: (error) => defects.push(error),
      patienceMilliseconds: 20,
    });
    user.answer = waiting;
    expect(await ask({ kind: 'connect' })).toEqual(refusedFor('timed-out'));
  });
});
