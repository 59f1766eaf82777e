import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { isKiltError } from '#shared/errors.ts';
import { renewalSteps, type RenewalStep } from '#shared/renewal-views.ts';
import type { FaultOrder } from '#test/bank/faults.ts';
import { startBank, type RunningBank } from '#test/bank/start-bank.ts';
import { registerNewCard, registeredCard, type RegisteredCard } from '#test/support/registered-card.ts';
import { chosenPassword, newCard } from '#test/support/world.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { RenewalDesk } from './renewal-desk.ts';

/**
 * The interruption matrix of a regeneration: everything that can get in between, at every line of its journal. Each cell is
 * one regeneration that is cut there. At that point its user really signs in at the bank, with whichever keys the token
 * says are in use; the token can not be formatted; and then it goes on to its end, with one pair of each key left, no try
 * spent, and one renewal at the bank.
 *
 * One registered customer is the beginning of all cells: token and bank are copies of what they were then.
 */

const columns = [
  'pulled before',
  'pulled after',
  'swapped',
  'network cut',
  'CA error',
  'wrong certificate',
  'clock changed',
  'PC changed',
] as const;
type Column = (typeof columns)[number];

/** What the other side does, at the steps that ask it something. */
const talks: Partial<Record<RenewalStep, FaultOrder['on']>> = {
  'new-signature-certificate-received': 'cmp',
  'new-signature-certificate-confirmed': 'cmp',
  'new-sign-in-certificate-received': 'cmp',
  'new-sign-in-certificate-confirmed': 'cmp',
  'new-keys-registered-in-bank': 'api',
  'signed-in-with-new-keys': 'api',
};
function faultOf(column: Column, step: RenewalStep): FaultOrder | undefined {
  const on = talks[step];
  if (on === undefined) return undefined;
  if (column === 'network cut') return { next: 'drop-connection', times: 3, on };
  if (column === 'CA error') return { next: 'http-500', on };
  if (column === 'wrong certificate' && step.endsWith('certificate-received'))
    return { next: 'certificate-for-another-key', on };
  return undefined;
}

interface Cell {
  readonly signedInWith: 'old' | 'new';
  readonly outcome: string;
  readonly apdus: number;
  readonly triesSpent: number;
  readonly keys: string;
  readonly renewals: number;
}

const month = 30 * 24 * 3600 * 1000;
const keyOf = (step: RenewalStep, column: Column): string => `${step} × ${column}`;

describe('an interrupted regeneration', () => {
  const table = new Map<string, Cell | undefined>();
  let folder: string;
  let registered: RegisteredCard;
  let bank: RunningBank;
  let desk: RenewalDesk | undefined;
  let clock = 0;
  let cellNumber = 0;

  const bankOptions = { checkAfterSeconds: 1, certificateDays: 20, revocation: 'off' } as const;
  const template = () => path.join(folder, 'bank');

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-renewal-matrix-'));
    const first = await startBank({ dataDir: template(), ...bankOptions });
    registered = await registerNewCard(first);
    await first.stop();
  });
  afterEach(async () => {
    await desk?.close();
    desk = undefined;
    await bank.stop();
    clock = 0;
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
    const text = rendered();
    mkdirSync('test-results', { recursive: true });
    writeFileSync(path.join('test-results', 'renewal-interruption-matrix.md'), text);
    console.log(text);
  });

  const cells = renewalSteps.flatMap((step) => columns.map((column) => ({ step, column })));
  const meant = cells
    .filter(
      ({ step, column }) =>
        !['network cut', 'CA error', 'wrong certificate'].includes(column) || faultOf(column, step),
    )
    .map(({ step, column }) => [keyOf(step, column), step, column] as const);

  it.each(meant)('%s: its user can sign in, and it goes on to success', async (name, step, column) => {
    table.set(name, undefined);
    cellNumber += 1;
    const dataDir = path.join(folder, `bank-${String(cellNumber)}`);
    cpSync(template(), dataDir, { recursive: true });
    bank = await startBank({ dataDir, ...bankOptions });
    const card = registeredCard(registered);
    const { signedInWith, outcome } = await cutInProcess(step, column, card);
    const cell: Cell = {
      signedInWith,
      outcome,
      apdus: card.commands,
      triesSpent: card.refusedVerifies,
      keys: Object.values(card.keyFiles()).join('/'),
      renewals: bank.renewals().length,
    };
    expect(cell).toMatchObject({ outcome: 'ok', triesSpent: 0, keys: '2/2/0', renewals: 1 });
    expect(card.userAttemptsLeft()).toBe(10);
    table.set(name, cell);
  });

  const newDesk = async (
    card: WatchedCard,
    computer: string,
    onRenewalLine?: Strike,
  ): Promise<RenewalDesk> => {
    desk ??= RenewalDesk.with(bank, card, registered.userId);
    await desk.start(computer, { now: () => new Date(Date.now() + clock), onRenewalLine });
    return desk;
  };
  type Strike = (moment: { step: RenewalStep; phase: string }) => void;

  async function cutInProcess(step: RenewalStep, column: Column, card: WatchedCard) {
    const fault = faultOf(column, step);
    const phase = column.endsWith('before') || fault ? 'begun' : 'done';
    const strike = { done: false };
    const at = await newDesk(card, 'first', (moment) => {
      if (strike.done || moment.step !== step || moment.phase !== phase) return;
      strike.done = true;
      if (fault) bank.setFault(fault);
      else at.plugged.remove();
    });
    const [before] = serials(at);
    const { readyToTake } = await at.send();
    if (!strike.done && readyToTake) await at.continue();
    expect(strike.done).toBe(true);
    bank.setFault({ next: 'none' });
    bank.setFault({ next: 'none', on: 'api' });

    if (!fault) {
      await at.isOut();
      if (column === 'swapped') await putAnotherIn(at);
      if (column === 'PC changed') await newDesk(card, 'second');
      else await at.plug();
    }
    await expectFormatRefused(at, step, phase);
    await at.expectSignsIn();
    const signedInWith = serials(at).includes(before ?? '') ? ('old' as const) : ('new' as const);
    if (column === 'clock changed') await goOnWithWrongClock(at);
    return { signedInWith, outcome: await finish(at, before) };
  }

  const serials = (at: RenewalDesk): readonly string[] =>
    at.keySet().certificates.map(({ serialNumber }) => serialNumber);

  /** As a user would who looks at the list and presses what it offers. */
  async function finish(at: RenewalDesk, before: string | undefined): Promise<string> {
    for (let presses = 0; presses < 4; presses += 1) {
      const { renewal } = at.keySet();
      if (!renewal && !serials(at).includes(before ?? '')) break;
      const view = renewal ? await at.continue() : await at.send();
      if (view.error) return `${view.state}, ${view.error.id}`;
    }
    await at.expectSignsIn();
    const { status, renewal } = at.keySet();
    return renewal || serials(at).includes(before ?? '') ? `${status}, unfinished` : 'ok';
  }

  /** What is held back from being formatted: all of which the token tells, and nothing that has ended. */
  async function expectFormatRefused(at: RenewalDesk, step: RenewalStep, phase: string): Promise<void> {
    const notYet = step === 'renewal-recorded' && phase === 'begun';
    const over = step === 'old-keys-removed' && phase === 'done';
    const kinds = await at.formatBlockers();
    if (!notYet && !over) expect(kinds).toContain('unfinished-renewal');
    if (over) expect(kinds).toEqual([]);
  }

  async function putAnotherIn(at: RenewalDesk): Promise<void> {
    const other = newCard();
    await at.plug(other);
    const journal = at.keySet().renewal?.journalId;
    if (journal !== undefined) {
      const order = { journalId: journal, tokenId: at.tokenId, pin: secretFromText(chosenPassword) };
      await expect(at.world.kilt.renewals.continue(order)).rejects.toMatchObject({ id: 'token-swapped' });
    }
    expect(other.verifies).toBe(0);
    at.plugged.remove();
    await at.isOut();
  }

  /** A clock that is a month behind: what can not be believed then is refused, and costs nothing. Somebody sets it right. */
  async function goOnWithWrongClock(at: RenewalDesk): Promise<void> {
    clock = -month;
    if (at.keySet().renewal)
      await at.continue().catch((error: unknown) => {
        if (!isKiltError(error)) throw error;
      });
    clock = 0;
  }

  function rendered(): string {
    const cellText = (step: RenewalStep, column: Column): string => {
      if (!table.has(keyOf(step, column))) return '–';
      const cell = table.get(keyOf(step, column));
      return cell
        ? `${cell.outcome} ${cell.signedInWith} ${cell.apdus} ${cell.triesSpent} ${cell.keys} ${cell.renewals}`
        : 'FAILED';
    };
    const line = (entries: readonly string[]): string => `| ${entries.join(' | ')} |`;
    return [
      '# Interruption matrix of a key-set regeneration',
      '',
      'Each cell: outcome, with which keys its user really signed in at the cut, APDUs of the whole regeneration, tries spent,',
      'private/public/empty key files on the token at the end, renewals at the bank. –: can not happen there.',
      '',
      line(['line of the journal', ...columns]),
      line(['---', ...columns.map(() => '---')]),
      ...renewalSteps.map((step) => line([step, ...columns.map((column) => cellText(step, column))])),
      '',
    ].join('\n');
  }
});
