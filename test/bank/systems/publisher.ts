import { createHash, createPrivateKey, createPublicKey, sign, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { newRsaKey } from '../authority/authority.ts';
import { certificatePem, issueCertificate } from '../authority/certificate.ts';
import { BankError } from '../bank-error.ts';
import { readJsonFile, writeFileAtomically } from '../records/atomic-file.ts';

/** Whoever signs a bank's files: a key of its own, that no server of the bank needs. */
export interface Publisher {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
}

const stored = z.object({ format: z.literal(1), privateKeyPem: z.string(), certificatePem: z.string() });
const day = 24 * 3600 * 1000;

/** The demo bank's publisher, made at the first call. */
export async function openPublisher(dataDir: string, now: Date): Promise<Publisher> {
  const path = join(dataDir, 'publisher.json');
  const kept = readJsonFile(path, stored);
  if (kept) return kept;
  const { privateKeyPem, publicKey } = await newRsaKey();
  const certificate = issueCertificate(
    {
      kind: 'initial-key',
      subject: { country: 'KZ', organisation: 'Kilt Demo Bank', commonName: 'Kilt Demo Bank, bank files' },
      publicKey,
      notBefore: new Date(now.getTime() - day),
      notAfter: new Date(now.getTime() + 3650 * day),
    },
    { privateKeyPem },
  );
  const made = { format: 1 as const, privateKeyPem, certificatePem: certificatePem(certificate) };
  writeFileAtomically(path, JSON.stringify(made), 0o600);
  return made;
}

/** SHA-256 of the public key, in the groups in which an acceptance act prints it. */
export function publisherFingerprint({ certificatePem: pem }: Pick<Publisher, 'certificatePem'>): string {
  const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  const digits = createHash('sha256').update(spki).digest('hex').toUpperCase();
  return digits.match(/.{4}/g)?.join(' ') ?? digits;
}

const encoded = (part: string | Uint8Array): string => Buffer.from(part).toString('base64url');

/**
 * A signed bank file: JWS in compact form (RFC 7515 §7.1).
 *
 * @param bank JSON text, signed as it is
 * @throws BankError when key and certificate do not belong together
 */
export function signedBankFile(bank: string, { privateKeyPem, certificatePem: pem }: Publisher): string {
  const certificate = new X509Certificate(pem);
  const key = createPrivateKey(privateKeyPem);
  if (!certificate.checkPrivateKey(key)) throw new BankError('the certificate is not of this key');
  if (key.asymmetricKeyType !== 'rsa') throw new BankError('the key must be RSA');
  const header = { alg: 'RS256', typ: 'kilt-bank+jws', x5c: [certificate.raw.toString('base64')] };
  const input = `${encoded(JSON.stringify(header))}.${encoded(bank)}`;
  return `${input}.${encoded(sign('sha256', Buffer.from(input), key))}\n`;
}
