import { createHmac, timingSafeEqual } from 'node:crypto';
import { wipe } from '#shared/bytes.ts';
import { gostPbkdf2, GostHmac } from '../gost/hmac.ts';
import type { GostHashKind } from '../gost/gost-hash.ts';
import { streebog256, streebog512 } from '../gost/streebog.ts';
import { oids } from '../oids.ts';
import type { DerValue } from '../asn1.ts';
import { unsupportedContainer } from './failure.ts';
import { checkedIterations, mostIterations } from './iterations.ts';
import { derive, purpose, type ContainerPassword } from './password.ts';

/** MacData of a PFX (RFC 7292 §4), read but not checked. */
export interface ContainerMac {
  readonly hashOid: string;
  readonly expected: Uint8Array;
  readonly salt: Uint8Array;
  /** Absent: one iteration. */
  readonly iterations: DerValue | undefined;
}

const hashes: Readonly<Record<string, string>> = {
  [oids.sha1]: 'sha1',
  [oids.sha256]: 'sha256',
  [oids.sha384]: 'sha384',
  [oids.sha512]: 'sha512',
};

const gostHashes: Readonly<Record<string, GostHashKind>> = {
  [oids.streebog256]: streebog256,
  [oids.streebog512]: streebog512,
};

/** R 50.1.112-2016 §7 (RFC 9548 §3): the key is the last 32 of 96 bytes of PBKDF2, over the password in UTF-8. */
const gostKey = { derived: 96, from: 64 } as const;

/** @throws KiltError `key-container-unsupported` for an unknown hash or too many iterations */
export async function macFits(
  mac: ContainerMac,
  data: Uint8Array,
  password: ContainerPassword,
): Promise<boolean> {
  const { hashOid, expected } = mac;
  const gostHash = gostHashes[hashOid];
  const made = gostHash
    ? [await gostMac(gostHash, mac, data, password)]
    : await macsByForm(mac, data, password);
  return made.some((bytes) => bytes.length === expected.length && timingSafeEqual(bytes, expected));
}

/** With the key derivation of PKCS#12, for every form of the password (RFC 7292 appendix A and §5.1). */
async function macsByForm(
  { hashOid, salt, iterations: count }: ContainerMac,
  data: Uint8Array,
  password: ContainerPassword,
): Promise<readonly Uint8Array[]> {
  const iterations = count ? checkedIterations(count) : 1;
  const hash = hashes[hashOid];
  if (!hash) throw unsupportedContainer(`MAC with ${hashOid}`);
  const length = createHmac(hash, '').digest().length;
  const macs: Uint8Array[] = [];
  for (const bmp of password.bmpForms) {
    const key = await derive(bmp, { hash, salt, iterations, purpose: purpose.mac, length });
    macs.push(createHmac(hash, key).update(data).digest());
    wipe(key);
  }
  return macs;
}

async function gostMac(
  kind: GostHashKind,
  { salt, iterations: count }: ContainerMac,
  data: Uint8Array,
  { utf8 }: ContainerPassword,
): Promise<Uint8Array> {
  const iterations = count ? checkedIterations(count, mostIterations.gost) : 1;
  const derived = await gostPbkdf2(kind, utf8, { salt, iterations, length: gostKey.derived });
  const hmac = new GostHmac(kind, derived.subarray(gostKey.from));
  wipe(derived);
  const mac = hmac.mac(data);
  hmac.wipe();
  return mac;
}
