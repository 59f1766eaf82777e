import { describe, expect, it } from 'vitest';

import { concatBytes, toHex } from '#shared/bytes.ts';
import { parameterSets, type ParameterSet } from '#test/virtual-token/gost/parameter-sets.ts';
import { fromLittleEndian, littleEndian } from '#test/virtual-token/little-endian.ts';

import {
  createGostPair,
  createGostPrivate,
  createGostPublic,
  createRsaPublic,
  createSpecial,
  decipherWith,
  Dialogue,
  generate,
  loginUser,
  logout,
  selectPrivateKey,
  selectPublicKey,
  signWith,
  writeValue,
} from './dialogue.ts';
import { isGostSignature, isOnCurve, publicPointOf } from './gost-equation.ts';

const setA = parameterSets[0] as ParameterSet;
const hash = Uint8Array.from({ length: 32 }, (_, i) => 0xe0 ^ (i * 7));
const sign = (bytes: Uint8Array): string => `00 2A 9E 9A 20 ${toHex(bytes)} 00`;

/** The two numbers of 64 bytes, each half least significant byte first. */
const numbersOf = (bytes: Uint8Array): [bigint, bigint] => [
  fromLittleEndian(bytes.subarray(0, 32)),
  fromLittleEndian(bytes.subarray(32)),
];
const pointOf = (bytes: Uint8Array): { x: bigint; y: bigint } => {
  const [x, y] = numbersOf(bytes);
  return { x, y };
};

/** A token with a GOST pair under reference 3, ready to sign, and the point it answered with. */
async function withPair(set: ParameterSet, unverified = {}): Promise<{ token: Dialogue; point: Uint8Array }> {
  const token = Dialogue.with({ unverified });
  const point = await token.ok(loginUser, ...createGostPair(3, set.propertyByte), generate(3));
  await token.ok(selectPrivateKey(3), signWith(3));
  return { token, point };
}

describe.each(parameterSets)('a GOST key pair of parameter set $name', (set) => {
  it('is answered with a point of the curve', async () => {
    const { point } = await withPair(set);
    expect(point).toHaveLength(64);
    expect(isOnCurve(set, pointOf(point))).toBe(true);
  });

  it('signs, and the signature satisfies the equation of the standard', async () => {
    const { token, point } = await withPair(set);
    const [r, s] = numbersOf(await token.ok(sign(hash)));
    const e = fromLittleEndian(hash);
    expect(isGostSignature(set, pointOf(point), e, { r, s })).toBe(true);
    expect(isGostSignature(set, pointOf(point), e + 1n, { r, s })).toBe(false);
    expect(isGostSignature(set, pointOf(point), e, { r: s, s: r })).toBe(false);
  });

  it('takes a hash that is zero modulo q for one', async () => {
    const { token, point } = await withPair(set);
    const multiple = littleEndian(set.q, 32);
    const [r, s] = numbersOf(await token.ok(sign(multiple)));
    expect(isGostSignature(set, pointOf(point), 1n, { r, s })).toBe(true);
  });
});

describe('a GOST signature', () => {
  it('is never the same twice', async () => {
    const { token } = await withPair(setA);
    expect(toHex(await token.ok(sign(hash)))).not.toBe(toHex(await token.ok(sign(hash))));
  });

  it('needs a hash of 32 bytes, the user, and MSE for signing', async () => {
    const { token } = await withPair(setA);
    expect(await token.sw(`00 2A 9E 9A 1F ${'01'.repeat(31)} 00`)).toBe('6700');
    expect(await token.sw(logout, sign(hash))).toBe('6982');
    token.card.reset();
    expect(await token.sw(loginUser, sign(hash))).toBe('6985');
  });

  it('can not be had where only deciphering was asked for', async () => {
    const { token } = await withPair(setA);
    expect(await token.sw(decipherWith(3), `00 2A 80 86 20 ${'01'.repeat(32)} 00`)).toBe('6985');
  });

  it.each([
    ['r-s-little-endian', 'little-endian'],
    ['s-r-little-endian', 'big-endian'],
    ['r-s-big-endian', 'little-endian'],
    ['s-r-big-endian', 'big-endian'],
  ] as const)('stands on the wire as the settings say: %s, hash %s', async (layout, order) => {
    const { token, point } = await withPair(setA, { gostSignatureLayout: layout, gostHashOrder: order });
    const answer = await token.ok(sign(hash));
    const halves = [answer.slice(0, 32), answer.slice(32)];
    if (layout.endsWith('big-endian')) for (const half of halves) half.reverse();
    if (layout.startsWith('s-r')) halves.reverse();
    const [r = 0n, s = 0n] = halves.map(fromLittleEndian);
    const e = order === 'big-endian' ? BigInt(`0x${toHex(hash)}`) : fromLittleEndian(hash);
    expect(isGostSignature(setA, pointOf(point), e, { r, s })).toBe(true);
  });
});

describe('making a GOST key pair', () => {
  it('needs both files, of one parameter set', async () => {
    const token = Dialogue.with();
    await token.ok(loginUser, createGostPrivate(3, 0x20));
    expect(await token.sw(generate(3))).toBe('6A88');
    await token.ok(createGostPublic(3, 0x30));
    expect(await token.sw(generate(3))).toBe('6985');
    expect(await token.sw(createGostPrivate(4), createRsaPublic(4, 1024), generate(4))).toBe('6985');
  });

  it('takes no exponent block', async () => {
    const token = Dialogue.with();
    await token.ok(loginUser, ...createGostPair(3));
    expect(await token.sw('00 46 80 03 08 A6 06 94 04 01 00 01 00 00')).toBe('6A80');
  });

  it('takes as long as the tester wants, and leaves nothing when power goes meanwhile', async () => {
    const token = Dialogue.with({}, { minimumKeyGenerationMs: 60_000 });
    await token.ok(loginUser, ...createGostPair(3));
    const before = token.card.snapshot();
    const underWay = token.sw(generate(3));
    token.card.powerOff();
    await expect(underWay).rejects.toThrow('no power');
    expect(token.card.snapshot()).toEqual(before);
  });

  it.each([
    ['no parameter set', createSpecial(3, 32, '03 00 00 AA 00 00', '46 00 02 02 00 00 00 02')],
    ['a set that is none', createSpecial(3, 64, '13 50 00 AA 00 00', '46 00 02 00 00 00 00 02')],
    ['33 bytes', createSpecial(3, 33, '03 20 00 AA 00 00', '46 00 02 02 00 00 00 02')],
  ])('is not begun with a file of %s', async (_what, create) => {
    expect(await Dialogue.with().sw(loginUser, create)).toBe('6A80');
  });
});

describe('an imported GOST key', () => {
  const d = 0x1234567890abcdefn;
  const ready = async (unverified = {}): Promise<Dialogue> => {
    const token = Dialogue.with({ unverified });
    await token.ok(loginUser, ...createGostPair(3), selectPrivateKey(3));
    return token;
  };

  it('signs like one made on the token', async () => {
    const token = await ready();
    const { x, y } = publicPointOf(setA, d);
    const point = concatBytes(littleEndian(x, 32), littleEndian(y, 32));
    await token.ok(...writeValue(littleEndian(d, 32)), selectPublicKey(3), ...writeValue(point));
    const [r, s] = numbersOf(await token.ok(selectPrivateKey(3), signWith(3), sign(hash)));
    expect(isGostSignature(setA, publicPointOf(setA, d), fromLittleEndian(hash), { r, s })).toBe(true);
  });

  it.each([
    ['zero', 0n],
    ['the order of the group', setA.q],
  ])('is refused when it is %s', async (_what, value) => {
    expect(await (await ready()).sw(...writeValue(littleEndian(value, 32)))).toBe('6A80');
  });

  it('is refused when it has another length than its file', async () => {
    expect(await (await ready()).sw(...writeValue(new Uint8Array(31).fill(1)))).toBe('6A80');
  });

  it('is refused as a public key when it is no point of the curve', async () => {
    const token = await ready();
    const { point } = await withPair(setA);
    point[0] = (point[0] ?? 0) ^ 1;
    expect(await token.sw(selectPublicKey(3), ...writeValue(point))).toBe('6A80');
  });

  it('is taken as it is where the setting says so, and refused when it is used', async () => {
    const token = await ready({ importedKeys: 'taken-as-they-are' });
    expect(await token.sw(...writeValue(new Uint8Array(32)))).toBe('9000');
    expect(await token.sw(selectPrivateKey(3), signWith(3), sign(hash))).toBe('6A80');
  });
});
