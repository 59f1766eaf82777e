import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { bitString, octetString, oid, sequence } from '#test/bank/asn1/der.ts';
import type { ParameterSet } from '#test/virtual-token/gost/parameter-sets.ts';

const run = promisify(execFile);

const configuration = `
openssl_conf = settings
[settings]
engines = engines
[engines]
gost = gost
[gost]
engine_id = gost
default_algorithms = ALL
`;
/** RFC 4491 §2.3.2: id-GostR3410-2001 and the hash parameters that stand beside the curve. */
const gostR3410 = '1.2.643.2.2.19';
const gostR3411Parameters = '1.2.643.2.2.30.1';
const PRIVATE_KEY_BYTES = 32;

/** OpenSSL with its GOST engine, an implementation that shares nothing with the token's. */
export class OpensslGost {
  readonly #folder: string;

  /** @param folder where its files go */
  constructor(folder: string) {
    this.#folder = folder;
    writeFileSync(join(folder, 'gost.cnf'), configuration);
  }

  /** GOST R 34.11-94 of a text. */
  async hash(text: string): Promise<Uint8Array> {
    writeFileSync(this.#path('text'), text);
    await this.#openssl('dgst', '-md_gost94', '-binary', '-out', 'digest', 'text');
    return new Uint8Array(readFileSync(this.#path('digest')));
  }

  /** A new key: `d` and the point, as the token's key files have them. */
  async newKey({ name }: ParameterSet): Promise<{ privateValue: Uint8Array; publicValue: Uint8Array }> {
    const algorithm = ['-algorithm', 'gost2001', '-pkeyopt', `paramset:${name}`];
    await this.#openssl('genpkey', ...algorithm, '-outform', 'DER', '-out', 'private.der');
    const asPublic = ['-inform', 'DER', '-in', 'private.der', '-pubout', '-outform', 'DER'];
    await this.#openssl('pkey', ...asPublic, '-out', 'public.der');
    return {
      privateValue: this.#tail('private.der', PRIVATE_KEY_BYTES),
      publicValue: this.#tail('public.der', 64),
    };
  }

  /**
   * Whether a signature is right, by OpenSSL's word.
   *
   * @param point X‖Y, little-endian
   * @param signature s‖r, big-endian (RFC 4491 §2.2.2)
   */
  async verifies(
    set: ParameterSet,
    point: Uint8Array,
    digest: Uint8Array,
    signature: Uint8Array,
  ): Promise<boolean> {
    const algorithm = sequence(oid(gostR3410), sequence(oid(set.oid), oid(gostR3411Parameters)));
    writeFileSync(this.#path('point.der'), sequence(algorithm, bitString(octetString(point))));
    writeFileSync(this.#path('digest'), digest);
    writeFileSync(this.#path('signature'), signature);
    const key = ['-pubin', '-keyform', 'DER', '-inkey', 'point.der'];
    try {
      await this.#openssl('pkeyutl', '-verify', ...key, '-in', 'digest', '-sigfile', 'signature');
      return true;
    } catch (error) {
      // Anything but its verdict is a defect of the test.
      if (String((error as { stdout?: unknown }).stdout).includes('Signature Verification Failure'))
        return false;
      throw error;
    }
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  #tail(name: string, bytes: number): Uint8Array {
    return new Uint8Array(readFileSync(this.#path(name))).slice(-bytes);
  }

  async #openssl(...args: string[]): Promise<void> {
    const env = { ...process.env, OPENSSL_CONF: this.#path('gost.cnf') };
    await run('openssl', args, { cwd: this.#folder, env });
  }
}
