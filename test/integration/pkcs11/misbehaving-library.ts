import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LibraryRules } from '#main/token/pkcs11/library-place.ts';
import { patience } from '#main/token/pkcs11/library-conversation.ts';
import type { TokenDriver } from '#main/token/pkcs11/token-driver.ts';
import { SOFTHSM, type SoftHsm } from './softhsm.ts';

export type Misdeed = 'hang' | 'crash' | 'exit';
export type Misdoer = 'C_Initialize' | 'C_Login' | 'C_Sign';

/** A vendor's library at its worst: SoftHSM behind a few lines of C that hang or crash when they are told to. */
export class MisbehavingLibrary {
  readonly #hsm: SoftHsm;
  readonly #library: string;
  readonly #log: string;

  constructor(hsm: SoftHsm) {
    this.#hsm = hsm;
    this.#library = path.join(hsm.folder, 'misbehaving.so');
    this.#log = path.join(hsm.folder, 'logins');
    const headers = 'node_modules/pkcs11js/includes/pkcs11';
    const source = 'test/integration/pkcs11/misbehaving-library.c';
    execFileSync('g++', ['-xc', '-shared', '-fPIC', '-I', headers, '-o', this.#library, source]);
    process.env['KILT_TEST_LIBRARY'] = SOFTHSM;
    process.env['KILT_TEST_LOG'] = this.#log;
  }

  do(how: Misdeed, call: Misdoer): void {
    process.env['KILT_TEST_CALL'] = call;
    process.env['KILT_TEST_HOW'] = how;
  }

  behave(): void {
    delete process.env['KILT_TEST_CALL'];
    delete process.env['KILT_TEST_HOW'];
  }

  /** How often the library was given a PIN. */
  get logins(): number {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').trim().split('\n').length : 0;
  }

  /** One that waits seconds where the real one waits minutes. */
  driver(): TokenDriver {
    const rules: LibraryRules = {
      platform: process.platform,
      folders: [this.#hsm.folder],
      owners: [process.getuid!()],
    };
    const short = { ...patience, load: 4000, login: 1500, sign: 1500 };
    return this.#hsm.driver({
      choice: () => ({ library: this.#library, signer: '' }),
      rules,
      patience: short,
    });
  }

  remove(): void {
    this.behave();
    delete process.env['KILT_TEST_LIBRARY'];
    delete process.env['KILT_TEST_LOG'];
  }
}
