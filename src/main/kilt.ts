import { hostname } from 'node:os';
import path from 'node:path';
import { KiltError } from '#shared/errors.ts';
import type { DerBytes } from '#shared/bytes.ts';
import type { FormatStage } from '#shared/control-panel-views.ts';
import type { RegistrationView, SettingsView, TokenView, TokensView } from '#shared/views.ts';
import type { CertificateService } from '#main/control-panel/certificate-service.ts';
import type { ControlPanel } from '#main/control-panel/control-panel.ts';
import { openControlPanel, type OpenedControlPanel } from '#main/control-panel/open-control-panel.ts';
import { BankDirectory } from '#main/enrolment/bank-files.ts';
import { BankImports } from '#main/enrolment/bank-imports.ts';
import type { BankSystem } from '#main/enrolment/bank-system.ts';
import { BankTrust } from '#main/enrolment/bank-trust.ts';
import { builtInPublishers } from '#main/enrolment/built-in-publishers.ts';
import { createHttpClient } from '#main/enrolment/http.ts';
import { CardNationalKeys } from '#main/enrolment/national/card-national-keys.ts';
import { DriverNationalKeys } from '#main/enrolment/national/driver-national-keys.ts';
import { NationalKeys } from '#main/enrolment/national/national-keys.ts';
import { RegistrationDrafts } from '#main/enrolment/registration-drafts.ts';
import { openRenewals, type OpenedRenewals } from '#main/enrolment/renewal/open-renewals.ts';
import type { RenewalRunner, RenewalWatcher } from '#main/enrolment/renewal/renewal-runner.ts';
import type { Renewals } from '#main/enrolment/renewal/renewals.ts';
import { RegistrationRunner, type JournalWatcher } from '#main/enrolment/registration-runner.ts';
import { Registrations, type BeginOrder, type ResumeOrder } from '#main/enrolment/registrations.ts';
import { tokenView } from '#main/enrolment/token-views.ts';
import { CertificateWatch } from '#main/profile/certificate-watch.ts';
import { ProfileService } from '#main/profile/profile-service.ts';
import { certificateFromBase64 } from '#main/signing/known-issuers.ts';
import { PageSigning } from '#main/signing/page-signing.ts';
import { SigningService } from '#main/signing/signing-service.ts';
import { AuditLog } from '#main/store/audit-log.ts';
import { BankPublisherStore } from '#main/store/bank-publishers.ts';
import { openDatabase, type KiltDatabase } from '#main/store/database.ts';
import { FormatJournal } from '#main/store/format-journal.ts';
import { OperationLog } from '#main/store/operations.ts';
import { KnownCertificateStore } from '#main/store/known-certificates.ts';
import { ProfileStore } from '#main/store/profiles.ts';
import { RegistrationJournal } from '#main/store/registration-journal.ts';
import { ReminderLog } from '#main/store/reminder-log.ts';
import { watchOutsideChanges } from '#main/store/outside-changes.ts';
import { SettingsStore } from '#main/store/settings.ts';
import { SiteApprovals } from '#main/store/site-approvals.ts';
import type { CardAccess } from '#main/token/card-transport.ts';
import { CertificateTrust } from '#main/trust/certificate-trust.ts';
import { PinCustody } from '#main/token/pin-custody.ts';
import type { StartLibraryProcess } from '#main/token/pkcs11/library-process.ts';
import { TokenDriver, type DriverChoice } from '#main/token/pkcs11/token-driver.ts';
import type { KnownToken, TokenRelease, TokenWatch } from '#main/token/token-watch.ts';
import { TokenWatchService } from '#main/token/token-watch-service.ts';

export interface KiltOptions {
  readonly dataFolder: string;
  readonly access: CardAccess;
  /** One bank file beside those in `<dataFolder>/banks`. */
  readonly bankFile?: string | undefined;
  /** Banks' files without signature: for testers, never in a packaged program. Refused unless said otherwise. */
  readonly unsignedBanks?: 'accept' | 'refuse' | undefined;
  readonly now?: () => Date;
  /** A PKCS#11 library instead of the one in the settings; empty: none. */
  readonly driverLibrary?: string | undefined;
  /** How the process of such a library is started; absent: as a process of Node's. */
  readonly startLibrary?: StartLibraryProcess | undefined;
  readonly onJournalLine?: JournalWatcher | undefined;
  readonly onRenewalLine?: RenewalWatcher | undefined;
  readonly onFormatStage?: ((stage: FormatStage) => void) | undefined;
  /** After the last action in the control panel, when the rights on a token end. */
  readonly panelIdleMilliseconds?: number | undefined;
}

/** Everything Kilt does, without a face: the window and the command line both stand on this. */
export class Kilt {
  readonly access: CardAccess;
  readonly tokens: TokenWatch & TokenRelease;
  readonly driver: TokenDriver;
  readonly banks: BankDirectory;
  readonly bankImports: BankImports;
  readonly settings: SettingsStore;
  readonly runner: RegistrationRunner;
  readonly profiles: ProfileService;
  readonly drafts: RegistrationDrafts;
  readonly audit: AuditLog;
  readonly controlPanel: ControlPanel;
  readonly certificates: CertificateService;
  readonly signing: SigningService;
  /** Sites whose pages may call. */
  readonly sites: SiteApprovals;
  /** For bank pages: documents in memory. */
  readonly pageSigning: PageSigning;
  /** «Перегенерация комплекта ключей». */
  readonly renewals: Renewals;
  readonly renewalRunner: RenewalRunner;
  /** When certificates end. */
  readonly ends: CertificateWatch;
  readonly #panel: OpenedControlPanel;
  readonly #national: NationalKeys;
  readonly #driverKeys: DriverNationalKeys;
  readonly #now: () => Date;
  readonly #database: KiltDatabase;
  readonly #journal: RegistrationJournal;
  readonly #registrations: Registrations;
  /** Long enough to fill in the wizard with the papers on one's knees. */
  readonly #pins = new PinCustody({ idleMilliseconds: 20 * 60 * 1000 });
  #present: ReadonlySet<string> = new Set();

  /** @throws KiltError `storage-failed`, `disk-full`, `bank-file-…` and `bank-signature-wrong` for `bankFile` */
  constructor(options: KiltOptions) {
    const now = options.now ?? (() => new Date());
    this.#now = now;
    this.access = options.access;
    this.#database = openDatabase(options.dataFolder);
    this.#journal = new RegistrationJournal(this.#database, now);
    const operations = new OperationLog(this.#database, now);
    this.settings = new SettingsStore(this.#database);
    this.sites = new SiteApprovals(this.#database, now);
    const trust = new BankTrust(new BankPublisherStore(this.#database), builtInPublishers());
    const unsigned = options.unsignedBanks ?? 'refuse';
    this.banks = new BankDirectory(path.join(options.dataFolder, 'banks'), {
      trust,
      unsigned,
      launchFile: options.bankFile,
      now,
    });
    this.tokens = new TokenWatchService(options.access);
    const certificateTrust = new CertificateTrust({
      cacheFolder: path.join(options.dataFolder, 'revocation'),
      now,
    });
    this.driver = new TokenDriver({
      choice: () => {
        const { driverLibrary, driverSigner } = this.settings.get();
        return { library: options.driverLibrary ?? driverLibrary, signer: driverSigner };
      },
      start: options.startLibrary,
    });
    const { tokens, driver } = this;
    this.#driverKeys = new DriverNationalKeys({ tokens, pins: this.#pins, driver });
    // The card itself first: it needs no foreign code.
    this.#national = new NationalKeys([new CardNationalKeys({ tokens, pins: this.#pins }), this.#driverKeys]);
    this.drafts = new RegistrationDrafts(now, this.#national, certificateTrust);
    const http = (bank: BankSystem) => createHttpClient(bank.api.tlsAnchors);
    const profiles = new ProfileStore(this.#database);
    this.runner = new RegistrationRunner({
      journal: this.#journal,
      profiles,
      operations,
      banks: this.banks,
      tokens: this.tokens,
      pins: this.#pins,
      http,
      national: this.#national,
      trust: certificateTrust,
      now,
      computerName: hostname(),
      onJournalLine: options.onJournalLine,
    });
    const { renewals, runner, journal }: OpenedRenewals = openRenewals({
      database: this.#database,
      banks: this.banks,
      operations,
      tokens: this.tokens,
      pins: this.#pins,
      http,
      trust: certificateTrust,
      now,
      computerName: hostname(),
      isBusy: (serial) => this.controlPanel.isFormatting(serial) || this.#journal.isRunningOn(serial),
      onJournalLine: options.onRenewalLine,
    });
    this.renewals = renewals;
    this.renewalRunner = runner;
    this.profiles = new ProfileService({
      tokens: this.tokens,
      pins: this.#pins,
      banks: this.banks,
      runner: this.runner,
      journal: this.#journal,
      operations,
      http,
      trust: certificateTrust,
      view: (token) => this.tokenView(token),
      now,
      onSignedIn: (profile, answer) => renewals.signedIn(profile, answer),
    });
    this.ends = new CertificateWatch({
      certificates: new KnownCertificateStore(this.#database),
      reminders: new ReminderLog(this.#database),
      wanted: () => this.settings.get().reminders,
      now,
    });
    this.audit = new AuditLog(this.#database, now);
    this.bankImports = new BankImports({
      directory: this.banks,
      trust,
      unsigned,
      audit: this.audit,
      uses: (bankId) => ({
        profiles: profiles.ofBank(bankId).map(({ userId }) => userId),
        unfinished: this.#journal
          .unfinished()
          .filter((registration) => registration.bankId === bankId)
          .map(({ userId }) => userId),
      }),
      now,
    });
    const issuers = () => this.knownIssuers();
    const { audit, banks } = this;
    this.signing = new SigningService({ tokens, banks, audit, trust: certificateTrust, issuers, now });
    this.pageSigning = new PageSigning({ tokens, audit, issuers, now });
    this.#panel = openControlPanel({
      tokens: this.tokens,
      audit: this.audit,
      formats: new FormatJournal(this.#database, now),
      registrations: this.#journal,
      renewals: journal,
      runner: this.runner,
      renewalRunner: runner,
      operations,
      banks: this.banks,
      trust: certificateTrust,
      settings: () => this.settings.get(),
      now,
      idleMilliseconds: options.panelIdleMilliseconds,
      onUserPinChanged: (tokenId) => this.#pins.forget(tokenId),
      onEmptied: (tokenId) => {
        this.#driverKeys.forget(tokenId);
        this.profiles.leave(tokenId);
      },
      onFormatStage: options.onFormatStage,
    });
    this.controlPanel = this.#panel.controlPanel;
    this.#registrations = new Registrations({
      tokens: this.tokens,
      banks: this.banks,
      drafts: this.drafts,
      journal: this.#journal,
      runner: this.runner,
      pins: this.#pins,
      kindOf: (token) => this.tokenView(token).kind,
      isFormatting: (tokenSerial) => this.controlPanel.isFormatting(tokenSerial),
      isRenewing: (tokenSerial) => journal.isRunningOn(tokenSerial),
    });
    this.certificates = this.#panel.certificates;
    this.runner.onChange(({ tokenSerial, state, current }) => {
      if (state === 'running' && current === 'pin-set')
        this.controlPanel.pinChangesElsewhere(tokenSerial, 'user');
    });
    this.tokens.onChange(() => {
      this.#forgetPinsOfRemovedTokens();
      this.runner.settle();
      this.#panel.follow();
      renewals.follow();
      this.ends.follow(this.tokensView().tokens);
    });
  }

  start(): Promise<void> {
    return this.tokens.start();
  }

  /** See `watchOutsideChanges`. Ends before {@link stop}. */
  watchOutsideChanges(listener: () => void, onDefect: (error: unknown) => void): () => void {
    return watchOutsideChanges(this.#database, listener, onDefect);
  }

  /** Resolves when nothing is under way that goes on by itself. */
  async idle(): Promise<void> {
    await Promise.all([this.runner.idle(), this.renewalRunner.idle(), this.controlPanel.idle()]);
  }

  async stop(): Promise<void> {
    await Promise.all([this.runner.stop(), this.renewals.stop()]);
    this.drafts.forgetAll();
    this.#pins.forgetAll();
    this.ends.stop();
    await this.tokens.stop();
    this.#panel.close();
    this.#database.close();
  }

  tokensView(): TokensView {
    return {
      presence: this.tokens.presence(),
      transport: this.access.kind,
      tokens: this.tokens.tokens().map((token) => this.tokenView(token)),
    };
  }

  /**
   * Chooses the PKCS#11 library of the token's maker, or none, and looks at the tokens with it.
   *
   * @throws KiltError `driver-not-allowed` {likelyCause}: the choice stays as it was
   */
  async chooseDriver(choice: DriverChoice): Promise<SettingsView> {
    const library = choice.library === '' ? '' : await this.driver.check(choice);
    const settings = this.settings.change({ driverLibrary: library, driverSigner: choice.signer });
    this.#driverKeys.follow();
    return settings;
  }

  /** Certificates of authorities that are known, trusted or not: to lead from a signer to its root. */
  knownIssuers(): readonly DerBytes[] {
    const chains = [...this.#journal.knownIssuers(), ...this.renewalRunner.knownIssuers()];
    return chains.map(certificateFromBase64);
  }

  /** A token that is in a reader now. @throws KiltError `token-removed` */
  token(tokenId: string): KnownToken {
    const token = this.tokens.tokens().find(({ id }) => id === tokenId);
    if (!token) throw new KiltError('token-removed');
    return token;
  }

  tokenView(token: KnownToken): TokenView {
    return tokenView(token, {
      banks: this.banks,
      national: this.#national,
      driver: this.#driverKeys,
      now: this.#now,
      unfinishedOnToken: (serial) => this.#journal.unfinishedOnToken(serial),
      language: this.settings.get().language,
    });
  }

  /** See `Registrations.begin`. */
  register(order: BeginOrder): RegistrationView {
    return this.#registrations.begin(order);
  }

  /** See `Registrations.resume`. */
  resume(order: ResumeOrder): Promise<RegistrationView> {
    return this.#registrations.resume(order);
  }

  #forgetPinsOfRemovedTokens(): void {
    const present = new Set(this.tokens.tokens().map(({ id }) => id));
    for (const id of this.#present) if (!present.has(id)) this.profiles.leave(id);
    this.#present = present;
  }
}
