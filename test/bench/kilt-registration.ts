import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { secretFromText } from '#shared/bytes.ts';
import type { TokenView } from '#shared/views.ts';
import { Kilt } from '#main/kilt.ts';
import { PcscAccess } from '#main/token/pcsc-access.ts';
import type { Admission } from '#test/bank/admission.ts';
import { OpenscBench } from '#test/integration/virtual-token/opensc-bench.ts';
import { chosenPassword, factoryPin } from '#test/support/world.ts';
import { cardWork, traceLines, type CardWork } from './card-trace.ts';
import type { SameWork } from './opensc-registration.ts';
import { TimedAccess } from './timed-access.ts';
import { countDatabaseWrites, countRequests, Waits } from './waits.ts';

export interface KiltRun {
  readonly seconds: number;
  /** Seconds for which Kilt had the card to itself, the making of keys included. */
  readonly secondsWithCard: number;
  /** Seconds of waiting for the reader and the token, the making of keys included. */
  readonly secondsForToken: number;
  /** Seconds of waiting for CA and bank, connecting included. */
  readonly secondsForServers: number;
  /** Seconds of waiting for neither. */
  readonly secondsOfKilt: number;
  /** Of these: until what Kilt writes is on the disk. */
  readonly secondsForDisk: number;
  readonly card: CardWork;
  readonly work: SameWork;
}

/** Where customers come from. */
export interface BenchBank {
  readonly bankFile: string;
  admit(): Promise<Pick<Admission, 'userId' | 'pin' | 'keyFile' | 'keyFilePassword'>>;
}

/**
 * A whole registration by Kilt's services, through PC/SC, on a token as the vendor delivers it: from their start, with
 * the token in the reader, to the moment where the token shows as registered.
 *
 * @param options.answerDelayMs by how much each answer of the token comes later than the virtual one's
 */
export async function registerWithKilt(
  bank: BenchBank,
  options: { readonly answerDelayMs?: number } = {},
): Promise<KiltRun> {
  const customer = await bank.admit();
  const folder = mkdtempSync(path.join(tmpdir(), 'kilt-bench-'));
  const keyFile = path.join(folder, 'Key.pfx');
  writeFileSync(keyFile, customer.keyFile);
  const bench = await OpenscBench.start(['--profile', 'default-pins', '--atr', 'rutoken']);
  if (options.answerDelayMs !== undefined) await bench.delayAnswers(options.answerDelayMs);
  const either = new Waits();
  const [forToken, forServers] = [new Waits(either), new Waits(either)];
  const access = new TimedAccess(new PcscAccess(), forToken);
  const forDisk = new Waits();
  const stopCounting = [countRequests(forServers), countDatabaseWrites(forDisk)];
  const kilt = new Kilt({ dataFolder: path.join(folder, 'data'), access, bankFile: bank.bankFile });
  try {
    const openingSeconds = forDisk.seconds;
    const before = traceLines(bench.traceText()).length;
    const started = performance.now();
    await kilt.start();
    const token = await tokenThat(kilt, ({ state }) => state === 'ready');
    await kilt.profiles.open(token.id, secretFromText(factoryPin));
    const [system] = kilt.banks.all();
    if (!system) throw new Error('the bank file was not read');
    const draft = await kilt.drafts.check(system, {
      userId: customer.userId,
      registrationPin: customer.pin,
      keyFile: { path: keyFile, password: customer.keyFilePassword },
    });
    const { journalId } = kilt.register({
      draftId: draft.id,
      tokenId: token.id,
      label: '',
      newPin: secretFromText(chosenPassword),
    });
    const ended = await kilt.runner.ended(journalId);
    if (ended.state !== 'finished')
      throw new Error(`the registration ended: ${ended.error?.id ?? ended.state}`);
    await tokenThat(kilt, ({ kind }) => kind === 'registered');
    const seconds = (performance.now() - started) / 1000;

    const card = cardWork(traceLines(bench.traceText()).slice(before));
    const objects = kilt.tokens.tokens()[0]?.objects;
    return {
      seconds,
      secondsWithCard: access.secondsHeld,
      secondsForToken: forToken.seconds,
      secondsForServers: forServers.seconds,
      secondsOfKilt: seconds - either.seconds,
      secondsForDisk: forDisk.seconds - openingSeconds,
      card,
      work: {
        certificates: objects?.certificates.map(({ der }) => der) ?? [],
        record: objects?.dataObjects[0]?.content ?? new Uint8Array(),
        signatures: card.signatures,
      },
    };
  } finally {
    for (const stop of stopCounting) stop();
    await kilt.stop();
    await bench.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As soon as the services say so. */
function tokenThat(kilt: Kilt, holds: (token: TokenView) => boolean): Promise<TokenView> {
  return new Promise((resolve) => {
    const look = (): void => {
      const token = kilt.tokensView().tokens.find(holds);
      if (!token) return;
      stop();
      resolve(token);
    };
    const stop = kilt.tokens.onChange(look);
    look();
  });
}
