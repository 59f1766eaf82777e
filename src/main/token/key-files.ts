import { condition, encodeAccessRules, fileKind, type FileControl, type FilePath } from './file-control.ts';

/** System directories into which the card puts key files by their kind (facts §3.3, §3.4). */
const systemKeys: FilePath = [0x1000, 0x1000];
const publicKeys = 0x6001;
const privateKeys = 0x6002;

/** Where the key file of a reference lies. */
export const keyDirectory = {
  privateKeys: (reference: number): FilePath => [...systemKeys, privateKeys, reference],
  publicKeys: (reference: number): FilePath => [...systemKeys, publicKeys, reference],
} as const;

/** The public key file beside a private one; `null` when the path is not one of a key on the card. */
export function publicHalfOf(path: FilePath): FilePath | null {
  const [first, second, directory, reference] = path;
  const isKeyFile = path.length === 4 && first === systemKeys[0] && second === systemKeys[1];
  return isKeyFile && directory === privateKeys && reference !== undefined
    ? keyDirectory.publicKeys(reference)
    : null;
}

/** First byte of tag 85 (facts §3.1). */
const keyKind = { rsaPrivate: 0x23, rsaPublic: 0x33 } as const;
const keyProperties = (kind: number): Uint8Array => Uint8Array.of(kind, 0x00, 0x00, 0xaa, 0x00, 0x00);

/** Bytes of key files where L is half the modulus: p, q and their gaps, qInv, dP, dQ; n and e (facts §3.5). */
const privateKeySize = (bits: number): number => 5 * (bits / 16) + 8;
const publicKeySize = (bits: number): number => 3 * (bits / 16);

/** Special file for the private half. Its file identifier is the key reference. */
export const privateKeyFile = (reference: number, bits: number): FileControl => ({
  kind: fileKind.special,
  id: reference,
  size: privateKeySize(bits),
  properties: keyProperties(keyKind.rsaPrivate),
  access: encodeAccessRules({ second: condition.user, third: condition.user, remove: condition.user }),
});

export const publicKeyFile = (reference: number, bits: number): FileControl => ({
  kind: fileKind.special,
  id: reference,
  size: publicKeySize(bits),
  properties: keyProperties(keyKind.rsaPublic),
  access: encodeAccessRules({ second: condition.user, third: condition.always, remove: condition.user }),
});
