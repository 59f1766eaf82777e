import { execFileSync } from 'node:child_process';
import path from 'node:path';

const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });

/** A certificate in PEM without its key, as other programs export them. @returns the file */
export function certificateFromOpenssl(folder: string, owner: string): string {
  const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
  const newKey = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key];
  openssl('req', '-x509', ...newKey, '-utf8', '-subj', `/CN=${owner}`, '-days', '20', '-out', certificate);
  return certificate;
}

/** A key container with key and certificate, as other programs hand them out. @returns the file */
export function containerFromOpenssl(folder: string, owner: string, password: string): string {
  const certificate = certificateFromOpenssl(folder, owner);
  const [key, container] = [path.join(folder, 'key.pem'), path.join(folder, 'container.p12')];
  const protect = ['-passout', `pass:${password}`];
  openssl('pkcs12', '-export', '-inkey', key, '-in', certificate, ...protect, '-out', container);
  return container;
}
