/** Numbers of PKCS#11 v2.40 (`pkcs11t.h`) that Kilt uses. */

export const objectClasses = { certificate: 1, publicKey: 2, privateKey: 3 } as const;

export const attributes = {
  CKA_CLASS: 0x000,
  CKA_TOKEN: 0x001,
  CKA_PRIVATE: 0x002,
  CKA_LABEL: 0x003,
  CKA_VALUE: 0x011,
  CKA_CERTIFICATE_TYPE: 0x080,
  CKA_ISSUER: 0x081,
  CKA_SERIAL_NUMBER: 0x082,
  CKA_KEY_TYPE: 0x100,
  CKA_SUBJECT: 0x101,
  CKA_ID: 0x102,
  CKA_SENSITIVE: 0x103,
  CKA_DECRYPT: 0x105,
  CKA_SIGN: 0x108,
  CKA_SIGN_RECOVER: 0x109,
  CKA_VERIFY: 0x10a,
  CKA_ENCRYPT: 0x104,
  CKA_MODULUS: 0x120,
  CKA_MODULUS_BITS: 0x121,
  CKA_PUBLIC_EXPONENT: 0x122,
  CKA_EXTRACTABLE: 0x162,
} as const;

export const keyTypes = { CKK_RSA: 0x00, CKK_GOSTR3410: 0x30 } as const;

export const mechanisms = {
  CKM_RSA_PKCS_KEY_PAIR_GEN: 0x0000,
  CKM_RSA_PKCS: 0x0001,
  CKM_SHA256_RSA_PKCS: 0x0040,
  CKM_GOSTR3410: 0x1201,
} as const;

/** Keys of 512 bits: TC26's extension, as the token's maker and others number it (`rtpkcs11t.h`). */
export const gost512 = { keyType: 0xd432_1003, mechanism: 0xd432_1006 } as const;
