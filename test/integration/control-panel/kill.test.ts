import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { formatStages, type FormatView } from '#shared/control-panel-views.ts';
import { Kilt } from '#main/kilt.ts';
import { createVirtualReaders } from '#main/token/virtual-reader.ts';
import { eventually } from '#test/support/eventually.ts';
import { freePort } from '#test/support/free-port.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { newCard } from '#test/support/world.ts';
import { VpcdClient } from '#test/virtual-token/vpcd-client.ts';
import { runKilt } from '../registration/kilt-program.ts';
import { administratorPin, newAdministratorPin, newUserPin, settings } from './desk.ts';

/**
 * The real program, killed with SIGKILL by itself right after a stage of a format has reached its journal; and Kilt
 * started again on the same data and the same token.
 */
describe('Kilt killed in the middle of a format', () => {
  let dataFolder: string;
  let port: number;
  let card: WatchedCard;
  let reader: VpcdClient;
  beforeEach(async () => {
    dataFolder = mkdtempSync(path.join(tmpdir(), 'kilt-format-kill-'));
    port = await freePort();
    card = newCard({ serial: '3A5B7C1D' });
    reader = new VpcdClient({ port });
    await reader.insert(card);
  });
  afterEach(async () => {
    await reader.stop();
    rmSync(dataFolder, { recursive: true });
  });

  const formatAndDie = (stage: string) =>
    runKilt(
      [
        ...['format', '--json', '--confirm', '3A5B7C1D', '--label', settings.label],
        ...['--user-pin-changed-by', settings.userPinChangedBy],
        ...['--user-min-length', String(settings.userMinLength)],
        ...['--administrator-min-length', String(settings.administratorMinLength)],
        ...['--user-attempts', String(settings.userAttempts)],
        ...['--administrator-attempts', String(settings.administratorAttempts)],
        ...['--pin-fd', '0', '--new-user-pin-fd', '0', '--new-administrator-pin-fd', '0'],
      ],
      {
        environment: {
          KILT_KILL_AT: `format:${stage}`,
          KILT_TRANSPORT: 'virtual-reader',
          KILT_USER_DATA: dataFolder,
          KILT_VIRTUAL_READER_PORT: String(port),
        },
        lines: [administratorPin, newUserPin, newAdministratorPin],
      },
    );

  async function startAgain(): Promise<{ kilt: Kilt; told: FormatView[] }> {
    const kilt = new Kilt({ dataFolder, access: createVirtualReaders({ port, slots: 1 }) });
    const told: FormatView[] = [];
    kilt.controlPanel.onFormatChange((view) => told.push(view));
    await kilt.start();
    await eventually(() => kilt.tokensView().tokens.some(({ state }) => state === 'ready'));
    return { kilt, told };
  }

  it.each(formatStages)(
    'after the stage %s says how it stands, and goes on to a whole token',
    async (stage) => {
      expect((await formatAndDie(stage)).signal).toBe('SIGKILL');
      const { kilt, told } = await startAgain();
      try {
        const [token] = kilt.tokensView().tokens;
        const tokenId = token?.id ?? '';
        const plan = await kilt.controlPanel.planFormat(tokenId);
        const format = (): Promise<FormatView> =>
          kilt.controlPanel.format({
            tokenId,
            settings,
            newUserPin: secretFromText(newUserPin),
            newAdministratorPin: secretFromText(newAdministratorPin),
            acceptWeak: false,
            confirmation: plan.confirmWith,
          });

        if (stage === 'checked') {
          // Nothing had happened yet: the token is what it was, and its administrator is asked again.
          expect(token?.kind).toBe('empty');
          await expect(format()).rejects.toMatchObject({ id: 'pin-needed' });
          await kilt.controlPanel.login(tokenId, 'administrator', secretFromText(administratorPin));
          await format();
        } else if (stage === 'closed') {
          // Everything had happened: only the last lines of the journal were missing.
          expect(told).toMatchObject([{ state: 'finished' }]);
          expect(token).toMatchObject({ kind: 'empty', label: settings.label });
        } else {
          expect(told).toMatchObject([{ state: 'interrupted', error: { id: 'format-interrupted' } }]);
          expect(told[0]?.done.at(-1)).toBe(stage);
          expect(token?.kind).toBe('half-formatted');
          expect(plan).toMatchObject({ withoutAdministrator: 'half-formatted', settings });
          expect(await format()).toMatchObject({ state: 'finished' });
        }

        await kilt.controlPanel.login(tokenId, 'user', secretFromText(newUserPin));
        await kilt.controlPanel.login(tokenId, 'administrator', secretFromText(newAdministratorPin));
        expect(card.refusedVerifies).toBe(0);
        const { entries, chain } = kilt.audit.view({ offset: 0, count: 100 });
        expect(chain).toEqual({ state: 'intact' });
        const formats = entries.filter(({ action }) => action === 'format').map(({ result }) => result);
        // No begun line is left without an end.
        expect(formats.filter((result) => result === 'begun')).toHaveLength(formats.length / 2);
        expect(formats[0]).toBe('done');
      } finally {
        await kilt.stop();
      }
      const database = readFileSync(path.join(dataFolder, 'kilt.db'));
      for (const secret of [administratorPin, newUserPin, newAdministratorPin])
        expect(database.includes(secret)).toBe(false);
    },
  );
});
