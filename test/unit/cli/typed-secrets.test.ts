import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SecretBytes } from '#shared/bytes.ts';
import { createTranslator } from '#shared/texts/i18n.ts';
import type { TokenView } from '#shared/views.ts';
import { TypedSecrets } from '../../../src/cli/typed-secrets.ts';

const { t } = createTranslator('en');
const text = (secret: SecretBytes) => new TextDecoder().decode(secret);
const emptyToken: TokenView = {
  id: 't1',
  reader: 'Reader 0',
  state: 'ready',
  label: null,
  kind: 'empty',
  certificates: [],
  userPin: { attemptsLeft: 10, maxAttempts: 10, minLength: 6, blocked: false },
};
const unfinished = (pinOnToken: 'old' | 'changing' | 'new'): TokenView => ({
  ...emptyToken,
  kind: 'unfinished',
  unfinished: { startedAt: '2026-11-20T10:00:00.000Z', userId: 'u', bankId: 'demo', pinOnToken },
});
const aProblem = (problem: string) =>
  expect.objectContaining({ id: 'input-invalid', data: expect.objectContaining({ problem }) as object });

describe('secrets from a descriptor', () => {
  let folder: string;
  let open: number[];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-secrets-'));
    open = [];
  });
  afterEach(() => {
    for (const descriptor of open) closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });

  function descriptorOf(content: string): number {
    const file = path.join(folder, String(open.length));
    writeFileSync(file, content);
    const descriptor = openSync(file, 'r');
    open.push(descriptor);
    return descriptor;
  }
  /** All four from one descriptor, as `--…-fd 0` for each. */
  function fromOne(content: string): TypedSecrets {
    const descriptor = descriptorOf(content);
    return new TypedSecrets(
      {
        pinFd: descriptor,
        newPinFd: descriptor,
        registrationPinFd: descriptor,
        keyFilePasswordFd: descriptor,
      },
      t,
    );
  }

  it('are its lines: present password, registration PIN, key file password, new password', async () => {
    const secrets = fromOne('12345678\nABCDE12345F\nkeyfile\nTulpar7Asyq\n');
    expect(text(await secrets.present(emptyToken))).toBe('12345678');
    const registrationPin = await secrets.registrationPin();
    expect(text(registrationPin)).toBe('ABCDE12345F');
    expect(text(await secrets.keyFilePassword(registrationPin))).toBe('keyfile');
    expect(text(await secrets.newPin())).toBe('Tulpar7Asyq');
  });

  it('may end in CR LF, and the last in nothing', async () => {
    const secrets = fromOne('12345678\r\nABCDE12345F\r\n\r\nTulpar7Asyq');
    const registrationPin = await secrets.registrationPin();
    expect(text(await secrets.keyFilePassword(registrationPin))).toBe('ABCDE12345F');
    expect(text(await secrets.newPin())).toBe('Tulpar7Asyq');
  });

  it.each([
    ['old', '12345678'],
    ['changing', '12345678'],
    ['new', 'Tulpar7Asyq'],
  ] as const)('open a token whose record says «%s» with the line that fits', async (pinOnToken, expected) => {
    const secrets = fromOne('12345678\nABCDE12345F\n\nTulpar7Asyq\n');
    expect(text(await secrets.present(unfinished(pinOnToken)))).toBe(expected);
  });

  it('open a token with a new password by the first line, when no other is given', async () => {
    const secrets = new TypedSecrets({ pinFd: descriptorOf('Tulpar7Asyq\n') }, t);
    expect(text(await secrets.present(unfinished('new')))).toBe('Tulpar7Asyq');
  });

  it('are refused where they are missing, too short, too weak or too long', async () => {
    await expect(fromOne('').present(emptyToken)).rejects.toThrow(aProblem('no-line'));
    await expect(fromOne('12345\n').present(emptyToken)).rejects.toThrow(aProblem('pin-too-short'));
    await expect(fromOne('1\n2\n3\nqwerty123\n').newPin()).rejects.toThrow(aProblem('weak-password'));
    expect(() => fromOne('x'.repeat(300))).toThrow(aProblem('secret-too-long'));
    expect(() => new TypedSecrets({ pinFd: 987 }, t)).toThrow(aProblem('unreadable-descriptor'));
  });

  it('keep their own buffers: wiping what was lent changes nothing, forgetting wipes all', async () => {
    const secrets = fromOne('12345678\nABCDE12345F\n\nTulpar7Asyq\n');
    (await secrets.present(emptyToken)).fill(0);
    expect(text(await secrets.present(emptyToken))).toBe('12345678');
    secrets.forget();
    expect((await secrets.registrationPin()).every((byte) => byte === 0)).toBe(true);
  });
});
