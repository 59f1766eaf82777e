import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asDer, type DerBytes } from '#shared/bytes.ts';

/**
 * Keys, certificates and key containers made by the openssl command, in a temporary directory: material that no line of
 * the code under test has touched.
 */
export class OpensslWorkshop {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'kilt-pki-'));

  constructor() {
    // Without a [cmp] section `openssl cmp` warns; without any file it reads the machine's own.
    this.write('openssl.cnf', `[cmp]\n[req]\ndistinguished_name = dn\n[dn]\n${extensionSections}`);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  path(name: string): string {
    return path.join(this.directory, name);
  }

  read(name: string): Uint8Array {
    return new Uint8Array(readFileSync(this.path(name)));
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, OPENSSL_CONF: this.path('openssl.cnf') };
  }

  /** Runs openssl in the directory; throws with its own words when it fails. */
  run(...args: readonly string[]): string {
    return execFileSync('openssl', args, {
      cwd: this.directory,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
  }

  /** `<name>.key` */
  rsaKey(name: string): void {
    this.run('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', `${name}.key`);
  }

  ecKey(name: string, curve = 'prime256v1'): void {
    this.run('ecparam', '-genkey', '-noout', '-name', curve, '-out', `${name}.key`);
  }

  /** `<name>.crt`, self-signed with `<name>.key`. */
  root(name: string, subject: string, extensions = 'ca'): void {
    this.run(
      ...['req', '-x509', '-new', '-key', `${name}.key`, '-subj', subject, '-days', '3650', '-utf8'],
      ...['-extensions', extensions, '-out', `${name}.crt`],
    );
  }

  /** `<name>.crt` for `<name>.key`, issued by `<issuer>`. */
  certificate(
    name: string,
    issuer: string,
    subject: string,
    options: { extensions?: string; args?: readonly string[] } = {},
  ): void {
    this.run('req', '-new', '-key', `${name}.key`, '-subj', subject, '-utf8', '-out', `${name}.csr`);
    this.run(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', `${issuer}.crt`, '-CAkey', `${issuer}.key`],
      ...['-CAcreateserial', '-days', '30', '-extfile', 'openssl.cnf'],
      ...['-extensions', options.extensions ?? 'ee', '-out', `${name}.crt`, ...(options.args ?? [])],
    );
  }

  /** `init.key` and `init.crt` as a bank hands them out, and `root` that has issued them. */
  initialKey(): void {
    this.ecKey('root');
    this.root('root', '/C=KZ/O=Demo KISC/CN=Demo KISC CA');
    this.rsaKey('init');
    this.certificate('init', 'root', '/C=KZ/UID=00012345/CN=ТОО «Ромашка»');
  }

  /** DER of `<name>.crt`. */
  der(name: string): DerBytes {
    const pem = readFileSync(this.path(`${name}.crt`), 'utf8');
    const base64 = /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(pem)?.[1] ?? '';
    return asDer(new Uint8Array(Buffer.from(base64, 'base64')));
  }

  pem(name: string): string {
    return readFileSync(this.path(`${name}.crt`), 'utf8');
  }

  /** What `openssl verify` says: 'OK', or its words. */
  verdict(leaf: string, anchor: string, intermediates: readonly string[] = []): string {
    const untrusted = intermediates.flatMap((name) => ['-untrusted', `${name}.crt`]);
    try {
      this.run('verify', '-x509_strict', '-CAfile', `${anchor}.crt`, ...untrusted, `${leaf}.crt`);
      return 'OK';
    } catch (error) {
      return String((error as { stderr?: string }).stderr);
    }
  }
}

const extensionSections = `
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign,digitalSignature
subjectKeyIdentifier = hash
[ca_pathlen0]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ca_without_cert_sign]
basicConstraints = critical,CA:TRUE
keyUsage = critical,digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ee]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = clientAuth,emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[cmp_server]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = 1.3.6.1.5.5.7.3.27
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[critical_unknown]
basicConstraints = critical,CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
1.2.3.4.5 = critical,ASN1:NULL
[ca_no_crl]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[with_list]
basicConstraints = critical,CA:FALSE
crlDistributionPoints = URI:http://crl.bank.kz/a.crl
authorityInfoAccess = OCSP;URI:http://ocsp.bank.kz/
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ocsp_signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ocsp_signer_checked]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[bare]
`;
