import { expect, it } from 'vitest';

import { secretFromText } from '#shared/bytes.ts';
import type { PinRole } from '#main/token/token-session.ts';

import { onBothTokens, SO_PIN, type Subject, USER_PIN } from '../conformance.ts';
import type { ToolResult } from '../opensc-bench.ts';
import { KiltSide } from './kilt-side.ts';

const [BY_KILT, BY_OPENSC, WRONG_PIN] = ['Tulpar7Asyq', '11223344', '99999999'];
const pinId = { administrator: '01', user: '02' } as const;

const kilt = new KiltSide();
const prepare = (): Promise<void> => kilt.start();
const cleanUp = (): Promise<void> => kilt.stop();

const openscAccepts = async ({ bench }: Subject, role: PinRole, pin: string): Promise<boolean> => {
  await bench.loseRights();
  const { code } = await bench.run('pkcs15-tool', '--verify-pin', '--auth-id', pinId[role], '--pin', pin);
  await bench.loseRights();
  return code === 0;
};
const openscChanges = ({ bench }: Subject, role: PinRole, pin: string, newPin: string): Promise<ToolResult> =>
  bench.must('pkcs15-tool', '--change-pin', '--auth-id', pinId[role], '--pin', pin, '--new-pin', newPin);
const kiltChanges = (role: PinRole, pin: string, newPin: string): Promise<void> =>
  kilt.as(role, pin, (session) => session.setPin(role, secretFromText(newPin)));
const kiltAccepts = (role: PinRole, pin: string): Promise<void> => kilt.as(role, pin, async () => undefined);

onBothTokens('PINs of one, honoured by the other', { profile: 'formatted', prepare, cleanUp }, (token) => {
  it.each([
    ['user', USER_PIN],
    ['administrator', SO_PIN],
  ] as const)('the %s PIN that Kilt sets is the one for OpenSC', async (role, pin) => {
    await kiltChanges(role, pin, BY_KILT);
    expect(await openscAccepts(token, role, BY_KILT)).toBe(true);
    expect(await openscAccepts(token, role, pin)).toBe(false);
    await openscChanges(token, role, BY_KILT, pin);
  });

  it.each([
    ['user', USER_PIN],
    ['administrator', SO_PIN],
  ] as const)('the %s PIN that OpenSC sets is the one for Kilt', async (role, pin) => {
    await openscChanges(token, role, pin, BY_OPENSC);
    await kiltAccepts(role, BY_OPENSC);
    await expect(kiltAccepts(role, pin)).rejects.toMatchObject({ id: 'wrong-pin', data: { role } });
    await kiltChanges(role, BY_OPENSC, pin);
  });

  it('a user PIN that Kilt sets as administrator is the one for OpenSC', async () => {
    await kilt.as('administrator', SO_PIN, (session) => session.setPin('user', secretFromText(BY_KILT)));
    expect(await openscAccepts(token, 'user', BY_KILT)).toBe(true);
    await kiltChanges('user', BY_KILT, USER_PIN);
  });

  it('tries lost in one are lost in the other, down to the block', async () => {
    await openscAccepts(token, 'user', WRONG_PIN);
    await openscAccepts(token, 'user', WRONG_PIN);
    expect((await kilt.info()).userPin).toMatchObject({ attemptsLeft: 3, maxAttempts: 5, blocked: false });
    await expect(kiltAccepts('user', WRONG_PIN)).rejects.toMatchObject({ data: { attemptsLeft: 2 } });
    await openscAccepts(token, 'user', WRONG_PIN);
    await expect(kiltAccepts('user', WRONG_PIN)).rejects.toMatchObject({ id: 'pin-blocked' });
    expect(await openscAccepts(token, 'user', USER_PIN)).toBe(false);
    expect((await kilt.info()).userPin).toMatchObject({ attemptsLeft: 0, blocked: true });
  });

  it('a PIN that OpenSC sets anew on the blocked token opens it for Kilt', async () => {
    const asAdministrator = ['--login', '--login-type', 'so', '--so-pin', SO_PIN];
    await token.bench.pkcs11('--init-pin', '--new-pin', BY_OPENSC, ...asAdministrator);
    await token.bench.loseRights();
    await kiltAccepts('user', BY_OPENSC);
    expect((await kilt.info()).userPin).toMatchObject({ attemptsLeft: 5, blocked: false });
  });
});
