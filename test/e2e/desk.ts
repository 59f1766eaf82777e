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
import { FaultyCard } from '#test/virtual-token/faults.ts';
import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';
import { VPCD_PORT, VpcdClient } from '#test/virtual-token/vpcd-client.ts';

export interface Customer extends Admission {
  readonly keyFilePath: string;
  readonly otpPin: string;
}

/**
 * What stands on the customer's desk in an end-to-end test: the demo bank, a virtual token that can be put in and
 * pulled out, and Kilt's window. Through real pcscd where the run has one, else through Kilt's virtual reader.
 */
export class Desk {
  readonly transport: 'pcsc' | 'virtual-reader' =
    process.env['KILT_PCSC'] === 'private' ? 'pcsc' : 'virtual-reader';
  readonly bank: RunningBank;
  readonly #folder: string;
  readonly #port: number;
  #reader: VpcdClient | undefined;
  #windows: RunningKilt[] = [];

  private constructor(bank: RunningBank, folder: string, port: number) {
    this.bank = bank;
    this.#folder = folder;
    this.#port = port;
  }

  static async set(options: Partial<BankOptions> = {}): Promise<Desk> {
    const folder = mkdtempSync(path.join(tmpdir(), 'kilt-desk-'));
    const bank = await startBank({ dataDir: path.join(folder, 'bank'), checkAfterSeconds: 1, ...options });
    const port = process.env['KILT_PCSC'] === 'private' ? VPCD_PORT : await freePort();
    return new Desk(bank, folder, port);
  }

  async admit(order: AdmissionOrder = {}): Promise<Customer> {
    const admission = await this.bank.admit(order);
    const keyFilePath = path.join(this.#folder, `${admission.userId}.pfx`);
    writeFileSync(keyFilePath, admission.keyFile);
    return { ...admission, keyFilePath, otpPin: Buffer.from(admission.pin).toString() };
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

  async insert(card: FaultyCard): Promise<void> {
    this.#reader ??= new VpcdClient({ port: this.#port });
    await this.#reader.insert(card);
  }

  async pull(): Promise<void> {
    await this.#reader?.eject();
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

  async clear(): Promise<void> {
    for (const window of this.#windows) await window.close().catch(() => undefined);
    await this.#reader?.stop();
    await this.bank.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
