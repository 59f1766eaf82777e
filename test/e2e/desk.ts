import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Admission, AdmissionOrder } from '#test/bank/admission.ts';
import { startBank, type BankOptions, type RunningBank } from '#test/bank/start-bank.ts';
import { startKilt, type KiltOptions, type RunningKilt } from '#test/support/electron-app.ts';
import { freePort } from '#test/support/free-port.ts';
import { rsaKeyFromStock } from '#test/support/rsa-key-stock.ts';
import { WatchedCard } from '#test/support/watched-card.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import type { EmulatedCard } from '#test/virtual-token/emulated-card.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';
import { VPCD_PORT, VpcdClient } from '#test/virtual-token/vpcd-client.ts';

export interface Customer extends Admission {
  readonly keyFilePath: string;
  readonly otpPin: string;
  readonly keyFilePasswordText: string;
}

/**
 * What stands on the customer's desk in an end-to-end test: the demo bank, a virtual token that can be put in and
 * pulled out, and Kilt's window. Through real pcscd where the run has one, else through Kilt's virtual reader.
 */
export class Desk {
  readonly transport: 'pcsc' | 'virtual-reader' =
    process.env['KILT_PCSC'] === 'private' ? 'pcsc' : 'virtual-reader';
  /** Gone with the desk. */
  readonly folder: string;
  readonly #bankOptions: BankOptions;
  readonly #port: number;
  #bank: RunningBank;
  readonly #readers = new Map<0 | 1, VpcdClient>();
  #windows: RunningKilt[] = [];

  private constructor(bank: RunningBank, bankOptions: BankOptions, folder: string, port: number) {
    this.#bank = bank;
    this.#bankOptions = bankOptions;
    this.folder = folder;
    this.#port = port;
  }

  static async set(options: Partial<BankOptions> = {}): Promise<Desk> {
    const folder = mkdtempSync(path.join(tmpdir(), 'kilt-desk-'));
    const bankOptions = { dataDir: path.join(folder, 'bank'), checkAfterSeconds: 1, ...options };
    const bank = await startBank(bankOptions);
    const port = process.env['KILT_PCSC'] === 'private' ? VPCD_PORT : await freePort();
    return new Desk(bank, bankOptions, folder, port);
  }

  get bank(): RunningBank {
    return this.#bank;
  }

  /** Opens the bank again after `bank.stop()`, with all it knew and at the same addresses; otherwise, where told so. */
  async reopenBank(changes: Partial<BankOptions> = {}): Promise<void> {
    this.#bank = await startBank({ ...this.#bankOptions, ...changes });
  }

  async admit(order: AdmissionOrder = {}): Promise<Customer> {
    const admission = await this.bank.admit(order);
    const keyFilePath = path.join(this.folder, `${admission.userId}.pfx`);
    writeFileSync(keyFilePath, admission.keyFile);
    return {
      ...admission,
      keyFilePath,
      otpPin: Buffer.from(admission.pin).toString(),
      keyFilePasswordText: Buffer.from(admission.keyFilePassword).toString(),
    };
  }

  /** A token of the vendor's, not yet in the reader. Its keys come from a stock unless a test is about their making. */
  newToken(options: Partial<VirtualCardOptions> = {}): { faults: FaultyCard; watched: WatchedCard } {
    const watched = new WatchedCard(
      VirtualCard.create({ profile: 'default-pins', ...options }, { rsaKeySource: rsaKeyFromStock }),
    );
    const faults = new FaultyCard(watched);
    faults.onPresenceChange((present) => void (present ? this.insert(faults) : this.pull()));
    return { faults, watched };
  }

  /** @param slot 1 only where `transport` is `pcsc`: Kilt's virtual reader has one slot */
  async insert(card: EmulatedCard, slot: 0 | 1 = 0): Promise<void> {
    const reader = this.#readers.get(slot) ?? new VpcdClient({ port: this.#port + slot });
    this.#readers.set(slot, reader);
    await reader.insert(card);
  }

  async pull(slot: 0 | 1 = 0): Promise<void> {
    await this.#readers.get(slot)?.eject();
  }

  async openKilt(options: Partial<KiltOptions> = {}): Promise<RunningKilt> {
    const window = await startKilt({
      transport: this.transport,
      virtualReaderPort: this.#port,
      bankFile: this.bank.bankFile,
      ...options,
    });
    this.#windows.push(window);
    return window;
  }

  /** The system's file dialog cannot be driven; this answers in its place, in the main process, with a path. */
  async answerFileDialog({ app }: RunningKilt, file: string): Promise<void> {
    await app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
    }, file);
  }

  /**
   * Between two tests: closes all windows and takes the tokens out. One put in over another would be there faster than
   * the reader's service looks, and a window that is still open would share it with the next test's.
   */
  async tidyUp(): Promise<void> {
    for (const window of this.#windows) await window.close().catch(() => undefined);
    this.#windows = [];
    for (const slot of this.#readers.keys()) await this.pull(slot);
  }

  async clear(): Promise<void> {
    await this.tidyUp();
    for (const reader of this.#readers.values()) await reader.stop();
    await this.bank.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
