import { expect } from 'vitest';
import { asDer, secretFromText } from '#shared/bytes.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import type { DeskToken, TokenDesk } from './token-desk.ts';

export const administratorPin = '87654321';
export const newPin = 'Tulpar7Asyq';
const id = '01';
const keyPair = { id, label: 'Signature', bits: 2048, usage: ['sign'] } as const;
const record = { application: 'Kilt', label: 'profile', content: new Uint8Array(300).fill(7) };

/** Any DER value: what is in a certificate is no concern of the token. */
const certificate = asDer(Uint8Array.from({ length: 804 }, (_, at) => [0x30, 0x82, 0x03, 0x20][at] ?? 0x11));

/**
 * What a registration does with a token, in one login: application, key pair, certificate, record, signature. Can be
 * repeated after an interruption.
 */
export async function fill(session: TokenSession): Promise<void> {
  await session.createPkcs15('qq111111');
  await session.generateRsaKeyPair(keyPair);
  await session.storeCertificate({ id, label: 'Certificate', der: certificate });
  await session.writeDataObject(record);
  await session.signSha256(id, new TextEncoder().encode('a request'));
}

/** {@link fill}, and a new password at the end. */
export async function fillAndChangePin(session: TokenSession): Promise<void> {
  await fill(session);
  await session.setPin('user', secretFromText(newPin));
}

/** All that {@link fill} wrote is there, once, nothing else is, and no try is lost. */
export async function expectFilled(desk: TokenDesk, token: DeskToken): Promise<void> {
  const { keys, certificates, dataObjects } = await desk.objects(token);
  expect(keys).toMatchObject([{ id, label: 'Signature', bits: 2048 }]);
  expect(certificates).toEqual([{ id, label: 'Certificate', der: certificate }]);
  expect(dataObjects).toEqual([record]);
  expect(token.watched.keyFiles()).toEqual({ privateKeys: 1, publicKeys: 1, empty: 0 });
  expect(token.watched.userAttemptsLeft()).toBe(10);
}
