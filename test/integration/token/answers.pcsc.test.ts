import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { isKiltError } from '#shared/errors.ts';
import { eventually } from '#test/support/eventually.ts';
import type { CommandName } from '#test/virtual-token/apdu-names.ts';
import { DeskToken, TokenDesk, userPin } from './token-desk.ts';
import { expectFilled, fill, fillAndChangePin, newPin } from './work-on-token.ts';

let desk: TokenDesk;
let token: DeskToken;
beforeAll(async () => {
  desk = await TokenDesk.open();
});
afterAll(() => desk.close());

/** The same token, not put in anew: it can be used again at once, and nothing of the failure is left on it. */
async function expectUsable(): Promise<void> {
  token.faults.disarm();
  await desk.asUser(token, fill);
  await expectFilled(desk, token);
}

describe('a status word', () => {
  beforeAll(async () => {
    token = await desk.withToken();
  });
  afterAll(() => desk.clear());
  afterEach(expectUsable);

  it.each([
    // What the chip says when a PIN is wrong or blocked.
    ['VERIFY', '63C2', 'wrong-pin', { role: 'user', attemptsLeft: 2 }],
    ['VERIFY', '6983', 'pin-blocked', { role: 'user' }],
    ['VERIFY', '6F00', 'token-answer-unexpected', { step: 'verify', statusWord: '6F00' }],
    // «Wrong Le» and «more data» would have a reading command sent again; a PIN never is.
    ['VERIFY', '6C08', 'token-answer-unexpected', { step: 'verify', statusWord: '6C08' }],
    ['VERIFY', '6108', 'token-answer-unexpected', { step: 'verify' }],
    ['CREATE', '6A84', 'token-memory-full', { step: 'create-file', statusWord: '6A84' }],
    ['CREATE', '6982', 'pin-needed', { step: 'create-file', statusWord: '6982' }],
    ['SELECT', '6F00', 'token-answer-unexpected', { step: 'select', statusWord: '6F00' }],
    ['READ', '6B00', 'token-answer-unexpected', { step: 'read-binary', statusWord: '6B00' }],
    ['UPDATE', '6581', 'token-failing', { step: 'update-binary', statusWord: '6581' }],
    ['GENERATE', '6F00', 'token-answer-unexpected', { step: 'generate-key-pair', statusWord: '6F00' }],
    ['SIGN', '6985', 'token-answer-unexpected', { step: 'sign', statusWord: '6985' }],
    ['CHANGE-PIN', '6A80', 'pin-refused', { role: 'user' }],
    ['CHANGE-PIN', '6F00', 'token-answer-unexpected', { role: 'user', statusWord: '6F00' }],
  ] as const)('in place of %s: %s is told as %s', async (command, statusWord, id, data) => {
    prepareFor(command);
    token.faults.arm({ do: 'answer', command, statusWord, nth: numberOf(command) });
    await expect(desk.asUser(token, workWith(command))).rejects.toMatchObject({ id, data });
    expect(token.verifiesSent).toBe(1);
    expect(token.faults.armed).toEqual([]);
  });

  it('6F86 to VERIFY says that the PIN was not looked at: it is sent once more after a logout, not for ever', async () => {
    prepareFor('VERIFY');
    token.faults.arm({ do: 'answer', command: 'VERIFY', statusWord: '6F86' });
    await desk.asUser(token, fill);
    expect(token.sent.filter((name) => name === 'VERIFY' || name === 'LOGOUT').slice(0, 3)).toEqual([
      'VERIFY',
      'LOGOUT',
      'VERIFY',
    ]);
    prepareFor('VERIFY');
    token.faults.arm({ do: 'answer', command: 'VERIFY', statusWord: '6F86', times: 'always' });
    await expect(desk.asUser(token, fill)).rejects.toMatchObject({ id: 'token-answer-unexpected' });
    expect(token.verifiesSent).toBe(2);
  });
});

describe('an answer that is garbage', () => {
  beforeAll(async () => {
    token = await desk.withToken();
  });
  afterAll(() => desk.clear());
  afterEach(expectUsable);

  it.each(['VERIFY', 'SELECT', 'READ', 'CREATE', 'UPDATE', 'GENERATE', 'SIGN'] as const)(
    'to %s is told as an error, and no PIN is sent again',
    async (command) => {
      prepareFor(command);
      token.faults.arm({ do: 'garble', how: 'garbage', command, nth: numberOf(command) });
      await expectToldAsError(desk.asUser(token, fill));
    },
  );

  it('to CHANGE-PIN is told as an error; the new password is the right one', async () => {
    prepareFor('CHANGE-PIN');
    token.faults.arm({ do: 'garble', how: 'garbage', command: 'CHANGE-PIN' });
    await expectToldAsError(desk.asUser(token, fillAndChangePin));
    await desk.asUser(token, (session) => session.setPin('user', secretFromText(userPin)), newPin);
  });

  it('of no bytes at all in place of a signature is not taken for one', async () => {
    token.sent = [];
    token.faults.arm({ do: 'answer', command: 'SIGN', statusWord: '9000', nth: numberOf('SIGN') });
    await expect(desk.asUser(token, fill)).rejects.toMatchObject({ id: 'token-answer-unexpected' });
  });

  /** Two random bytes may once in a while make a status word that asks for more; then the right answer comes. */
  async function expectToldAsError(work: Promise<void>): Promise<void> {
    const outcome = await work.catch((error: unknown) => error);
    expect(outcome === undefined || isKiltError(outcome)).toBe(true);
    expect(isKiltError(outcome, 'internal')).toBe(false);
    expect(token.verifiesSent).toBe(1);
  }
});

describe('an answer that is cut to one byte', () => {
  beforeAll(async () => {
    token = await desk.withToken();
  });
  afterAll(() => desk.clear());
  afterEach(expectUsable);

  it.each(['VERIFY', 'SIGN'] as const)('to %s is told as a token that does not answer', async (command) => {
    prepareFor(command);
    token.faults.arm({ do: 'garble', how: 'short', command, nth: numberOf(command) });
    await expect(desk.asUser(token, fill)).rejects.toMatchObject({ id: 'token-mute', code: '0100013' });
    expect(token.verifiesSent).toBe(1);
  });
});

describe('while a token is read for the first time', () => {
  afterEach(() => desk.clear());

  it('answers of one byte make it a token that does not answer, which is read once it does', async () => {
    token = new DeskToken();
    const seen: (string | undefined)[] = [];
    const stop = desk.watch.onChange(() => seen.push(desk.watch.tokens()[0]?.error?.id));
    token.faults.arm({ do: 'garble', how: 'short', command: 'GET-DATA' });
    await desk.plugInAgain(token);
    await eventually(() => desk.watch.tokens()[0]?.state === 'ready');
    stop();
    expect(seen).toContain('token-mute');
    await expectUsable();
  });
});

describe('an answer that comes late', () => {
  afterEach(() => desk.clear());

  it('is waited for, whatever was asked', async () => {
    token = await desk.withToken();
    for (const command of ['VERIFY', 'CREATE', 'UPDATE', 'SIGN'] as const)
      token.faults.arm({ do: 'delay', milliseconds: 300, command });
    await desk.asUser(token, fill);
    expect(token.faults.armed).toEqual([]);
    expect(token.verifiesSent).toBe(1);
    await expectFilled(desk, token);
  });

  it('since a key is made holds up other work on the token, which is done afterwards', async () => {
    token = await desk.withToken();
    token.watched.card.minimumKeyGenerationMs = 300;
    const order: string[] = [];
    await Promise.all([
      desk.asUser(token, fill).then(() => order.push('key')),
      desk.session(token, (session) => session.info()).then(() => order.push('information')),
    ]);
    expect(order).toEqual(['key', 'information']);
    await expectFilled(desk, token);
  });

  it('from a key generation that ends with the token pulled leaves no half key', async () => {
    token = await desk.withToken();
    token.watched.card.minimumKeyGenerationMs = 300_000;
    const work = desk.asUser(token, fill);
    const failure = expect(work).rejects.toMatchObject({ id: 'token-removed' });
    await eventually(() => token.sent.includes('GENERATE'));
    token.faults.remove();
    await failure;
    token.watched.card.minimumKeyGenerationMs = 0;
    await desk.putBack(token);
    expect((await desk.objects(token)).keys).toEqual([]);
    await expectUsable();
  });
});

const workWith = (command: CommandName) => (command === 'CHANGE-PIN' ? fillAndChangePin : fill);

/**
 * Which command of this name matters: the first SELECTs ask for the rules of the PINs, which a card may keep to
 * itself; of a chain, the last link carries the answer.
 */
const numberOf = (command: CommandName): number => ({ SELECT: 5, SIGN: 2 })[command as string] ?? 1;

/** The token as this command will be sent to it: of an empty one nothing is read, to a full one nothing is written. */
function prepareFor(command: CommandName): void {
  if (command !== 'READ') token.empty();
  token.sent = [];
}
