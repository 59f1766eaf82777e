import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import type { Language } from '#shared/views.ts';
import { certificateToPem, parseCertificate } from '#main/pki/x509.ts';
import { Pkcs15TokenSession } from '#main/token/pkcs15-token-session.ts';
import { writeAdmission } from '#test/bank/admission.ts';
import { startBank, type RunningBank } from '#test/bank/start-bank.ts';
import { Journey } from '#test/e2e/journey.ts';
import { cardOnTransport } from '#test/support/card-on-transport.ts';
import { saveScreenshot, startKilt, type RunningKilt } from '#test/support/electron-app.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import { StoredCard } from '#test/virtual-token/state-file.ts';
import { VpcdClient } from '#test/virtual-token/vpcd-client.ts';

const factoryPin = '12345678';
const newPassword = 'Tulpar7Asyq';
const customerName = 'Айгерим Сапарова';

export interface DemoResult {
  readonly registered: boolean;
  readonly signedIn: boolean;
  readonly transport: 'pcsc' | 'virtual-reader';
  readonly electron: string;
  readonly token: { readonly label: string; readonly serial: string; readonly state: string };
  readonly certificate: {
    readonly subject: string;
    readonly issuer: string;
    readonly notAfter: string;
    readonly pem: string;
    /** What `openssl verify` said of it, against the demo root. */
    readonly openssl: string;
  };
  readonly seconds: Readonly<
    Record<'bank' | 'window' | 'wizard' | 'registration' | 'signIn' | 'total', number>
  >;
  readonly screenshots: readonly string[];
}

export interface DemoOptions {
  readonly folder: string;
  readonly transport: 'pcsc' | 'virtual-reader';
  readonly port: number;
  readonly language: Language;
}

/** Bank, token and window of one demonstration. All it leaves lies in its folder. */
export class Demo {
  readonly #options: DemoOptions;
  readonly #bank: RunningBank;
  readonly #token: StoredCard;
  readonly #reader: VpcdClient;
  readonly #seconds: Partial<Record<keyof DemoResult['seconds'], number>> = {};
  readonly #screenshots: string[] = [];
  readonly #started: number;
  #lap: number;
  #kilt: RunningKilt | undefined;

  private constructor(options: DemoOptions, bank: RunningBank, token: StoredCard, started: number) {
    this.#options = options;
    this.#bank = bank;
    this.#token = token;
    this.#reader = new VpcdClient({ port: options.port });
    this.#started = started;
    this.#lap = started;
    this.#measure('bank');
  }

  static async prepare(options: DemoOptions): Promise<Demo> {
    const started = performance.now();
    say('The demo bank and its certification authority start.');
    mkdirSync(options.folder, { recursive: true });
    const bank = await startBank({ dataDir: path.join(options.folder, 'bank') });
    say('A virtual KAZTOKEN is made, as the vendor delivers it.');
    const token = StoredCard.save(
      VirtualCard.create({ profile: 'default-pins' }),
      path.join(options.folder, 'token.json'),
    );
    return new Demo(options, bank, token, started);
  }

  async run(): Promise<DemoResult> {
    const { folder, language, transport, port } = this.#options;
    const customer = await this.#bank.admit({ name: customerName });
    const { userId } = customer;
    const otpPin = Buffer.from(customer.pin).toString();
    writeAdmission(customer, path.join(folder, 'customer'));
    this.#lap = performance.now();

    say('Kilt opens its window.');
    const kilt = await startKilt({
      transport,
      virtualReaderPort: port,
      bankFile: this.#bank.bankFile,
      locale: language,
      theme: 'light',
      userData: path.join(folder, 'kilt'),
    });
    this.#kilt = kilt;
    const journey = new Journey(kilt.page, language);
    if (language !== 'ru') await journey.chooseLanguage('ru', language);
    await expect(journey.heading(journey.t('picker.title'))).toBeVisible({ timeout: 30_000 });
    this.#measure('window');

    say('The token is plugged in.');
    await this.#reader.insert(this.#token);
    await expect(journey.tokenRow(journey.t('picker.emptyToken'))).toBeVisible({ timeout: 30_000 });
    await this.#picture('picker-empty-token');
    await kilt.app.evaluate(
      ({ dialog }, file) => {
        // The system's file dialog cannot be driven; the customer's key file is its answer.
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] });
      },
      path.join(folder, 'customer', 'Key.pfx'),
    );

    say('The customer fills in the wizard: ID, PIN of the OTP card, key file, new password.');
    await journey.openToken(factoryPin);
    await journey.agreeToCreateProfile();
    await journey.completeWizard({ userId, otpPin, newPassword }, (screen) => this.#picture(screen));
    this.#measure('wizard');
    say('The token makes its keys; the authority issues two certificates; the bank registers them.');
    await this.#picture('wizard-progress');
    await journey.waitUntilDone();
    this.#measure('registration');
    await this.#picture('wizard-done');
    await journey.finish();
    await expect(journey.tokenRow(userId)).toBeVisible();
    await this.#picture('picker-registered');

    say('The customer signs in to the bank with the new profile.');
    this.#lap = performance.now();
    await journey.openToken(newPassword);
    const bank = this.#bank.system.name[language];
    await expect(journey.heading(journey.t('home.title', { bank }))).toBeVisible({ timeout: 30_000 });
    this.#measure('signIn');
    await this.#picture('home');
    const electron = await kilt.app.evaluate(() => process.versions.electron);

    const { label, serial, certificate } = await this.#readToken();
    return {
      registered: this.#bank.registrations().some((one) => one.userId === userId),
      signedIn: true,
      transport,
      electron,
      token: { label, serial, state: path.join(folder, 'token.json') },
      certificate,
      seconds: { ...this.#allSeconds(), total: round(performance.now() - this.#started) },
      screenshots: this.#screenshots,
    };
  }

  /** With a display: leaves the window to whoever looks at it. */
  async waitUntilClosed(): Promise<void> {
    say('Close Kilt’s window to end the demonstration.');
    await this.#reader.insert(this.#token);
    await this.#kilt?.app.waitForEvent('close', { timeout: 0 });
  }

  async end(): Promise<void> {
    await this.#kilt?.close().catch(() => undefined);
    await this.#reader.stop();
    await this.#bank.stop();
  }

  /** What any other program could read from the token now. */
  async #readToken() {
    await this.#reader.eject();
    const session = await Pkcs15TokenSession.open(cardOnTransport(this.#token));
    const { label, serial } = await session.info();
    const [stored] = (await session.objects()).certificates;
    if (!stored) throw new Error('the token holds no certificate');
    const { subject, issuer, notAfter } = parseCertificate(stored.der);
    const pem = certificateToPem(stored.der);
    return {
      label: label ?? '',
      serial,
      certificate: {
        subject,
        issuer,
        notAfter: notAfter.toISOString(),
        pem,
        openssl: this.#verifyWithOpenssl(pem),
      },
    };
  }

  #verifyWithOpenssl(pem: string): string {
    const { folder } = this.#options;
    const file = path.join(folder, 'certificate.pem');
    writeFileSync(file, pem);
    const [root, issuing] = ['root.pem', 'issuing.pem'].map((name) => path.join(folder, 'bank', name));
    try {
      const args = ['verify', '-CAfile', root ?? '', '-untrusted', issuing ?? '', file];
      return execFileSync('openssl', args, { encoding: 'utf8' }).trim().replace(`${file}: `, '');
    } catch (error) {
      return `not verified: ${(error as Error).message}`;
    }
  }

  async #picture(screen: string): Promise<void> {
    const page = this.#kilt?.page;
    if (!page) return;
    const { language } = this.#options;
    this.#screenshots.push(await saveScreenshot(page, { screen, language, theme: 'light' }));
  }

  #measure(what: keyof DemoResult['seconds']): void {
    const now = performance.now();
    this.#seconds[what] = round(now - this.#lap);
    this.#lap = now;
  }

  #allSeconds() {
    const { bank = 0, window = 0, wizard = 0, registration = 0, signIn = 0 } = this.#seconds;
    return { bank, window, wizard, registration, signIn };
  }
}

const round = (milliseconds: number): number => Math.round(milliseconds / 10) / 100;

/** Progress goes to standard error: the last line of standard output is the result. */
function say(text: string): void {
  process.stderr.write(`· ${text}\n`);
}
