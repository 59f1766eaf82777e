import { describe, expect, it } from 'vitest';

import { armedFault } from '#test/virtual-token/fault-schemas.ts';
import {
  type Deed,
  deeds,
  emptyDraft,
  type FaultDraft,
  faultFrom,
  mistakes,
} from '#test/virtual-token/page/client/faults/fault-order.ts';
import { hexDump } from '#test/virtual-token/page/client/files/hex-dump.ts';
import { matching, toneOf } from '#test/virtual-token/page/client/trace/trace-lines.ts';
import type { NumberedEntry } from '#test/virtual-token/page/view.ts';
import type { Exchange, TraceEntry } from '#test/virtual-token/traced-card.ts';

const allDeeds = Object.keys(deeds) as Deed[];
const draft = (changes: Partial<FaultDraft>): FaultDraft => ({ ...emptyDraft, ...changes });

describe('the form of a fault', () => {
  it.each(allDeeds)('orders what the token takes: %s', (deed) => {
    const filled = draft({ deed, command: deed === 'tear' ? 'UPDATE' : 'SIGN', nth: '3', always: true });
    expect(mistakes(filled).size).toBe(0);
    expect(armedFault.parse(faultFrom(filled))).toMatchObject({ nth: 3, times: 'always' });
    expect(armedFault.parse(faultFrom(draft({ deed, command: 'any' })))).not.toHaveProperty('command', 'any');
  });

  it.each<[Partial<FaultDraft>, keyof FaultDraft]>([
    [{ nth: '0' }, 'nth'],
    [{ nth: 'two' }, 'nth'],
    [{ times: '' }, 'times'],
    [{ deed: 'answer-instead', statusWord: '6F0' }, 'statusWord'],
    [{ deed: 'delay', milliseconds: '1.5' }, 'milliseconds'],
    [{ deed: 'delay', milliseconds: '3600001' }, 'milliseconds'],
    [{ deed: 'remove-after', backAfter: '-1' }, 'backAfter'],
    [{ deed: 'tear', bytes: 'all' }, 'bytes'],
  ])('sees that %o makes no sense', (changes, field) => {
    expect([...mistakes(draft(changes))]).toEqual([field]);
  });

  it('minds only the fields of what is chosen', () => {
    expect(mistakes(draft({ deed: 'garbage', statusWord: '', milliseconds: '', bytes: 'x' })).size).toBe(0);
  });
});

const exchange = (changes: Partial<Exchange>): Exchange => ({
  at: '2026-11-22T10:00:00.000Z',
  event: 'exchange',
  name: 'SELECT',
  text: 'SELECT 5000',
  command: '00A40800025000',
  answer: '9000',
  statusWord: '9000',
  meaning: 'done',
  milliseconds: 1,
  ...changes,
});
const numbered = (...entries: TraceEntry[]): NumberedEntry[] =>
  entries.map((entry, at) => ({ number: at + 1, entry }));

describe('the lines of the trace', () => {
  const lines = numbered(
    exchange({}),
    exchange({ name: 'VERIFY', text: 'VERIFY user', statusWord: '6300', meaning: 'wrong PIN' }),
    exchange({ name: 'UPDATE', text: 'UPDATE at 0, 8 bytes', command: '00D60000080102030405060708' }),
    { at: '2026-11-22T10:00:00.000Z', event: 'fault', text: 'answers SELECT 20 ms late' },
    { at: '2026-11-22T10:00:00.000Z', event: 'removed' },
  );
  const numbers = (found: readonly NumberedEntry[]): number[] => found.map(({ number }) => number);

  it.each([
    ['all', '', [1, 2, 3, 4, 5]],
    ['refused', '', [2]],
    ['writes', '', [3]],
    ['faults', '', [4, 5]],
    ['all', 'select', [1, 4]],
    ['all', 'wrong pin', [2]],
    ['all', '00d6', [3]],
    ['all', 'pulled out', [5]],
    ['refused', 'select', []],
  ] as const)('of kind %s with «%s» are %j', (kind, typed, expected) => {
    expect(numbers(matching(lines, kind, typed))).toEqual(expected);
  });

  it('are refusals only where the token refused', () => {
    const tone = (statusWord: string, name: Exchange['name'] = 'SELECT') =>
      toneOf(exchange({ statusWord, name }));
    expect(tone('9000')).toBe('done');
    expect(tone('6110')).toBe('done');
    expect(tone('6C10')).toBe('done');
    expect(tone('63C4', 'PIN-STATUS')).toBe('done');
    expect(tone('6983', 'PIN-STATUS')).toBe('refused');
    expect(tone('63C4', 'VERIFY')).toBe('refused');
    expect(tone('6A82')).toBe('refused');
  });
});

describe('bytes on the page', () => {
  it('are lines of sixteen with what is readable, and zeros at the end are counted', () => {
    const text = Buffer.from('KAZTOKEN and more').toString('hex');
    expect(hexDump(`${text}${'00'.repeat(47)}`)).toBe(
      [
        '0000 4B 41 5A 54 4F 4B 45 4E 20 61 6E 64 20 6D 6F 72  KAZTOKEN and mor',
        '0010 65 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  e···············',
        '0020 zeros up to the end, 32 bytes',
      ].join('\n'),
    );
    expect(hexDump('')).toBe('');
  });
});
