import { createHash } from 'node:crypto';
import { OpensslWorkshop } from '../pki/openssl-workshop.ts';

const encoded = (part: string | Uint8Array): string => Buffer.from(part).toString('base64url');

/** Publishers of banks' files. What they sign is put together here and signed by the openssl command: no line of Kilt's. */
export class BankPublishers {
  readonly openssl = new OpensslWorkshop();

  remove(): void {
    this.openssl.remove();
  }

  /** A key and its self-signed certificate, which lives ten years from now. */
  add(name: string, commonName = 'Demo Bank publisher'): void {
    this.openssl.rsaKey(name);
    this.openssl.root(name, `/CN=${commonName}`, 'ee');
  }

  /** As openssl computes it. */
  fingerprint(name: string): string {
    this.openssl.run('x509', '-in', `${name}.crt`, '-pubkey', '-noout', '-out', `${name}.pub`);
    this.openssl.run('pkey', '-pubin', '-in', `${name}.pub`, '-outform', 'der', '-out', `${name}.spki`);
    return createHash('sha256')
      .update(this.openssl.read(`${name}.spki`))
      .digest('hex');
  }

  header(name: string, changes: object = {}): string {
    const x5c = [Buffer.from(this.openssl.der(name)).toString('base64')];
    return JSON.stringify({ alg: 'RS256', typ: 'kilt-bank+jws', x5c, ...changes });
  }

  /** A bank's file. @param claims as JSON text, so that it can be any */
  file(name: string, claims: string, header = this.header(name)): string {
    const input = `${encoded(header)}.${encoded(claims)}`;
    this.openssl.write('input', input);
    this.openssl.run('dgst', '-sha256', '-sign', `${name}.key`, '-out', 'signature', 'input');
    return `${input}.${encoded(this.openssl.read('signature'))}\n`;
  }
}
