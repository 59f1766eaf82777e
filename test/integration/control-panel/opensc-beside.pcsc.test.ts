import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { Kilt } from '#main/kilt.ts';
import { PcscAccess } from '#main/token/pcsc-access.ts';
import { OpenscBench } from '#test/integration/virtual-token/opensc-bench.ts';
import { eventually } from '#test/support/eventually.ts';

const userPin = '12345678';
const administratorPin = '87654321';

/** The token stays in its reader, and nobody tells Kilt what OpenSC does to it. */
describe('while OpenSC works on the same token, the control panel', () => {
  let bench: OpenscBench;
  let kilt: Kilt;
  let folder: string;
  beforeAll(async () => {
    bench = await OpenscBench.start(['--profile', 'formatted', '--serial', '3A5B7C1D']);
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-beside-'));
    kilt = new Kilt({ dataFolder: folder, access: new PcscAccess() });
    await kilt.start();
    await eventually(() => kilt.tokensView().tokens.some(({ state }) => state === 'ready'));
  });
  afterAll(async () => {
    await kilt.stop();
    await bench.stop();
    rmSync(folder, { recursive: true });
  });
  const tokenId = (): string => kilt.tokensView().tokens[0]?.id ?? '';
  const panel = () => kilt.controlPanel.view(tokenId());
  const wrongTry = () => bench.run('pkcs15-tool', '--verify-pin', '--auth-id', '02', '--pin', '99999999');

  it('tells the tries that are left now, and unblocks what OpenSC has blocked', async () => {
    const { maxAttempts } = (await panel()).information.userPin;
    await wrongTry();
    expect((await panel()).information.userPin.attemptsLeft).toBe((maxAttempts ?? 0) - 1);
    for (let left = (maxAttempts ?? 0) - 1; left > 0; left -= 1) await wrongTry();
    expect((await panel()).information.userPin).toMatchObject({ attemptsLeft: 0, blocked: true });

    const view = await kilt.controlPanel.login(tokenId(), 'administrator', secretFromText(administratorPin));
    expect(view.actions.unblock).toBeNull();
    const unblocked = await kilt.controlPanel.unblock(tokenId());
    expect(unblocked.information.userPin).toMatchObject({ attemptsLeft: maxAttempts, blocked: false });
    await bench.loseRights();
    await bench.must('pkcs15-tool', '--verify-pin', '--auth-id', '02', '--pin', userPin);
    await bench.loseRights();
    await kilt.controlPanel.logout(tokenId());
  });

  it('recognises the format that OpenSC has begun, and the token that it has finished', async () => {
    await bench.must('pkcs15-init', '--erase-card');
    expect((await panel()).information.layout).toBe('half-formatted');
    expect(await kilt.controlPanel.planFormat(tokenId())).toMatchObject({
      withoutAdministrator: 'half-formatted',
    });

    await bench.must(
      'pkcs15-init',
      '--create-pkcs15',
      '--so-pin',
      administratorPin,
      '--so-puk',
      '',
      '--label',
      'By OpenSC',
    );
    await bench.must(
      ...([
        'pkcs15-init',
        '--store-pin',
        '--label',
        'User PIN',
        '--auth-id',
        '02',
        '--pin',
        userPin,
        '--puk',
        '',
      ] as const),
      ...['--so-pin', administratorPin, '--finalize'],
    );
    const { information, actions } = await panel();
    expect(information).toMatchObject({ label: 'By OpenSC', layout: 'complete', serial: '3A5B7C1D' });
    expect(actions['change-user-pin']).toBe('needs-login');
    await kilt.controlPanel.login(tokenId(), 'user', secretFromText(userPin));
    expect((await kilt.controlPanel.rename(tokenId(), 'By Kilt')).information.label).toBe('By Kilt');
  });
});
