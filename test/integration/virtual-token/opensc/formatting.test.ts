import { expect, it } from 'vitest';

import { VirtualCard } from '#test/virtual-token/card.ts';
import type { CardState } from '#test/virtual-token/card-state.ts';

import { asUser, onBothTokens, SERIAL, SO_PIN, USER_PIN } from '../conformance.ts';

const LABEL = 'MyToken';
const TOKEN_INFO = 0x5032;
const createApplication = ['--create-pkcs15', '--so-pin', SO_PIN, '--so-puk', '', '--label', LABEL];
const storeUserPin = ['--store-pin', '--label', 'User PIN', ...asUser, '--puk', '', '--so-pin', SO_PIN];

onBothTokens('Formatting', { profile: 'default-pins' }, (token) => {
  it('erases the token', async () => {
    await token.bench.must('pkcs15-init', '--erase-card');
    expect(token.bench.state()).toMatchObject({ root: null, phase: 'initialising' });
  });

  it('makes the file system and the administrator PIN', async () => {
    await token.bench.must('pkcs15-init', ...createApplication);
    const { stdout } = await token.bench.must('opensc-tool', '--list-files');
    expect(stdout).toContain('3f0050005031');
    expect(stdout).toContain('3f000001');
  });

  it('stores the user PIN and ends, exactly to the profile "formatted"', async () => {
    await token.bench.must('pkcs15-init', ...storeUserPin, '--finalize');
    const { atr } = token;
    const ours = VirtualCard.create({ profile: 'formatted', atr, serial: SERIAL, label: LABEL }).snapshot();
    expect(withoutTimeStamp(token.bench.state())).toEqual(withoutTimeStamp(ours));
  });

  it('shows label, serial number and both PINs', async () => {
    const { stdout } = await token.bench.must('pkcs15-tool', '--dump');
    expect(stdout).toContain(`PKCS#15 Card [${LABEL}]`);
    expect(stdout).toMatch(/Serial number +: 000000003a5b7c1d/i);
    expect(stdout).toMatch(/PIN \[Security Officer PIN\][^]*?Reference +: 1 /);
    expect(stdout).toMatch(/PIN \[User PIN\][^]*?min_len:4, max_len:32[^]*?Reference +: 2 /);
  });

  it('destroys what was on a token in use, PINs included', async () => {
    await token.bench.must('pkcs15-init', '--generate-key', 'rsa/1024', '--id', '42', ...asUser);
    await token.bench.must('pkcs15-tool', '--change-pin', ...asUser, '--new-pin', '11223344');
    await token.bench.must('pkcs15-init', '--erase-card');
    await token.bench.must('pkcs15-init', ...createApplication);
    await token.bench.must('pkcs15-init', ...storeUserPin, '--finalize');
    expect((await token.bench.must('pkcs15-tool', '--list-keys')).stdout).not.toContain('Private');
    await token.bench.must('pkcs15-tool', '--verify-pin', '--auth-id', '02', '--pin', USER_PIN);
  });
});

/** TokenInfo differs in its time stamp; everything else must be equal. */
function withoutTimeStamp(state: CardState): unknown {
  return JSON.parse(JSON.stringify(state), (_key, value: unknown) => {
    const isTokenInfo =
      value !== null && typeof value === 'object' && 'id' in value && value.id === TOKEN_INFO;
    if (!isTokenInfo || !('content' in value)) return value;
    const text = Buffer.from(String(value.content), 'base64').toString('latin1');
    return { ...value, content: text.replace(/\d{14}Z/, '') };
  });
}
