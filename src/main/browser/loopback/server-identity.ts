import { createPrivateKey, generateKeyPair, randomBytes, sign, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';
import type { DerBytes } from '#shared/bytes.ts';
import { encode, sequence, tag } from '#main/pki/asn1.ts';

/** The key that the server on this computer shows to browsers, and what vouches for it. PEM. */
export interface ServerIdentity {
  readonly key: string;
  readonly certificate: string;
  /** Of the authority that has signed this one certificate and nothing else; its key is gone. */
  readonly authority: string;
}

/** Chromium takes no certificate that lives longer than 398 days. */
const lifeDays = 390;
const day = 24 * 60 * 60 * 1000;
/** Days before the end at which a new one is made: Kilt may not be started every day. */
const renewDays = 30;

const generate = promisify(generateKeyPair);

/**
 * Makes a key for 127.0.0.1, ::1 and localhost, of this computer alone, and an authority that browsers can be told to
 * trust. The authority's key signs once and is never written anywhere: nobody, Kilt included, can make another certificate
 * with it. Its certificate says besides that it is for this computer only.
 *
 * @param now of the first day; certificates are valid from the day before, for clocks that go wrong
 */
export async function makeServerIdentity(now: Date): Promise<ServerIdentity> {
  const authorityKey = await generate('rsa', { modulusLength: 2048 });
  const serverKey = await generate('rsa', { modulusLength: 2048 });
  const pemOf = (key: typeof serverKey.publicKey): string =>
    key.export({ type: 'spki', format: 'pem' }).toString();
  const signed = (certificate: forge.pki.Certificate): string => {
    // The authority's key stays with OpenSSL: forge would keep its numbers in memory.
    const signer = {
      sign: () => sign('sha256', tbsBytes(certificate), authorityKey.privateKey).toString('binary'),
    };
    certificate.sign(signer as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
    return forge.pki.certificateToPem(certificate);
  };

  const authorityName = [
    { shortName: 'CN', value: `Kilt ${randomBytes(4).toString('hex')}: this computer only` },
    { shortName: 'O', value: 'Kilt' },
  ];
  const authority = emptyCertificate(pemOf(authorityKey.publicKey), now);
  authority.setSubject(authorityName);
  authority.setIssuer(authorityName);
  authority.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true },
    { name: 'subjectKeyIdentifier' },
    { id: '2.5.29.30', critical: true, value: thisComputerOnly() },
  ]);

  const server = emptyCertificate(pemOf(serverKey.publicKey), now);
  server.setSubject([{ shortName: 'CN', value: '127.0.0.1' }]);
  server.setIssuer(authorityName);
  server.setExtensions([
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'authorityKeyIdentifier',
      keyIdentifier: authority.generateSubjectKeyIdentifier().getBytes(),
    },
    {
      name: 'subjectAltName',
      altNames: [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' },
        { type: 7, ip: '::1' },
      ],
    },
  ]);
  return {
    key: serverKey.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: signed(server),
    authority: signed(authority),
  };
}

/** Whether an identity that was kept can still be used: key and certificates belong together, and the end is not near. */
export function identityHolds({ key, certificate, authority }: ServerIdentity, now: Date): boolean {
  try {
    const server = new X509Certificate(certificate);
    const signer = new X509Certificate(authority);
    const until = new Date(server.validTo).getTime() - renewDays * day;
    return (
      server.checkPrivateKey(createPrivateKey(key)) &&
      server.verify(signer.publicKey) &&
      new Date(server.validFrom) <= now &&
      now.getTime() < until
    );
  } catch {
    return false;
  }
}

function emptyCertificate(publicKey: string, now: Date): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // Positive: the first bit is not set.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(now.getTime() - day);
  certificate.validity.notAfter = new Date(now.getTime() + lifeDays * day);
  return certificate;
}

const tbsBytes = (certificate: forge.pki.Certificate): Buffer =>
  Buffer.from(forge.asn1.toDer(certificate.tbsCertificate).getBytes(), 'binary');

/** NameConstraints (RFC 5280 §4.2.1.10) with permittedSubtrees: localhost, 127.0.0.1/32, ::1/128. */
function thisComputerOnly(): string {
  const subtree = (choice: number, ...bytes: readonly number[]): DerBytes =>
    sequence(encode(tag.contextPrimitive(choice), Uint8Array.from(bytes)));
  const ones = (count: number): number[] => Array.from({ length: count }, () => 0xff);
  const ipv6 = [...Array.from({ length: 15 }, () => 0), 1];
  const dnsName = 2;
  const ipAddress = 7;
  const permitted = encode(
    tag.context(0),
    subtree(dnsName, ...Buffer.from('localhost')),
    subtree(ipAddress, 127, 0, 0, 1, ...ones(4)),
    subtree(ipAddress, ...ipv6, ...ones(16)),
  );
  // forge takes and gives bytes as the characters of a string.
  return Buffer.from(sequence(permitted)).toString('binary');
}
