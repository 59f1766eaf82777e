import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import { asTokenSerial, secretFromText } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { defaultSettings, type SettingsView } from '#shared/views.ts';
import { openControlPanel, type OpenedControlPanel } from '#main/control-panel/open-control-panel.ts';
import { AuditLog } from '#main/store/audit-log.ts';
import { openDatabase, type KiltDatabase } from '#main/store/database.ts';
import { FormatJournal } from '#main/store/format-journal.ts';
import { OperationLog } from '#main/store/operations.ts';
import { RegistrationJournal } from '#main/store/registration-journal.ts';
import { RenewalJournal } from '#main/store/renewal-journal.ts';
import type { PinRole, PinStatus, TokenInfo, TokenObjects, TokenSession } from '#main/token/token-session.ts';
import type { KnownToken, TokenWatch } from '#main/token/token-watch.ts';
import { CertificateTrust } from '#main/trust/certificate-trust.ts';
import { demoBank, unsignedBanks } from '../enrolment/workshop.ts';

export const pinStatus: PinStatus = {
  attemptsLeft: 10,
  maxAttempts: 10,
  minLength: 6,
  blocked: false,
  changedBy: 'both',
};

export const tokenInfo: TokenInfo = {
  serial: asTokenSerial('3A5B7C1D'),
  model: 'KAZTOKEN',
  label: 'Asel',
  userPin: pinStatus,
  administratorPin: { ...pinStatus, changedBy: 'administrator' },
  totalMemory: 65_536,
  freeMemory: null,
  firmware: '30',
  protocol: null,
  atr: '3B88014B415A544F4B454E82',
  layout: 'complete',
};

export const noObjects: TokenObjects = { keys: [], certificates: [], dataObjects: [] };

/** A token that does what a test says and remembers what it was asked, with PINs as they are on a new one. */
export class PanelToken implements TokenWatch {
  /** Calls of the sessions so far: `login user`, `unblockUserPin`, … */
  readonly calls: string[] = [];
  readonly pins: Record<PinRole, string> = { user: '12345678', administrator: '87654321' };
  info: TokenInfo = tokenInfo;
  objects: TokenObjects = noObjects;
  /** What another token of this serial would answer, when somebody swaps it. */
  inReader = tokenInfo.serial;
  /** Does something in the middle of a session: pulls the token, lets time pass. */
  during: (call: string) => Promise<void> | void = () => undefined;
  readonly #listeners = new Set<() => void>();
  #present: string[] = ['t1'];

  start = (): Promise<void> => Promise.resolve();
  stop = (): Promise<void> => Promise.resolve();
  presence = () => 'ready' as const;

  tokens(): readonly KnownToken[] {
    const { info, objects } = this;
    return this.#present.map((id, at) => ({
      id,
      reader: `Reader ${at}`,
      state: 'ready',
      info: at === 0 ? info : { ...info, serial: asTokenSerial(`FFFF000${at}`) },
      objects,
    }));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Insertions that there are from now on. */
  present(...ids: string[]): void {
    this.#present = ids;
    for (const listener of this.#listeners) listener();
  }

  async withSession<T>(tokenId: string, work: (session: TokenSession) => Promise<T>): Promise<T> {
    if (!this.#present.includes(tokenId)) throw new KiltError('token-removed');
    return work(this.#session());
  }

  /** Calls without the questions that change nothing. */
  deeds(): readonly string[] {
    return this.calls.filter((call) => call !== 'info' && call !== 'objects');
  }

  #session(): TokenSession {
    const does = async <T>(call: string, result: T): Promise<T> => {
      this.calls.push(call);
      await this.during(call);
      return result;
    };
    const session: Partial<TokenSession> = {
      serial: this.inReader,
      info: () => does('info', undefined).then(() => this.info),
      objects: () => does('objects', undefined).then(() => this.objects),
      login: async (role, pin) => {
        const right = Buffer.from(pin).toString() === this.pins[role];
        await does(`login ${role}`, undefined);
        if (!right) throw new KiltError('wrong-pin', { role, attemptsLeft: 9 });
      },
      setPin: async (role, pin) => {
        await does(`setPin ${role}`, undefined);
        this.pins[role] = Buffer.from(pin).toString();
      },
      unblockUserPin: () => does('unblockUserPin', undefined),
      setLabel: (label) => does(`setLabel ${label}`, undefined),
      deleteKeyPair: (id) => does(`deleteKeyPair ${id}`, undefined),
      deleteCertificate: () => does('deleteCertificate', undefined),
      format: async (layout, onProgress) => {
        await does(`format ${layout.label}`, undefined);
        for (const stage of [
          'wiped',
          'folders',
          'administrator-pin',
          'user-pin',
          'application',
          'closed',
        ] as const) {
          await this.during(stage);
          onProgress?.(stage);
        }
      },
    };
    return session as TokenSession;
  }
}

/** The services of the control panel with a scripted token and stores of their own. */
export class PanelBench {
  readonly token = new PanelToken();
  readonly folder = mkdtempSync(path.join(tmpdir(), 'kilt-panel-'));
  readonly database: KiltDatabase;
  readonly audit: AuditLog;
  readonly formats: FormatJournal;
  readonly registrations: RegistrationJournal;
  readonly renewals: RenewalJournal;
  readonly panel: OpenedControlPanel;
  readonly onUserPinChanged = vi.fn();
  readonly onEmptied = vi.fn();
  readonly abandon = vi.fn();
  readonly abandonRenewals = vi.fn();
  settings: SettingsView = { ...defaultSettings, language: 'en' };

  constructor(options: { idleMilliseconds?: number; now?: () => Date } = {}) {
    const now = options.now ?? (() => new Date('2026-11-22T10:00:00.000Z'));
    this.database = openDatabase(this.folder);
    this.database.pragma('synchronous = OFF');
    this.audit = new AuditLog(this.database, now);
    this.formats = new FormatJournal(this.database, now);
    this.registrations = new RegistrationJournal(this.database, now);
    this.renewals = new RenewalJournal(this.database, now);
    const bankFile = path.join(this.folder, 'bank.json');
    writeFileSync(bankFile, JSON.stringify(demoBank));
    this.panel = openControlPanel({
      tokens: this.token,
      audit: this.audit,
      formats: this.formats,
      registrations: this.registrations,
      renewals: this.renewals,
      runner: { abandon: this.abandon },
      renewalRunner: { abandon: this.abandonRenewals },
      operations: new OperationLog(this.database, now),
      banks: unsignedBanks(path.join(this.folder, 'banks'), bankFile),
      trust: new CertificateTrust({ now }),
      settings: () => this.settings,
      now,
      idleMilliseconds: options.idleMilliseconds,
      onUserPinChanged: this.onUserPinChanged,
      onEmptied: this.onEmptied,
    });
    this.token.onChange(() => this.panel.follow());
  }

  get controlPanel() {
    return this.panel.controlPanel;
  }

  login(role: PinRole, pin = this.token.pins[role]) {
    return this.controlPanel.login('t1', role, secretFromText(pin));
  }

  changePin(role: PinRole, newPin: string, acceptWeak = false) {
    return this.controlPanel.changePin('t1', { role, newPin: secretFromText(newPin), acceptWeak });
  }

  /** The audit, oldest first, as `action result` with error code or the cause of a logout. */
  auditLines(): readonly string[] {
    return this.audit
      .view({ offset: 0, count: 500 })
      .entries.toReversed()
      .map(({ action, result, errorCode, detail }) =>
        [action, result, errorCode, detail['cause']]
          .filter((part) => part !== null && part !== undefined)
          .join(' '),
      );
  }

  close(): void {
    this.panel.close();
    this.database.close();
    rmSync(this.folder, { recursive: true });
  }
}
