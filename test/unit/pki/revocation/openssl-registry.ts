import { OpensslWorkshop } from '../openssl-workshop.ts';

/** A CA run by `openssl ca`: its database of certificates, its CRLs, and the answers of `openssl ocsp` from it. */
export class OpensslRegistry extends OpensslWorkshop {
  constructor() {
    super();
    this.write('index.txt', '');
    this.write('index.txt.attr', 'unique_subject = no\n');
    this.write('crlnumber', '01\n');
  }

  /** What `openssl ca` works with, for one issuer. */
  #configuration(issuer: string, crlExtensions: readonly string[]): string {
    this.write(
      'ca.cnf',
      `[ca]\ndefault_ca = one\n[one]\ndatabase = index.txt\ncrlnumber = crlnumber\ndefault_md = sha256\n` +
        `certificate = ${issuer}.crt\nprivate_key = ${issuer}.key\ncrl_extensions = crl\npolicy = any\n` +
        `[any]\n[crl]\nauthorityKeyIdentifier = keyid\n${crlExtensions.join('\n')}\n`,
    );
    return 'ca.cnf';
  }

  #ca(issuer: string, ...args: readonly string[]): void {
    this.run('ca', '-config', this.#configuration(issuer, []), '-batch', ...args);
  }

  /** The database knows `<name>.crt` as valid. */
  record(issuer: string, name: string): void {
    this.#ca(issuer, '-valid', `${name}.crt`);
  }

  /** @param reason as `openssl ca -crl_reason` has it */
  revoke(issuer: string, name: string, reason?: string): void {
    this.#ca(issuer, '-revoke', `${name}.crt`, ...(reason === undefined ? [] : ['-crl_reason', reason]));
  }

  /** `<file>.crl`, PEM, and its DER. */
  crl(
    issuer: string,
    file: string,
    options: { extensions?: readonly string[]; args?: readonly string[] } = {},
  ): Uint8Array {
    const configuration = this.#configuration(issuer, options.extensions ?? []);
    const validity = options.args ?? ['-crldays', '1'];
    this.run('ca', '-config', configuration, '-batch', '-gencrl', ...validity, '-out', `${file}.crl`);
    this.run('crl', '-in', `${file}.crl`, '-outform', 'DER', '-out', `${file}.crl.der`);
    return this.read(`${file}.crl.der`);
  }

  /** What `openssl verify -crl_check` says of a leaf: `OK`, or its error. */
  verdictWithCrl(leaf: string, anchor: string, file: string): string {
    const lists = ['-crl_check', '-CRLfile', `${file}.crl`];
    try {
      this.run('verify', '-CAfile', `${anchor}.crt`, ...lists, `${leaf}.crt`);
      return 'OK';
    } catch (error) {
      return /error \d+ at [^\n]*/.exec(String((error as { stderr?: string }).stderr))?.[0] ?? 'failed';
    }
  }

  /** The answer of `openssl ocsp` to a request, signed by `<signer>`. */
  answer(
    request: Uint8Array,
    options: { issuer: string; signer: string; args?: readonly string[] },
  ): Uint8Array {
    this.write('request.der', request);
    this.run(
      ...['ocsp', '-index', 'index.txt', '-CA', `${options.issuer}.crt`, '-reqin', 'request.der'],
      ...['-rsigner', `${options.signer}.crt`, '-rkey', `${options.signer}.key`],
      ...['-respout', 'response.der', ...(options.args ?? [])],
    );
    return this.read('response.der');
  }

  /** Whether `openssl ocsp` takes a stored answer for one of this CA. */
  believes(response: string, ca: string): boolean {
    try {
      this.run('ocsp', '-respin', response, '-CAfile', `${ca}.crt`);
      return true;
    } catch {
      return false;
    }
  }
}
