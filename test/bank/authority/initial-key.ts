import type { GostDialect } from '../gost/dialects.ts';
import { newGostKey, privateKeyPem, publicKeyInfo } from '../gost/key-pair.ts';
import { newRsaKey, type Authority } from './authority.ts';
import { issueCertificate, type SubjectFields } from './certificate.ts';
import { issueGostCertificate } from './gost-certificate.ts';

/** A key pair made for a customer, with its certificate: what goes into Key.pfx or GOST.pfx. */
export interface InitialKey {
  /** PKCS#8 PEM. */
  readonly privateKeyPem: string;
  readonly certificate: Uint8Array;
  /** Issuers to hand out with it. */
  readonly issuers: readonly Uint8Array[];
}

/** A key not yet certified. */
export interface UncertifiedKey {
  certify(subject: SubjectFields, notBefore: Date, notAfter: Date): InitialKey;
}

/** RSA of 2048 bits, certified by the CA that also certifies tokens. */
export async function newRsaInitialKey(authority: Authority): Promise<UncertifiedKey> {
  const { privateKeyPem, publicKey } = await newRsaKey();
  return {
    certify: (subject, notBefore, notAfter) => {
      const order = { kind: 'initial-key', subject, publicKey, notBefore, notAfter } as const;
      return { privateKeyPem, certificate: issueCertificate(order, authority.issuing), issuers: [] };
    },
  };
}

/** GOST, certified by the CA of the dialect, whose certificate goes along. */
export function newGostInitialKey(authority: Authority, dialect: GostDialect, now: Date): UncertifiedKey {
  const key = newGostKey(dialect);
  const { issuing } = authority.gost.chain(dialect, now);
  return {
    certify: (subject, notBefore, notAfter) => {
      const order = {
        kind: 'initial-key',
        subject,
        publicKey: publicKeyInfo(key),
        notBefore,
        notAfter,
      } as const;
      return {
        privateKeyPem: privateKeyPem(key),
        certificate: issueGostCertificate(order, issuing),
        issuers: [issuing.certificate],
      };
    },
  };
}
