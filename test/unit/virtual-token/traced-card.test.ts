import { beforeEach, describe, expect, it } from 'vitest';
import { fromHex } from '#shared/bytes.ts';
import type { EmulatedCard } from '#test/virtual-token/emulated-card.ts';
import { TracedCard, type TraceEntry } from '#test/virtual-token/traced-card.ts';

const decipher = fromHex('002A808602000000');
const getResponse = fromHex('00C0000008');
const select = fromHex('00A4000000');

describe('a trace', () => {
  let heard: TraceEntry[];
  let listening: boolean;
  let answer: string;
  let card: TracedCard;
  beforeEach(() => {
    [heard, listening, answer] = [[], true, '9000'];
    // Stands for the token: what counts here is what is told of its answers.
    const token: EmulatedCard = {
      atr: fromHex('3B88014B415A544F4B454E82'),
      powerOn: () => undefined,
      powerOff: () => undefined,
      reset: () => undefined,
      transmit: () => Promise.resolve(fromHex(answer)),
    };
    card = new TracedCard(token, { listens: () => listening, hear: (entry) => heard.push(entry) });
  });

  it('tells what was asked and answered while somebody listens, and nothing otherwise', async () => {
    await card.transmit(select);
    listening = false;
    card.reset();
    expect(await card.transmit(select)).toEqual(fromHex('9000'));
    listening = true;
    card.powerOff();
    expect(heard.map((entry) => ('text' in entry ? entry.text : entry.event))).toEqual([
      'SELECT first child',
      'power-off',
    ]);
  });

  it('hides the rest of a deciphered block also from somebody who listens only from then on', async () => {
    listening = false;
    answer = '6108';
    await card.transmit(decipher);
    listening = true;
    answer = '5345435245543132' + '9000';
    await card.transmit(getResponse);
    expect(heard).toMatchObject([{ name: 'GET-RESPONSE', answer: '(8 bytes hidden) 9000' }]);
    expect(JSON.stringify(heard)).not.toContain('534543');
  });
});
