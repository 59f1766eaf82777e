import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { OpensslWorkshop } from '#test/unit/pki/openssl-workshop.ts';

const configuration = `
[tsa]
default_tsa = tsa_section
[tsa_section]
serial = tsa.serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.398.3.3.2.6.2
digests = sha1, sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[tsa_extensions]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
[loose_extensions]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping,emailProtection
subjectKeyIdentifier = hash
`;

/** `openssl ts` behind HTTP on this machine alone. */
export class TimeStampAuthority {
  readonly #openssl: OpensslWorkshop;
  readonly #server;
  /** Changes what is asked before OpenSSL sees it, or what it answers. */
  tamper: { query?: (query: Buffer) => Uint8Array; answer?: (answer: Buffer) => Uint8Array } = {};
  /** Which certificate signs: `tsa`, or a name made with another of the extensions. */
  signer = 'tsa';
  status = 200;

  private constructor(openssl: OpensslWorkshop) {
    this.#openssl = openssl;
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const query = Buffer.concat(parts);
        const isQuery = request.headers['content-type'] === 'application/timestamp-query';
        response.writeHead(isQuery ? this.status : 415, { 'content-type': 'application/timestamp-reply' });
        response.end(isQuery ? this.reply(query) : '');
      });
    });
  }

  /** With `tsa` issued by the workshop's `ca`. */
  static async start(openssl: OpensslWorkshop): Promise<TimeStampAuthority> {
    openssl.write('tsa.cnf', configuration);
    const authority = new TimeStampAuthority(openssl);
    authority.certify('tsa', 'tsa_extensions');
    authority.#server.listen(0, '127.0.0.1');
    await once(authority.#server, 'listening');
    return authority;
  }

  certify(name: string, extensions: 'tsa_extensions' | 'loose_extensions', issuer = 'ca'): void {
    this.#openssl.rsaKey(name);
    this.#openssl.run('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
    this.#openssl.run(
      ...[
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        `${issuer}.crt`,
        '-CAkey',
        `${issuer}.key`,
        '-days',
        '30',
      ],
      ...['-CAcreateserial', '-extfile', 'tsa.cnf', '-extensions', extensions, '-out', `${name}.crt`],
    );
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/tsp/`;
  }

  reply(query: Buffer): Uint8Array {
    this.#openssl.write('query.tsq', this.tamper.query?.(query) ?? query);
    this.#openssl.run(
      ...['ts', '-reply', '-config', 'tsa.cnf', '-section', 'tsa_section', '-queryfile', 'query.tsq'],
      ...['-signer', `${this.signer}.crt`, '-inkey', `${this.signer}.key`, '-out', 'answer.tsr'],
    );
    const answer = Buffer.from(this.#openssl.read('answer.tsr'));
    return this.tamper.answer?.(answer) ?? answer;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
