import { constants, createPublicKey, generateKeyPairSync, publicDecrypt, publicEncrypt } from 'node:crypto';

import { beforeAll, describe, expect, it } from 'vitest';

import { concatBytes, toHex } from '#shared/bytes.ts';
import { keyFileValues } from '#test/virtual-token/rsa-key.ts';

import {
  chain,
  createRsaPair,
  createRsaPrivate,
  createRsaPublic,
  decipherWith,
  Dialogue,
  generate,
  loginUser,
  logout,
  selectMasterFile,
  selectPrivateKey,
  selectPublicKey,
  signWith,
  writeValue,
} from './dialogue.ts';

const reversed = (bytes: Uint8Array): Uint8Array => bytes.slice().reverse();
const newKey = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits }).privateKey;
const publicKeyOf = (modulus: Uint8Array) =>
  createPublicKey({
    format: 'jwk',
    key: { kty: 'RSA', n: Buffer.from(reversed(modulus)).toString('base64url'), e: 'AQAB' },
  });
/** A block below any modulus of that many bytes. */
const block = (bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => (i === 0 ? 0 : i & 0xff));

describe('a key pair made on the token', () => {
  it('signs a block of the modulus’ length, both directions byte-reversed', async () => {
    const token = Dialogue.with();
    const modulus = await token.ok(loginUser, ...createRsaPair(1, 2048), generate(1));
    expect(modulus).toHaveLength(256);
    const message = block(256);
    const pso = chain('00 2A 9E 9A', reversed(message));
    const signature = await token.ok(selectPrivateKey(1), signWith(1), ...pso);
    const opened = publicDecrypt(
      { key: publicKeyOf(modulus), padding: constants.RSA_NO_PADDING },
      reversed(signature),
    );
    expect(toHex(opened)).toBe(toHex(message));
  });

  it('deciphers a cryptogram without a padding-indicator byte', async () => {
    const token = Dialogue.with();
    const modulus = await token.ok(loginUser, ...createRsaPair(7, 1024), generate(7));
    const message = block(128);
    const cryptogram = publicEncrypt(
      { key: publicKeyOf(modulus), padding: constants.RSA_NO_PADDING },
      message,
    );
    const commands = chain('00 2A 80 86', reversed(cryptogram));
    const plain = await token.ok(selectPrivateKey(7), decipherWith(7), ...commands);
    expect(toHex(reversed(plain))).toBe(toHex(message));
  });

  it('takes as long as the tester wants', async () => {
    const key = newKey(1024);
    const token = Dialogue.with({}, { minimumKeyGenerationMs: 300, rsaKeySource: async () => key });
    const start = performance.now();
    await token.ok(loginUser, ...createRsaPair(1, 1024), generate(1));
    expect(performance.now() - start).toBeGreaterThan(290);
  });

  it('is not there when power goes while it is being made', async () => {
    const key = newKey(1024);
    const token = Dialogue.with({}, { minimumKeyGenerationMs: 60_000, rsaKeySource: async () => key });
    await token.ok(loginUser, ...createRsaPair(1, 1024));
    const before = token.card.snapshot();
    const underWay = token.sw(generate(1));
    token.card.powerOff();
    await expect(underWay).rejects.toThrow('no power');
    token.card.powerOn();
    expect(
      await token.sw(loginUser, selectPrivateKey(1), signWith(1), ...chain('00 2A 9E 9A', block(128))),
    ).toBe('6985');
    expect(token.card.snapshot()).toEqual(before);
  });

  it('needs both key files, of one size', async () => {
    const token = Dialogue.with();
    expect(await token.sw(loginUser, generate(1))).toBe('6A88');
    expect(await token.sw(createRsaPrivate(1, 2048), generate(1))).toBe('6A88');
    expect(await token.sw(createRsaPublic(1, 1024), generate(1))).toBe('6985');
  });

  it('is made by the user only', async () => {
    const token = Dialogue.with();
    expect(await token.sw(createRsaPrivate(1, 2048))).toBe('6982');
    await token.ok(loginUser, ...createRsaPair(1, 2048), logout);
    expect(await token.sw(generate(1))).toBe('6982');
  });

  it('takes OpenSC’s exponent block, whatever exponent stands in it, and nothing else', async () => {
    const key = newKey(1024);
    const token = Dialogue.with({}, { rsaKeySource: async () => key });
    await token.ok(loginUser, ...createRsaPair(1, 1024));
    expect(await token.sw('00 46 80 01 08 A6 06 94 04 03 00 00 00 00')).toBe('9000');
    expect(await token.sw('00 46 80 01 08 A6 06 95 04 01 00 01 00 00')).toBe('6A80');
    expect(await token.sw('00 46 00 01 00')).toBe('6A86');
  });
});

describe('RSA-4096', () => {
  const key = newKey(4096);
  const withKey = () => Dialogue.with({}, { rsaKeySource: async () => key });

  it('is made with the exponent block only', async () => {
    const token = withKey();
    await token.ok(loginUser, ...createRsaPair(1, 4096));
    expect(await token.sw(generate(1))).toBe('6A80');
    expect(await token.sw('00 46 80 01 08 A6 06 94 04 01 00 01 00 00')).toBe('6100');
  });

  it('answers in two parts, the second by GET RESPONSE', async () => {
    const token = withKey();
    await token.ok(loginUser, ...createRsaPair(1, 4096));
    await token.sw('00 46 80 01 08 A6 06 94 04 01 00 01 00 00');
    const message = block(512);
    await token.ok('00 C0 00 00 00', selectPrivateKey(1), signWith(1));
    const commands = chain('00 2A 9E 9A', reversed(message));
    expect(commands).toHaveLength(3);
    await token.ok(...commands.slice(0, 2));
    const last = Buffer.from((commands[2] ?? '').replaceAll(' ', ''), 'hex');
    const first = await token.bytes(last);
    expect([first.data.length, first.sw]).toEqual([256, '6100']);
    const signature = concatBytes(first.data, await token.ok('00 C0 00 00 00'));
    const { publicValue } = keyFileValues(key);
    const opened = publicDecrypt(
      { key: publicKeyOf(publicValue.slice(0, 512)), padding: constants.RSA_NO_PADDING },
      reversed(signature),
    );
    expect(toHex(opened)).toBe(toHex(message));
  });

  it('is imported in a chain of six chunks', async () => {
    const token = withKey();
    const { privateValue } = keyFileValues(key);
    const chunks = writeValue(privateValue);
    expect([privateValue.length, chunks.length]).toEqual([1288, 6]);
    await token.ok(loginUser, ...createRsaPair(1, 4096), selectPrivateKey(1), ...chunks, signWith(1));
    expect(await token.sw(...chain('00 2A 9E 9A', reversed(block(512))))).toBe('6100');
  });

  it('loses the waiting part with the next command', async () => {
    const token = withKey();
    await token.ok(loginUser, ...createRsaPair(1, 4096));
    await token.sw('00 46 80 01 08 A6 06 94 04 01 00 01 00 00');
    await token.ok(selectMasterFile);
    expect(await token.sw('00 C0 00 00 00')).toBe('6985');
  });
});

describe('an imported key', () => {
  const key = newKey(2048);
  const { privateValue, publicValue } = keyFileValues(key);
  let token: Dialogue;
  beforeAll(async () => {
    token = Dialogue.with();
    await token.ok(loginUser, ...createRsaPair(2, 2048));
  });

  it('signs like one made on the token', async () => {
    expect(privateValue).toHaveLength(648);
    await token.ok(selectPrivateKey(2), ...writeValue(privateValue));
    await token.ok(selectPublicKey(2), ...writeValue(publicValue));
    const message = block(256);
    const signature = await token.ok(
      selectPrivateKey(2),
      signWith(2),
      ...chain('00 2A 9E 9A', reversed(message)),
    );
    const opened = publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, reversed(signature));
    expect(toHex(opened)).toBe(toHex(message));
  });

  it('is refused when a chunk does not begin with its own A5', async () => {
    const [first = '', second = ''] = writeValue(privateValue);
    expect(await token.sw(selectPrivateKey(2), first)).toBe('9000');
    expect(await token.sw(second.replace('A5', 'A6'))).toBe('6A80');
  });

  it('is refused when it is no RSA key', async () => {
    const damaged = privateValue.slice();
    damaged[300] = (damaged[300] ?? 0) ^ 1;
    expect(await token.sw(selectPrivateKey(2), ...writeValue(damaged))).toBe('6A80');
  });

  it('is refused when it has another length than its file', async () => {
    const { privateValue: shorter } = keyFileValues(newKey(1024));
    expect(await token.sw(selectPrivateKey(2), ...writeValue(shorter))).toBe('6A80');
  });

  it('is refused without the user', async () => {
    await token.ok(logout);
    expect(await token.sw(selectPrivateKey(2), writeValue(privateValue)[0] ?? '')).toBe('6982');
    await token.ok(loginUser);
  });
});

describe('using a key', () => {
  const key = newKey(1024);
  const ready = async () => {
    const token = Dialogue.with({}, { rsaKeySource: async () => key });
    await token.ok(loginUser, ...createRsaPair(1, 1024), generate(1), selectPrivateKey(1), signWith(1));
    return token;
  };
  const sign = (data: Uint8Array): string[] => chain('00 2A 9E 9A', data);

  it('needs the user', async () => {
    const token = await ready();
    await token.ok(logout);
    expect(await token.sw(...sign(reversed(block(128))))).toBe('6982');
  });

  it('needs MSE first, for that very operation', async () => {
    const token = await ready();
    expect(await token.sw(...chain('00 2A 80 86', reversed(block(128))))).toBe('6985');
    token.card.reset();
    expect(await token.sw(loginUser, ...sign(reversed(block(128))))).toBe('6985');
  });

  it('needs a block of exactly the modulus’ length, below the modulus', async () => {
    const token = await ready();
    expect(await token.sw(...sign(block(127)))).toBe('6700');
    expect(await token.sw(...sign(new Uint8Array(128).fill(0xff)))).toBe('6A80');
  });

  it('wants the key file selected before MSE, unless the setting says otherwise', async () => {
    const token = await ready();
    expect(await token.sw(selectMasterFile, signWith(1))).toBe('6985');
    const lax = Dialogue.with(
      { unverified: { keyMustBeSelected: false } },
      { rsaKeySource: async () => key },
    );
    expect(await lax.sw(loginUser, ...createRsaPair(1, 1024), generate(1), signWith(1))).toBe('9000');
  });

  it('never shows the private half', async () => {
    const token = await ready();
    expect(await token.sw(selectPrivateKey(1), '00 B0 00 00 00')).toBe('6981');
    expect(await token.sw(selectPublicKey(1), '00 B0 00 00 00')).toBe('6981');
  });
});
