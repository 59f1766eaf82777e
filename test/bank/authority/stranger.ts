import { generateKeyPairSync } from 'node:crypto';
import { issueCertificate, type IssuerKey } from './certificate.ts';

/** Keys for the faults: a certification authority that only claims to be ours, and a public key nobody asked about. */
export interface Stranger {
  readonly issuing: IssuerKey;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
}

const day = 24 * 3600 * 1000;
let made: Stranger | undefined;

/** Made once a process. The stranger has the issuing CA's name, so only keys and signatures give it away. */
export function strangerKeys(): Stranger {
  if (made) return made;
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificate = issueCertificate(
    {
      kind: 'root',
      subject: { country: 'KZ', organisation: 'Kilt Demo Bank', commonName: 'Kilt Demo Issuing CA' },
      publicKey: new Uint8Array(pair.publicKey),
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + 3000 * day),
    },
    { privateKeyPem: pair.privateKey },
  );
  made = {
    issuing: { privateKeyPem: pair.privateKey, certificate },
    publicKey: new Uint8Array(pair.publicKey),
  };
  return made;
}
