import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isKiltError } from '#shared/errors.ts';
import { registrationSteps, type RegistrationStep, type RegistrationView } from '#shared/views.ts';
import type { JournalMoment } from '#main/enrolment/registration-runner.ts';
import type { FaultOrder } from '#test/bank/faults.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { eventually } from '#test/support/eventually.ts';
import { freePort } from '#test/support/free-port.ts';
import { World, chosenPassword, factoryPin, newCard, openBank } from '#test/support/world.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import { VpcdClient } from '#test/virtual-token/vpcd-client.ts';
import { fromStandardInput, runKilt } from './kilt-program.ts';

/**
 * The interruption matrix: everything that can get in between, at every line of the journal. Each cell is one
 * registration that is cut there and continued as a user would, and must end with the same key pairs, one registration
 * at the bank, no try spent, nothing left over on the token, and no format possible in between.
 *
 * Killed is the real program, by itself, with SIGKILL. The rest happens in one process, with everything real but the
 * USB plug. A full disk is SQLite saying so, for a real one needs a disk of its own: disk-full.pcsc.test.ts has that.
 */

type RunStatement = (this: Database.Statement, ...values: unknown[]) => Database.RunResult;

/** Every database of this process, on a disk that can be full. */
class FullDisk {
  readonly #statements: Database.Statement;
  readonly #run: RunStatement;
  #full = false;

  constructor() {
    const database = new Database(':memory:');
    this.#statements = Object.getPrototypeOf(database.prepare('SELECT 1')) as Database.Statement;
    database.close();
    const run = Object.getOwnPropertyDescriptor(this.#statements, 'run')?.value as RunStatement;
    this.#run = run;
    const isFull = () => this.#full;
    this.#statements.run = function (...values) {
      if (isFull() && !/^ROLLBACK|^BEGIN/.test(this.source))
        throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
      return run.apply(this, values);
    };
  }

  fill(): void {
    this.#full = true;
  }

  makeRoom(): void {
    this.#full = false;
  }

  remove(): void {
    this.#statements.run = this.#run;
  }
}

type Customer = Awaited<ReturnType<World['admit']>>;
interface Row {
  readonly step: RegistrationStep;
  /** Within the step, where the bank takes its time: see `JournalMoment`. */
  readonly moment?: Exclude<JournalMoment['phase'], 'begun' | 'done'>;
}
interface Cell {
  outcome: string;
  apdus: number;
  triesSpent: number;
  keys: string;
  registrations: number;
  /** What came of trying to format the token in between; nothing where nobody could. */
  format: 'refused' | 'not tried';
}

const rows: readonly Row[] = [
  ...registrationSteps.map((step) => ({ step })),
  ...(['waiting', 'writing', 'kept'] as const).map((moment) => ({
    step: 'signature-certificate-received' as const,
    moment,
  })),
  ...(['removing', 'removed'] as const).map((moment) => ({
    step: 'signature-certificate-confirmed' as const,
    moment,
  })),
];
const nameOf = ({ step, moment }: Row): string => (moment === undefined ? step : `${step}, ${moment}`);

const columns = [
  'killed before',
  'killed after',
  'pulled before',
  'pulled after',
  'swapped',
  'network cut',
  'CA error',
  'wrong certificate',
  'disk full',
  'clock changed',
  'PC changed',
] as const;
type Column = (typeof columns)[number];

/** What the other side does, at the steps that ask it something. */
const talks: Partial<Record<RegistrationStep, FaultOrder['on']>> = {
  'signature-certificate-received': 'cmp',
  'signature-certificate-confirmed': 'cmp',
  'sign-in-certificate-received': 'cmp',
  'sign-in-certificate-confirmed': 'cmp',
  'registered-in-bank': 'api',
};
function faultOf(column: Column, { step, moment }: Row): FaultOrder | undefined {
  const on = talks[step];
  if (on === undefined || moment !== undefined) return undefined;
  if (column === 'network cut') return { next: 'drop-connection', times: 3, on };
  if (column === 'CA error') return { next: 'http-500', on };
  if (column === 'wrong certificate' && step.endsWith('certificate-received'))
    return { next: 'certificate-for-another-key', on };
  return undefined;
}

const month = 30 * 24 * 3600 * 1000;
const table = new Map<string, Cell | undefined>();
const keyOf = (row: Row, column: Column): string => `${nameOf(row)} × ${column}`;

describe('an interrupted registration', () => {
  let bank: RunningBank;
  let folder: string;
  const worlds: World[] = [];
  let clock = 0;
  let formatRefused = false;
  const disk = new FullDisk();

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-matrix-'));
    bank = await openBank();
  });
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world.close();
    bank.setFault({ next: 'none' });
    bank.setFault({ next: 'none', on: 'api' });
    clock = 0;
    formatRefused = false;
    disk.makeRoom();
  });
  afterAll(async () => {
    disk.remove();
    await bank.stop();
    rmSync(folder, { recursive: true });
    const text = rendered();
    mkdirSync('test-results', { recursive: true });
    writeFileSync(path.join('test-results', 'interruption-matrix.md'), text);
    console.log(text);
  });

  async function computer(name: string, onJournalLine?: (moment: JournalMoment) => void): Promise<World> {
    const world = await World.open({
      bank,
      kilt: { dataFolder: path.join(folder, name), now: () => new Date(Date.now() + clock), onJournalLine },
    });
    worlds.push(world);
    return world;
  }

  /** Plugs the card in and waits until Kilt shows it. */
  async function plug(world: World, card: WatchedCard): Promise<FaultyCard> {
    const plugged = new FaultyCard(card);
    await world.insert(plugged);
    return plugged;
  }

  async function isOut(world: World): Promise<void> {
    await eventually(() => world.kilt.tokensView().tokens.length === 0, { what: 'the token is out' });
  }

  /** A registration that ends is no longer held back from being formatted; every other one is. */
  async function expectFormatRefused(world: World): Promise<void> {
    const { id, kind } = world.token();
    if (kind === 'registered') return;
    expect(kind).toBe('unfinished');
    const { blockers } = await world.kilt.controlPanel.planFormat(id);
    expect(blockers.map((blocker) => blocker.kind)).toContain('unfinished-registration');
    formatRefused = true;
  }

  const cells = rows.flatMap((row) => columns.map((column) => ({ row, column })));
  const isMeant = ({ row, column }: { row: Row; column: Column }): boolean => {
    if (['network cut', 'CA error', 'wrong certificate'].includes(column))
      return faultOf(column, row) !== undefined;
    // Within a step there is one moment, and the lines around it are the step's own.
    if (row.moment !== undefined)
      return !column.endsWith('before') && column !== 'swapped' && column !== 'disk full';
    return true;
  };

  const meant = cells.filter(isMeant).map(({ row, column }) => [keyOf(row, column), row, column] as const);

  it.each(meant)('%s: goes on to success', async (name, row, column) => {
    table.set(name, undefined);
    const card = newCard();
    const customer = await admit(row);
    const outcome = column.startsWith('killed')
      ? await killed(row, column, card, customer)
      : await cutInProcess(row, column, card, customer);
    const cell: Cell = {
      outcome,
      apdus: card.commands,
      triesSpent: card.refusedVerifies,
      keys: Object.values(card.keyFiles()).join('/'),
      registrations: bank.registrations().filter(({ userId }) => userId === customer.userId).length,
      format: formatRefused ? 'refused' : 'not tried',
    };
    expect(cell).toMatchObject({ outcome: 'ok', triesSpent: 0, keys: '2/2/0', registrations: 1 });
    expect(card.userAttemptsLeft()).toBe(10);
    expect(card.privateDataFiles()).toBe(0);
    table.set(name, cell);
  });

  async function admit({ moment }: Row): Promise<Customer> {
    const customer = await bank.admit({ hold: moment !== undefined });
    const keyFilePath = path.join(folder, `${customer.userId}.pfx`);
    writeFileSync(keyFilePath, customer.keyFile);
    return { ...customer, keyFilePath };
  }

  async function cutInProcess(
    row: Row,
    column: Column,
    card: WatchedCard,
    customer: Customer,
  ): Promise<string> {
    const phase = row.moment ?? (column.endsWith('before') || faultOf(column, row) ? 'begun' : 'done');
    let struck = false;
    let plugged: FaultyCard | undefined;
    const first = await computer(`${customer.userId}-1`, (moment) => {
      if (moment.phase === 'kept' || moment.phase === 'not-kept') bank.approve(customer.userId);
      if (struck || moment.step !== row.step || moment.phase !== phase) return;
      struck = true;
      const fault = faultOf(column, row);
      if (column === 'disk full') disk.fill();
      else if (fault) bank.setFault(fault);
      else plugged?.remove();
    });
    plugged = await plug(first, card);
    const { journalId } = await first.begin(customer);
    let world = first;
    const stopped = await first.kilt.runner.ended(journalId);
    expect(struck).toBe(true);
    if (faultOf(column, row)) return resumed(world, customer, stopped);
    if (column === 'disk full') {
      expect(stopped).toMatchObject({ state: 'interrupted', error: { id: 'disk-full' } });
      // Nothing could be written of its end; what is unfinished on the token holds a format back all the same.
      await expectFormatRefused(world);
      disk.makeRoom();
      if (world.token().kind === 'registered')
        await world.kilt.resume({ registrationId: journalId, tokenId: world.token().id });
      return resumed(world, customer, stopped);
    }

    await isOut(first);
    bank.approve(customer.userId);
    if (column === 'swapped') {
      const other = newCard();
      plugged = await plug(first, other);
      const tokenId = first.token().id;
      await first.kilt.resume({ registrationId: journalId, tokenId }).catch(() => undefined);
      const refused = await first.kilt.runner.ended(journalId);
      // Before a step that needs no token the data that were not typed again are missed first.
      if (refused.state === 'interrupted')
        expect(['token-swapped', 'registration-unfinished']).toContain(refused.error?.id);
      expect(other.verifies).toBe(0);
      plugged.remove();
      await isOut(first);
    }
    if (column === 'PC changed') world = await computer(`${customer.userId}-2`);
    await plug(world, card);
    await expectFormatRefused(world);
    if (column === 'clock changed') await goOnWithWrongClock(world, customer);
    return resumed(world, customer, stopped);
  }

  /** A clock that is a month behind: what can not be believed then is refused, and costs nothing. Somebody sets it right. */
  async function goOnWithWrongClock(world: World, customer: Customer): Promise<void> {
    clock = -month;
    if (world.token().kind !== 'registered') {
      const { error } = await world.resume(customer).catch((thrown: unknown) => ({ error: thrown }));
      if (error instanceof Error && !isKiltError(error)) throw error;
    }
    clock = 0;
  }

  async function resumed(world: World, customer: Customer, stopped: RegistrationView): Promise<string> {
    if (world.token().kind === 'registered') {
      await eventually(() => world.kilt.runner.list().length === 0, { what: 'nothing is open' });
      return 'ok';
    }
    const ended = await world.resume(customer);
    return ended.state === 'finished' ? 'ok' : `${stopped.state}, ${ended.error?.id ?? ended.state}`;
  }

  async function killed(row: Row, column: Column, card: WatchedCard, customer: Customer): Promise<string> {
    const dataFolder = mkdtempSync(path.join(folder, 'killed-'));
    const port = await freePort();
    const reader = new VpcdClient({ port });
    await reader.insert(card);
    const pin = Buffer.from(customer.pin).toString();
    const phase = row.moment ?? (column === 'killed before' ? 'begun' : 'done');
    const kilt = (environment: NodeJS.ProcessEnv) =>
      runKilt(
        [
          ...['register', '--json', '--user-id', customer.userId],
          ...['--key-file', customer.keyFilePath, ...fromStandardInput],
        ],
        {
          environment: {
            ...environment,
            KILT_TRANSPORT: 'virtual-reader',
            KILT_USER_DATA: dataFolder,
            KILT_VIRTUAL_READER_PORT: String(port),
            KILT_BANK_FILE: bank.bankFile,
          },
          lines: [factoryPin, pin, chosenPassword],
        },
      );
    try {
      // The last two moments come after the bank has agreed, which it does once the token keeps what is needed.
      const approval = row.moment?.startsWith('remov')
        ? eventually(() => card.privateDataFiles() > 0).then(() => bank.approve(customer.userId))
        : undefined;
      const first = await kilt({ KILT_KILL_AT: `${row.step}:${phase}` });
      await approval;
      expect(first.signal).toBe('SIGKILL');
      bank.approve(customer.userId);
      // The same command with the same lines: the journal and the token tell which of them are needed.
      const answer = (await kilt({})).json() as { registered?: boolean };
      const database = readFileSync(path.join(dataFolder, 'kilt.db'));
      for (const secret of [pin, chosenPassword]) expect(database.includes(secret)).toBe(false);
      return answer.registered === true ? 'ok' : JSON.stringify(answer);
    } finally {
      await reader.stop();
    }
  }

  function rendered(): string {
    const cellText = (row: Row, column: Column): string => {
      if (!table.has(keyOf(row, column))) return '–';
      const cell = table.get(keyOf(row, column));
      return cell
        ? `${cell.outcome} ${cell.apdus} ${cell.triesSpent} ${cell.keys} ${cell.registrations} ${cell.format}`
        : 'FAILED';
    };
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    return [
      '# Interruption matrix of a registration',
      '',
      'Each cell: outcome, APDUs of the whole registration, tries spent, private/public/empty key files on the token,',
      'registrations at the bank, whether a format was refused in between. –: can not happen there.',
      '',
      line(['line of the journal', ...columns]),
      line(['---', ...columns.map(() => '---')]),
      ...rows.map((row) => line([nameOf(row), ...columns.map((column) => cellText(row, column))])),
      '',
    ].join('\n');
  }
});
