import { asTokenSerial } from '#shared/bytes.ts';
import { TokenDriver } from '#main/token/pkcs11/token-driver.ts';
import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';
import { OpenscBench } from '../virtual-token/opensc-bench.ts';
import { startProcess } from './softhsm.ts';

export const OPENSC = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/opensc-pkcs11.so`;

/** A virtual token in the reader of this PC/SC world, and OpenSC's library as its vendor's. */
export class OpenscLibrary {
  readonly bench: OpenscBench;
  readonly driver = new TokenDriver({
    choice: () => ({ library: OPENSC, signer: '' }),
    start: startProcess,
  });

  private constructor(bench: OpenscBench) {
    this.bench = bench;
    // Read by the library, in the process that this one starts.
    process.env['OPENSC_CONF'] = bench.path('opensc.conf');
  }

  static async with(card: VirtualCardOptions): Promise<OpenscLibrary> {
    return new OpenscLibrary(await OpenscBench.startHere(card));
  }

  static async withProgram(...options: string[]): Promise<OpenscLibrary> {
    return new OpenscLibrary(await OpenscBench.start(options));
  }

  async remove(): Promise<void> {
    delete process.env['OPENSC_CONF'];
    await this.bench.stop();
  }
}

export const serialOf = (hexadecimal: string) => asTokenSerial(hexadecimal.toUpperCase());
