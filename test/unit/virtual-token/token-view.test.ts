import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fromHex } from '#shared/bytes.ts';
import { tokenView } from '#test/virtual-token/page/server/token-view.ts';
import type { FileView } from '#test/virtual-token/page/view.ts';
import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';
import { VirtualTokenProgram } from '#test/virtual-token/program.ts';

import { createFile, createRsaPair, createRsaPrivate, generate, loginUser, selectPath } from './dialogue.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kilt-view-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A token that nobody has started: what it holds can be seen all the same. */
async function tokenWith(options: VirtualCardOptions, ...commands: string[]): Promise<VirtualTokenProgram> {
  const state = join(folder, 'token.json');
  const token = new VirtualTokenProgram({
    state,
    card: options,
    host: '127.0.0.1',
    port: 1,
    keygenSeconds: 0,
  });
  token.card.powerOn();
  for (const command of commands) {
    const answer = await token.card.transmit(fromHex(command));
    expect([...answer.slice(-2)]).toEqual([0x90, 0]);
  }
  return token;
}

const allFiles = (file: FileView): FileView[] => [file, ...file.children.flatMap(allFiles)];

describe('the view of a token', () => {
  it('names files, says who may do what, and takes the control parameters apart', async () => {
    const { root, label } = tokenView(await tokenWith({ profile: 'formatted', label: 'Тұлпар' }));
    expect(label).toBe('Тұлпар');
    const info = allFiles(root!).find(({ name }) => name === 'TokenInfo')!;
    expect(info).toMatchObject({
      path: '5000/5032',
      type: 'data',
      rights: [
        { mode: 'read', who: 'always' },
        { mode: 'update', who: 'always' },
        { mode: 'delete', who: 'user' },
      ],
    });
    expect(info.fcp).toMatch(/^6F1D80020080/);
    expect(info.fields).toContainEqual({ tag: '80', value: '0080', meaning: 'size: 128 bytes' });
    expect(info.fields).toContainEqual({ tag: '83', value: '5032', meaning: 'identifier 5032' });
    expect(info.content).toMatch(/^30/);
  });

  it('shows keys by their halves, and no private key', async () => {
    const token = await tokenWith(
      { profile: 'default-pins' },
      loginUser,
      ...createRsaPair(1, 1024),
      generate(1),
      createRsaPrivate(2, 2048),
    );
    const view = tokenView(token);
    expect(view.keys).toMatchObject([
      { reference: 1, algorithm: 'RSA 1024', privateKey: 'there', publicKey: 'there' },
      { reference: 2, algorithm: 'RSA 2048', privateKey: 'empty', publicKey: 'missing' },
    ]);
    const keys = allFiles(view.root!).filter(({ type }) => type === 'key');
    expect(keys.map(({ content }) => content !== null)).toEqual([true, false, false]);
  });

  it('finds certificates among the files', async () => {
    const request = [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-outform', 'DER'],
      ...['-out', join(folder, 'certificate'), '-days', '20', '-subj', '/C=KZ/CN=Aigerim'],
    ];
    execFileSync('openssl', request, { stdio: 'pipe' });
    const der = new Uint8Array(readFileSync(join(folder, 'certificate')));
    const writes = [];
    for (let at = 0; at < der.length; at += 200) {
      const part = Buffer.from(der.subarray(at, at + 200));
      const offset = at.toString(16).padStart(4, '0');
      writes.push(`00 D6 ${offset} ${part.length.toString(16).padStart(2, '0')} ${part.toString('hex')}`);
    }
    const token = await tokenWith(
      { profile: 'formatted' },
      loginUser,
      selectPath(0x5000),
      createFile('01', 0x0301, der.length + 40, '43 00 02 00 00 00 00 02'),
      selectPath(0x5000, 0x0301),
      ...writes,
    );
    expect(tokenView(token).certificates).toMatchObject([
      { path: '5000/0301', subject: 'CN=Aigerim, C=KZ', bytes: der.length, daysLeft: 19 },
    ]);
  });

  it('is that of an empty token before it is formatted', async () => {
    expect(tokenView(await tokenWith({ profile: 'blank' }))).toMatchObject({
      phase: 'initialising',
      label: null,
      pins: [],
      keys: [],
      certificates: [],
      root: null,
    });
  });

  it('shows a PIN that is no text as bytes', async () => {
    const token = await tokenWith(
      { profile: 'default-pins' },
      loginUser,
      '00 24 01 02 0C 80 02 00 06 A5 06 00 01 02 03 04 FF',
    );
    expect(tokenView(token).pins[0]?.value).toBe('0001020304FF');
  });
});
