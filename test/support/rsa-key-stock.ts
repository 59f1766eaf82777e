import type { KeyObject } from 'node:crypto';
import { generateRsaKey, type RsaKeySource } from '#test/virtual-token/rsa-key.ts';

const stockSize = 6;
const stock: Promise<KeyObject>[] = [];
let next = 0;

/**
 * Real RSA-2048 keys, made once in a process and handed out in turn: a test that is not about making keys need not
 * wait for them. Two keys in a row always differ.
 */
export const rsaKeyFromStock: RsaKeySource = (bits) => {
  if (bits !== 2048) return generateRsaKey(bits);
  const place = next++ % stockSize;
  return (stock[place] ??= generateRsaKey(bits));
};
