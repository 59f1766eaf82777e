import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { secretFromText } from '#shared/bytes.ts';
import { Pkcs15TokenSession } from '#main/token/pkcs15-token-session.ts';
import { startBank } from '#test/bank/start-bank.ts';
import { cardOnTransport } from '#test/support/card-on-transport.ts';
import { rsaKeyFromStock } from '#test/support/rsa-key-stock.ts';
import { World } from '#test/support/world.ts';
import type { VirtualCard } from '#test/virtual-token/card.ts';
import { type CardOrder, registeredUserPin } from '#test/virtual-token/card-order.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import { newCard } from '#test/virtual-token/new-card.ts';

const day = 24 * 3600 * 1000;
const runtime = { rsaKeySource: rsaKeyFromStock };
const make = (order: CardOrder) => newCard(order, runtime);

/** A bank is not founded in a moment, so most of these tests have one and the same. */
let bankData: string;
beforeAll(() => {
  bankData = mkdtempSync(join(tmpdir(), 'kilt-bank-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => rmSync(bankData, { recursive: true }));

/** Days from now on which the certificates on the card end. */
async function daysLeftOn(card: VirtualCard): Promise<number[]> {
  const session = await Pkcs15TokenSession.open(cardOnTransport(card));
  const { certificates } = await session.objects();
  return certificates.map(({ der }) =>
    Math.round((new Date(new X509Certificate(der).validTo).getTime() - Date.now()) / day),
  );
}

/** What a customer with this token meets in Kilt at the bank of the folder. */
async function signInWith(card: VirtualCard, pin: string, dataDir = bankData) {
  const bank = await startBank({ dataDir });
  const world = await World.open({ bank });
  try {
    await world.insert(new FaultyCard(card));
    const token = world.token();
    const opened = await world.kilt.profiles.open(token.id, secretFromText(pin));
    return { token, opened, customers: bank.customers() };
  } finally {
    await world.close();
    await bank.stop();
  }
}

describe('a registered token', () => {
  it('signs in at a bank started on its folder', async () => {
    const { card, notes } = await make({ profile: 'registered', bankData });
    const { token, opened, customers } = await signInWith(card, registeredUserPin);
    expect(token.kind).toBe('registered');
    expect(opened.outcome).toBe('signed-in');
    expect(customers.find(({ userId }) => userId === token.profiles?.[0]?.userId)).toMatchObject({
      registered: true,
    });
    expect(notes).toEqual([
      `registered as ${token.profiles?.[0]?.userId ?? '?'} at the demo bank in ${bankData}`,
    ]);
  }, 60_000);

  it('has the password and the label that were asked for', async () => {
    const order = { userPin: 'Saryarqa5Qyz', label: 'Branch 7' };
    const { card } = await make({ profile: 'registered', bankData, ...order });
    const { token, opened } = await signInWith(card, order.userPin);
    expect([token.label, opened.outcome]).toEqual(['Branch 7', 'signed-in']);
  }, 60_000);

  it('can not be made while its bank is running', async () => {
    const bank = await startBank({ dataDir: bankData });
    try {
      await expect(make({ profile: 'registered', bankData })).rejects.toThrow(bankData);
    } finally {
      await bank.stop();
    }
  }, 60_000);

  it('can not be made with a password that Kilt refuses', async () => {
    const order = { profile: 'registered', bankData, userPin: 'abcdefgh' } as const;
    await expect(make(order)).rejects.toMatchObject({ id: 'input-invalid', data: { field: 'newPin' } });
  }, 60_000);
});

describe('a token whose certificates end', () => {
  it('in so many days still signs in', async () => {
    const { card } = await make({ profile: 'expiring', bankData, expiresInDays: 3 });
    expect(await daysLeftOn(card)).toEqual([3, 3]);
    const { opened } = await signInWith(card, registeredUserPin);
    expect(opened.outcome).toBe('signed-in');
  }, 60_000);

  it('in ten days, when nothing else is said, of a bank that leaves nothing behind', async () => {
    const emptyFolder = mkdtempSync(join(bankData, 'tmp-'));
    vi.stubEnv('TMPDIR', emptyFolder);
    const { card, notes } = await make({ profile: 'expiring' });
    expect(await daysLeftOn(card)).toEqual([10, 10]);
    expect(notes[0]).toContain('forgotten');
    expect(readdirSync(emptyFolder)).toEqual([]);
  }, 60_000);

  it('long ago is turned away by the bank that issued them', async () => {
    const oldBank = join(bankData, 'old');
    const { card } = await make({ profile: 'expiring', bankData: oldBank, expiresInDays: -400 });
    expect(await daysLeftOn(card)).toEqual([-400, -400]);
    const signIn = signInWith(card, registeredUserPin, oldBank);
    await expect(signIn).rejects.toMatchObject({ id: 'sign-in-certificate-ended' });
  }, 60_000);

  it('before their bank was founded can not be had', async () => {
    const order = { profile: 'expiring', bankData, expiresInDays: -30 } as const;
    await expect(make(order)).rejects.toThrow('new folder');
  }, 60_000);
});
