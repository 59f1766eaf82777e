import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditActions, type AuditEntry } from '#shared/control-panel-views.ts';
import { errorCatalogue } from '#shared/errors.ts';
import { createTranslator } from '#shared/texts/i18n.ts';
import { language } from '#shared/views.ts';
import { auditOperations, byDay, matches, noFilter } from '../../../src/renderer/journal/audit-operations.ts';
import { operationFacts, operationSentence } from '../../../src/renderer/journal/operation-words.ts';

const entry = (line: number, changes: Partial<AuditEntry> = {}): AuditEntry => ({
  line,
  at: new Date(2026, 10, 22, 9, line).toISOString(),
  action: 'rename',
  result: 'done',
  tokenSerial: '3A5B7C1D',
  tokenLabel: 'qq111111',
  role: 'user',
  reason: null,
  errorCode: null,
  detail: {},
  hash: 'ab',
  ...changes,
});
const lines = (...entries: AuditEntry[]) =>
  auditOperations(entries.toReversed()).map(({ line, begunAt }) => [line, begunAt !== undefined]);

describe('the lines of the audit', () => {
  it('that tell of one action are one operation', () => {
    expect(lines(entry(1, { result: 'begun' }), entry(2))).toEqual([[2, true]]);
  });

  it('that tell of a beginning alone stay: nobody knows how it ended', () => {
    const killed = entry(1, { result: 'begun' });
    expect(lines(killed)).toEqual([[1, true]]);
    expect(lines(killed, entry(2, { result: 'begun' }), entry(3))).toEqual([
      [3, true],
      [1, true],
    ]);
  });

  it('that tell of another token or another action are not taken for the same', () => {
    expect(lines(entry(1, { result: 'begun', tokenSerial: '47738461' }), entry(2))).toHaveLength(2);
    expect(lines(entry(1, { result: 'begun', action: 'unblock' }), entry(2))).toHaveLength(2);
  });

  it('of an action within another are told apart', () => {
    const override = (line: number, result: AuditEntry['result']) =>
      entry(line, { action: 'override-interlock', result });
    const format = (line: number, result: AuditEntry['result']) => entry(line, { action: 'format', result });
    expect(lines(override(1, 'begun'), format(2, 'begun'), format(3, 'done'), override(4, 'done'))).toEqual([
      [4, true],
      [3, true],
    ]);
  });

  it('that were found and noted afterwards do not take the beginning of the action before them', () => {
    expect(lines(entry(1, { result: 'begun' }), entry(2), entry(3, { result: 'failed' }))).toEqual([
      [3, false],
      [2, true],
    ]);
  });

  it('that end without a beginning, as rights do, are told as they are', () => {
    expect(lines(entry(1, { action: 'logout' }))).toEqual([[1, false]]);
  });

  it('are never lost: each is an operation or the beginning of one', () => {
    const anyEntry = fc.record({
      action: fc.constantFrom('rename', 'format', 'logout'),
      result: fc.constantFrom('begun', 'done', 'failed'),
      tokenSerial: fc.constantFrom('01', '02'),
    });
    fc.assert(
      fc.property(fc.array(anyEntry), (some) => {
        const all = some.map((one, place) => entry(place + 1, one as Partial<AuditEntry>)).toReversed();
        const operations = auditOperations(all);
        const begun = new Set(operations.flatMap(({ begunAt }) => begunAt ?? []));
        for (const one of all) {
          expect(operations.some(({ line }) => line === one.line) || begun.has(one.at)).toBe(true);
        }
        const order = operations.map(({ line }) => line);
        expect(order).toEqual(order.toSorted((a, b) => b - a));
        for (const { entry: end, begunAt } of operations) {
          if (begunAt !== undefined) expect(Date.parse(begunAt)).toBeLessThanOrEqual(Date.parse(end.at));
        }
      }),
    );
  });
});

describe('the filter', () => {
  const operation = { line: 1, entry: entry(1, { result: 'failed' }) };

  it.each([
    [{}, true],
    [{ token: ' 3a5b ' }, true],
    [{ token: 'QQ11' }, true],
    [{ token: '4773' }, false],
    [{ action: 'rename' }, true],
    [{ action: 'format' }, false],
    [{ result: 'failed' }, true],
    [{ result: 'done' }, false],
    [{ token: 'qq', result: 'done' }, false],
  ] as const)('%j lets it through: %s', (filter, passes) => {
    expect(matches(operation, { ...noFilter, ...filter })).toBe(passes);
  });
});

describe('the days', () => {
  it('are those of this computer, in the order of the entries', () => {
    const at = (...when: [number, number, number, number, number]) => new Date(...when).toISOString();
    const operations = auditOperations([
      entry(3, { at: at(2026, 10, 22, 0, 1) }),
      entry(2, { at: at(2026, 10, 21, 23, 59) }),
      entry(1, { at: at(2026, 10, 21, 0, 0) }),
    ]);
    expect(byDay(operations).map(({ date, operations: of }) => [date.getDate(), of.length])).toEqual([
      [22, 1],
      [21, 2],
    ]);
  });
});

describe.each(language.options)('in %s', (name) => {
  const { t } = createTranslator(name);

  it('each action has a sentence of its own for each result', () => {
    const sentences = auditActions.flatMap((action) =>
      (['done', 'failed', 'begun'] as const).map((result) =>
        operationSentence({ line: 1, entry: entry(1, { action, result }) }, t),
      ),
    );
    expect(new Set(sentences).size).toBe(auditActions.length * 3);
    for (const sentence of sentences) expect(sentence).not.toMatch(/^journal\./);
  });

  it('rights that ended say why', () => {
    const why = (cause: string) =>
      operationSentence({ line: 1, entry: entry(1, { action: 'logout', detail: { cause } }) }, t);
    const causes = [
      'logout',
      'removed',
      'idle',
      'locked',
      'refused',
      'swapped',
      'pin-changed',
      'formatted',
      'quit',
    ];
    expect(new Set(causes.map(why)).size).toBe(causes.length);
    expect(why('something new')).toBe(t('journal.done.logout'));
  });
});

describe('the details', () => {
  const { t } = createTranslator('ru');
  const facts = (changes: Partial<AuditEntry>) =>
    Object.fromEntries(operationFacts({ line: 1, entry: entry(1, changes) }, t));

  it('tell the code of a failure and what it is called', () => {
    const { code } = errorCatalogue['wrong-pin'];
    expect(facts({ errorCode: code })['Код']).toBe(`${code}, Неверный PIN-код`);
    expect(facts({ errorCode: '0999999' })['Код']).toBe('0999999');
  });

  it('tell the reason of an override and the settings of a format, in words', () => {
    expect(
      facts({
        reason: 'Заявка 4711',
        detail: { userPinChangedBy: 'both', userMinLength: 8, foundFinished: true },
      }),
    ).toMatchObject({
      Причина: 'Заявка 4711',
      'PIN-код пользователя меняет': 'Пользователь и Администратор',
      'Наименьшая длина PIN-кода пользователя': '8',
      'Закончено до выключения программы': 'да',
    });
  });

  it('leave nothing out that a newer Kilt may have written', () => {
    expect(facts({ detail: { somethingNew: 'a value' } })['somethingNew']).toBe('a value');
  });
});
