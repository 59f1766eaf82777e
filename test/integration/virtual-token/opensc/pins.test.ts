import { expect, it } from 'vitest';

import { onBothTokens, SO_PIN, type Subject, USER_PIN } from '../conformance.ts';
import type { ToolResult } from '../opensc-bench.ts';

const NEW_USER_PIN = '11223344';
const NEW_SO_PIN = '88776655';
const WRONG_PIN = '99999999';
const pinId = { administrator: '01', user: '02' } as const;
type Role = keyof typeof pinId;

const verify = ({ bench }: Subject, role: Role, pin: string): Promise<ToolResult> =>
  bench.run('pkcs15-tool', '--verify-pin', '--auth-id', pinId[role], '--pin', pin);
const change = ({ bench }: Subject, role: Role, pin: string, newPin: string): Promise<ToolResult> =>
  bench.run('pkcs15-tool', '--change-pin', '--auth-id', pinId[role], '--pin', pin, '--new-pin', newPin);
const unblock = ({ bench }: Subject): Promise<ToolResult> =>
  bench.run('pkcs15-tool', '--unblock-pin', '--auth-id', '02', '--puk', SO_PIN, '--new-pin', USER_PIN);

onBothTokens('PINs', { profile: 'formatted' }, (token) => {
  it.each([
    ['user', USER_PIN, NEW_USER_PIN],
    ['administrator', SO_PIN, NEW_SO_PIN],
  ] as const)('changes the %s PIN', async (role, pin, newPin) => {
    expect((await change(token, role, pin, newPin)).code).toBe(0);
    await token.bench.loseRights();
    expect((await verify(token, role, pin)).code).not.toBe(0);
    expect((await verify(token, role, newPin)).code).toBe(0);
    expect((await change(token, role, newPin, pin)).code).toBe(0);
  });

  it('counts wrong PINs down to the block, and refuses the right one then', async () => {
    await token.bench.loseRights();
    for (let i = 0; i < 5; i++) expect((await verify(token, 'user', WRONG_PIN)).code).not.toBe(0);
    expect((await verify(token, 'user', USER_PIN)).output).toContain('blocked');
    const told = token.bench.statusWordsOf('PIN-STATUS user').slice(-5);
    expect(told).toEqual(['63C4', '63C3', '63C2', '63C1', '6983']);
  });

  it('does not unblock without the administrator', async () => {
    await token.bench.loseRights();
    expect((await unblock(token)).code).not.toBe(0);
    expect(token.bench.statusWordsOf('UNBLOCK').at(-1)).toBe('6982');
  });

  it('unblocks once the administrator is logged in', async () => {
    await token.bench.keepPower();
    expect((await verify(token, 'administrator', SO_PIN)).code).toBe(0);
    expect((await unblock(token)).code).toBe(0);
    await token.bench.letPowerGo();
    await token.bench.loseRights();
    expect((await verify(token, 'user', USER_PIN)).code).toBe(0);
  });

  it('sets a blocked user PIN anew as administrator through PKCS#11', async () => {
    for (let i = 0; i < 5; i++) await verify(token, 'user', WRONG_PIN);
    const asAdministrator = ['--login', '--login-type', 'so', '--so-pin', SO_PIN];
    await token.bench.pkcs11('--init-pin', '--new-pin', NEW_USER_PIN, ...asAdministrator);
    await token.bench.loseRights();
    expect((await verify(token, 'user', NEW_USER_PIN)).code).toBe(0);
  });

  it('lets only formatting help once the administrator PIN is blocked', async () => {
    for (let i = 0; i < 10; i++) await verify(token, 'administrator', WRONG_PIN);
    expect((await verify(token, 'administrator', SO_PIN)).output).toContain('blocked');
    const asAdministrator = ['--auth-id', '01', '--puk', USER_PIN, '--new-pin', SO_PIN];
    expect((await token.bench.run('pkcs15-tool', '--unblock-pin', ...asAdministrator)).code).not.toBe(0);
    await token.bench.must('pkcs15-init', '--erase-card');
    const create = ['--create-pkcs15', '--so-pin', SO_PIN, '--so-puk', '', '--label', 'again'];
    await token.bench.must('pkcs15-init', ...create);
    expect((await verify(token, 'administrator', SO_PIN)).code).toBe(0);
  });

  it('shows no PIN in its trace', () => {
    const trace = token.bench.traceText().toUpperCase();
    for (const pin of [USER_PIN, SO_PIN, NEW_USER_PIN, NEW_SO_PIN, WRONG_PIN])
      expect(trace).not.toContain(Buffer.from(pin).toString('hex').toUpperCase());
  });
});
