import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { asTokenSerial, type TokenSerial } from '#shared/bytes.ts';
import { forkLibraryProcess, type LibraryProcess } from '#main/token/pkcs11/library-process.ts';
import { TokenDriver, type TokenDriverOptions } from '#main/token/pkcs11/token-driver.ts';

export const SOFTHSM = '/usr/lib/softhsm/libsofthsm2.so';
export const USER_PIN = '12345678';
const SO_PIN = '87654321';

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
/** Kilt's own files are TypeScript here. */
export const startProcess = (): LibraryProcess => forkLibraryProcess(['--import', tsx]);

/** A real PKCS#11 library with a token of its own: SoftHSM 2, on a folder of this run. */
export class SoftHsm {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'kilt-softhsm-'));
  readonly serial: TokenSerial;

  /** @param settings further lines of its configuration */
  constructor(settings: readonly string[] = []) {
    const tokens = path.join(this.folder, 'tokens');
    mkdirSync(tokens);
    const configuration = path.join(this.folder, 'softhsm2.conf');
    writeFileSync(
      configuration,
      ['objectstore.backend = file', `directories.tokendir = ${tokens}`, ...settings, ''].join('\n'),
    );
    // Read by the library, in the process that this one starts.
    process.env['SOFTHSM2_CONF'] = configuration;
    this.#util('--init-token', '--free', '--label', 'AK', '--pin', USER_PIN, '--so-pin', SO_PIN);
    const serial = /Serial number:\s+([0-9a-f]{16})/.exec(this.#util('--show-slots'))?.[1];
    if (serial === undefined) throw new Error('SoftHSM has made no token');
    this.serial = asTokenSerial(serial.replace(/^0+/, '').toUpperCase());
  }

  driver(options: Partial<TokenDriverOptions> = {}): TokenDriver {
    return new TokenDriver({
      choice: () => ({ library: SOFTHSM, signer: '' }),
      start: startProcess,
      ...options,
    });
  }

  remove(): void {
    delete process.env['SOFTHSM2_CONF'];
    rmSync(this.folder, { recursive: true });
  }

  #util(...args: string[]): string {
    return execFileSync('softhsm2-util', args, { encoding: 'utf8' });
  }
}
