import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pcscErrorNamed } from '#native/pcsc-error.ts';
import type { NamedPcscCode } from '#native/pcsc-error.ts';
import type { PcscCard, PcscContext } from '#native/pcsc.ts';
import { PcscTransport } from '#main/token/pcsc-transport.ts';
import type { CardWhereabouts, PcscTransportOptions } from '#main/token/pcsc-transport.ts';
import { isKiltError } from '#shared/errors.ts';
import type { ErrorId } from '#shared/errors.ts';

const COMMAND = Uint8Array.of(0x00, 0x84, 0x00, 0x00, 0x08);
const OK = Uint8Array.of(0x90, 0x00);

/** Notes the calls in order; each is answered by what the test has put there. */
class NotedCard implements PcscCard {
  readonly calls: string[] = [];
  readonly protocol = 'T=1';
  answers: Partial<Record<'transmit' | 'beginTransaction', () => Promise<Uint8Array>>> = {};

  #note(call: string): Promise<void> {
    this.calls.push(call);
    return Promise.resolve();
  }

  async transmit(): Promise<Uint8Array> {
    this.calls.push('transmit');
    return this.answers.transmit?.() ?? OK;
  }

  async beginTransaction(): Promise<void> {
    this.calls.push('begin');
    await this.answers.beginTransaction?.();
  }

  endTransaction = (): Promise<void> => this.#note('end');
  reconnect = (): Promise<void> => this.#note('reconnect');
  disconnect = (disposition: string): Promise<void> => this.#note(`disconnect ${disposition}`);
  disconnectNow = (): void => void this.#note('disconnect now');
  control = (): Promise<Uint8Array> => Promise.resolve(OK);
  attribute = (): Promise<Uint8Array> => Promise.resolve(OK);

  async status(): ReturnType<PcscCard['status']> {
    this.calls.push('status');
    return { readerName: 'Reader', atr: OK, protocol: 'T=1' };
  }
}

let card: NotedCard;
let released: number;
const open: PcscTransport[] = [];

beforeEach(() => {
  card = new NotedCard();
  released = 0;
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((transport) => transport.close()));
  vi.useRealTimers();
});

function connected(
  whereabouts: CardWhereabouts = 'in-reader',
  options: Partial<PcscTransportOptions> = {},
): PcscTransport {
  const release = (): Promise<void> => {
    released++;
    return Promise.resolve();
  };
  const context = { release } as unknown as PcscContext;
  const transport = new PcscTransport({
    context,
    card,
    readerName: 'Reader',
    atr: OK,
    transactionTimeoutMs: 50,
    idleTransactionResetMs: null,
    cardWhereabouts: () => Promise.resolve(whereabouts),
    ...options,
  });
  open.push(transport);
  return transport;
}

const code = (name: NamedPcscCode) => (): Promise<never> =>
  Promise.reject(pcscErrorNamed('SCardTransmit', name));
const fails = (id: ErrorId) => expect.toSatisfy((error: unknown) => isKiltError(error, id));

describe('a card reset by another program', () => {
  it('ends the work in hand: nothing more is sent until a new transaction begins', async () => {
    const transport = connected();
    await transport.beginTransaction();
    card.answers.transmit = code('SCARD_W_RESET_CARD');
    await expect(transport.transmit(COMMAND)).rejects.toEqual(fails('token-in-use'));
    delete card.answers.transmit;
    await expect(transport.transmit(COMMAND)).rejects.toEqual(fails('token-in-use'));
    await transport.endTransaction();
    expect(card.calls).toEqual(['begin', 'transmit', 'reconnect']);

    await transport.beginTransaction();
    expect(await transport.transmit(COMMAND)).toEqual(OK);
  });

  it('between two commands outside a transaction is told as well', async () => {
    const transport = connected();
    card.answers.beginTransaction = code('SCARD_W_RESET_CARD');
    await expect(transport.transmit(COMMAND)).rejects.toEqual(fails('token-in-use'));
    expect(card.calls).toEqual(['begin', 'reconnect']);
  });

  it('between two transactions is repaired once, without a word', async () => {
    const transport = connected();
    const answers = [code('SCARD_W_RESET_CARD'), () => Promise.resolve(OK)];
    card.answers.beginTransaction = () => answers.shift()?.() ?? Promise.resolve(OK);
    await transport.beginTransaction();
    expect(card.calls).toEqual(['begin', 'reconnect', 'begin']);
  });

  it('again and again is not repaired for ever', async () => {
    const transport = connected();
    card.answers.beginTransaction = code('SCARD_W_RESET_CARD');
    await expect(transport.beginTransaction()).rejects.toEqual(fails('token-in-use'));
    expect(card.calls.filter((call) => call === 'begin')).toHaveLength(2);
  });
});

describe('a failure that PC/SC does not explain', () => {
  it.each([
    ['left', 'token-removed'],
    ['service-off', 'pcsc-service-off'],
    ['in-reader', 'token-mute'],
  ] as const)('when the card is %s is %s', async (whereabouts, id) => {
    const transport = connected(whereabouts);
    card.answers.transmit = code('SCARD_E_NOT_TRANSACTED');
    await expect(transport.transmit(COMMAND)).rejects.toEqual(fails(id));
  });
});

it('success without an answer is no answer', async () => {
  const transport = connected('left');
  card.answers.transmit = () => Promise.resolve(new Uint8Array());
  await expect(transport.transmit(COMMAND)).rejects.toEqual(fails('token-removed'));
});

describe('waiting for another program', () => {
  it('ends after the time given, and the turn that comes late is given back', async () => {
    const transport = connected();
    let otherProgramEnds = (): void => undefined;
    card.answers.beginTransaction = () =>
      new Promise((resolve) => {
        otherProgramEnds = () => resolve(OK);
      });
    await expect(transport.beginTransaction()).rejects.toEqual(fails('token-in-use'));
    otherProgramEnds();
    await expect.poll(() => card.calls).toEqual(['begin', 'end']);
  });

  it('a second attempt takes over the turn the first is still waiting for', async () => {
    const transport = connected();
    let otherProgramEnds = (): void => undefined;
    card.answers.beginTransaction = () =>
      new Promise((resolve) => {
        otherProgramEnds = () => resolve(OK);
      });
    await expect(transport.beginTransaction()).rejects.toEqual(fails('token-in-use'));
    const second = transport.beginTransaction();
    otherProgramEnds();
    await second;
    await transport.transmit(COMMAND);
    expect(card.calls).toEqual(['begin', 'transmit']);
  });
});

describe('closing a connection', () => {
  it('leaves the card powered, once', async () => {
    const transport = connected();
    await Promise.all([transport.close(), transport.close()]);
    expect(card.calls).toEqual(['disconnect leave']);
    expect(released).toBe(1);
  });

  it('inside a transaction resets the card, so that no login stays behind', async () => {
    const transport = connected();
    await transport.beginTransaction();
    await transport.close();
    expect(card.calls).toEqual(['begin', 'disconnect reset']);
  });

  it('ends what can be done with it', async () => {
    const transport = connected();
    await transport.close();
    await expect(transport.transmit(COMMAND)).rejects.toEqual(fails('token-removed'));
    await expect(transport.beginTransaction()).rejects.toEqual(fails('token-removed'));
  });
});

describe('a transaction on Windows, which resets a card after five idle seconds', () => {
  it('is kept awake while it is open, and left alone after its end', async () => {
    vi.useFakeTimers();
    const transport = connected('in-reader', { idleTransactionResetMs: 5000 });
    await transport.beginTransaction();
    await vi.advanceTimersByTimeAsync(10_100);
    expect(card.calls).toEqual(['begin', 'status', 'status', 'status', 'status']);
    await transport.endTransaction();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(card.calls.at(-1)).toBe('end');
  });
});
