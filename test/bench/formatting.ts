import { secretFromText } from '#shared/bytes.ts';
import { PcscAccess } from '#main/token/pcsc-access.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import { TokenWatchService } from '#main/token/token-watch-service.ts';
import { OpenscBench } from '#test/integration/virtual-token/opensc-bench.ts';
import { cardWork, traceLines, type CardWork } from './card-trace.ts';
import { compare, takePairs, type Comparison } from './median.ts';

/**
 * Formatting, unblocking and reading a token by Kilt and by OpenSC, in turn, on the same virtual token in the reader of
 * this PC/SC world. Writes one line of JSON.
 */
export interface FormattingResult {
  readonly format: TaskComparison;
  readonly unblock: TaskComparison;
  readonly read: TaskComparison;
}

interface TaskComparison {
  readonly commands: Comparison;
  readonly seconds: Comparison;
}

interface Run {
  readonly seconds: number;
  readonly card: CardWork;
}

const PAIRS = 9;
/** When this time is over, no other round is begun. */
const SECONDS = 60;
const label = 'Branch 7';
const pins = { user: '12345678', administrator: '87654321' } as const;

const bench = await OpenscBench.start(['--profile', 'formatted', '--atr', 'rutoken']);

async function measured(work: () => Promise<void>): Promise<Run> {
  const before = traceLines(bench.traceText()).length;
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  return { seconds, card: cardWork(traceLines(bench.traceText()).slice(before)) };
}

async function withKilt<T>(work: (watch: TokenWatchService) => Promise<T>): Promise<T> {
  const watch = new TokenWatchService(new PcscAccess());
  await watch.start();
  try {
    return await work(watch);
  } finally {
    await watch.stop();
  }
}

/** Kilt runs and shows the token, as when somebody presses a button: the work, and what is read after it. */
const byKilt = (work: (session: TokenSession) => Promise<void>): Promise<Run> =>
  withKilt(async (watch) => {
    const id = await ready(watch);
    return measured(() => watch.withSession(id, work));
  });

/** From the start of Kilt's token watch until it shows the token. */
const readByKilt = (): Promise<Run> =>
  measured(() =>
    withKilt(async (watch) => {
      await ready(watch);
    }),
  );

const ready = (watch: TokenWatchService): Promise<string> =>
  new Promise((resolve) => {
    const look = (): void => {
      const token = watch.tokens().find(({ state }) => state === 'ready');
      if (token === undefined) return;
      stop();
      resolve(token.id);
    };
    const stop = watch.onChange(look);
    look();
  });

const soPin = ['--so-pin', pins.administrator] as const;
const openscPrograms = {
  // OpenSC 0.23 lets --erase-card stand with no other action.
  format: [
    ['pkcs15-init', '--erase-card'],
    ['pkcs15-init', '--create-pkcs15', '--label', label, ...soPin, '--so-puk', ''],
    [
      ...['pkcs15-init', '--store-pin', '--label', 'User PIN', '--auth-id', '02', '--pin', pins.user],
      ...['--puk', '', ...soPin, '--finalize'],
    ],
  ],
  unblock: [
    [
      ...['pkcs11-tool', '--module', 'opensc-pkcs11.so', '--login', '--login-type', 'so', ...soPin],
      ...['--init-pin', '--pin', pins.user],
    ],
  ],
  read: [['pkcs15-tool', '--dump']],
} as const;

const byOpensc = (task: keyof typeof openscPrograms): Promise<Run> =>
  measured(async () => {
    for (const [program, ...args] of openscPrograms[task]) await bench.must(program, ...args);
  });

const byKiltTask = {
  format: (session: TokenSession) =>
    session.format({
      label,
      userPinChangedBy: 'both',
      userPin: secretFromText(pins.user),
      administratorPin: secretFromText(pins.administrator),
      userMinLength: 6,
      administratorMinLength: 8,
      userAttempts: 5,
      administratorAttempts: 10,
    }),
  unblock: async (session: TokenSession) => {
    await session.login('administrator', secretFromText(pins.administrator));
    await session.unblockUserPin();
    await session.setPin('user', secretFromText(pins.user));
  },
} as const;

/** By wrong tries, which no measure counts. */
const blockUserPin = (): Promise<void> =>
  withKilt(async (watch) => {
    const id = await ready(watch);
    const wrong = secretFromText('wrong-pin');
    while (watch.tokens()[0]?.info?.userPin.blocked !== true) {
      await watch.withSession(id, (session) => session.login('user', wrong)).catch(() => undefined);
    }
  });

type Round = Readonly<Record<keyof typeof openscPrograms, readonly [kilt: Run, opensc: Run]>>;

async function round(): Promise<Round> {
  const format = [await byKilt(byKiltTask.format), await byOpensc('format')] as const;
  const read = [await readByKilt(), await byOpensc('read')] as const;
  await blockUserPin();
  const unblocked = await byKilt(byKiltTask.unblock);
  await blockUserPin();
  return { format, read, unblock: [unblocked, await byOpensc('unblock')] };
}

try {
  const until = performance.now() + SECONDS * 1000;
  // Warms both up.
  await round();
  const rounds = await takePairs(PAIRS, until, round);
  const compared = (task: keyof Round): TaskComparison => ({
    commands: compare(rounds.map(({ [task]: [kilt, opensc] }) => [kilt.card.commands, opensc.card.commands])),
    seconds: compare(rounds.map(({ [task]: [kilt, opensc] }) => [kilt.seconds, opensc.seconds])),
  });
  const result: FormattingResult = {
    format: compared('format'),
    unblock: compared('unblock'),
    read: compared('read'),
  };
  console.log(JSON.stringify(result));
} finally {
  await bench.stop();
}
