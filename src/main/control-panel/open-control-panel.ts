import type { FormatStage } from '#shared/control-panel-views.ts';
import { isKiltError } from '#shared/errors.ts';
import type { SettingsView } from '#shared/views.ts';
import type { BankDirectory } from '#main/enrolment/bank-files.ts';
import type { RegistrationRunner } from '#main/enrolment/registration-runner.ts';
import type { RenewalRunner } from '#main/enrolment/renewal/renewal-runner.ts';
import type { AuditLog } from '#main/store/audit-log.ts';
import type { FormatJournal, JournalledFormat } from '#main/store/format-journal.ts';
import type { OperationLog } from '#main/store/operations.ts';
import type { RegistrationJournal } from '#main/store/registration-journal.ts';
import type { RenewalJournal } from '#main/store/renewal-journal.ts';
import type { CertificateTrust } from '#main/trust/certificate-trust.ts';
import type { TokenWatch } from '#main/token/token-watch.ts';
import { CertificateService } from './certificate-service.ts';
import { ControlPanel } from './control-panel.ts';
import { FormatService } from './format-service.ts';
import { settleFormats } from './interrupted-formats.ts';
import { PanelRights } from './panel-rights.ts';
import { TokenActions } from './token-actions.ts';
import { TokensSeen } from './tokens-seen.ts';

export interface ControlPanelOptions {
  readonly tokens: TokenWatch;
  readonly audit: AuditLog;
  readonly formats: FormatJournal;
  readonly registrations: RegistrationJournal;
  readonly renewals: RenewalJournal;
  readonly runner: Pick<RegistrationRunner, 'abandon'>;
  readonly renewalRunner: Pick<RenewalRunner, 'abandon'>;
  readonly operations: OperationLog;
  readonly banks: BankDirectory;
  readonly trust: Pick<CertificateTrust, 'judge'>;
  readonly settings: () => SettingsView;
  readonly now: () => Date;
  /** After the last action, when the rights on a token end. */
  readonly idleMilliseconds?: number | undefined;
  /** The user PIN of this insertion is another one now: whoever keeps the old one must not use it. */
  readonly onUserPinChanged: (tokenId: string) => void;
  /** The token of this insertion was formatted: nothing that was open on it is there any more. */
  readonly onEmptied: (tokenId: string) => void;
  readonly onFormatStage?: ((stage: FormatStage) => void) | undefined;
}

export interface OpenedControlPanel {
  readonly controlPanel: ControlPanel;
  readonly certificates: CertificateService;
  /** To be called whenever something has changed at the readers. */
  follow(): void;
  /** Ends all rights and lets go of all secrets. */
  close(): void;
}

/** Puts the services of the control panel together. */
export function openControlPanel(options: ControlPanelOptions): OpenedControlPanel {
  const { tokens, audit, formats, registrations, renewals, operations, banks, trust, settings, now } =
    options;
  const isRegistering = (tokenSerial: string): boolean =>
    registrations.isRunningOn(tokenSerial) || renewals.isRunningOn(tokenSerial);
  const seen = new TokensSeen(tokens);
  const rights = new PanelRights({
    idleMilliseconds: options.idleMilliseconds,
    onEnd({ tokenId, tokenSerial, tokenLabel, role }, cause) {
      audit.note({ action: 'logout', tokenSerial, tokenLabel, role, detail: { cause } }, 'done');
      controlPanel.rightsEnded(tokenId, cause);
    },
  });
  const actions = new TokenActions({ tokens, seen, rights, audit, isRegistering });

  // It has happened, whether this can be written down or not: what the token says counts for more.
  const onFormatted = ({ tokenSerial, startedAt }: Pick<JournalledFormat, 'tokenSerial' | 'startedAt'>) => {
    try {
      options.runner.abandon(tokenSerial, new Date(startedAt));
      options.renewalRunner.abandon(tokenSerial, new Date(startedAt));
      operations.add({ tokenSerial, kind: 'formatted', result: 'done' });
    } catch (error) {
      if (!isKiltError(error)) throw error;
    }
    for (const { id, info } of tokens.tokens()) if (info?.serial === tokenSerial) options.onEmptied(id);
  };

  const formatService = new FormatService({
    tokens,
    seen,
    rights,
    actions,
    audit,
    formats,
    registrations,
    renewals,
    isRegistering,
    banks,
    settings,
    now,
    onFormatted,
    onStage: options.onFormatStage,
  });
  const controlPanel = new ControlPanel({
    tokens,
    seen,
    rights,
    actions,
    formats: formatService,
    audit,
    settings,
    now,
    onUserPinChanged: options.onUserPinChanged,
  });
  const certificates = new CertificateService({
    tokens,
    seen,
    rights,
    actions,
    audit,
    registrations,
    renewals,
    banks,
    trust,
    language: () => settings().language,
    now,
    onChanged: (tokenId) => controlPanel.changed(tokenId),
  });

  return {
    controlPanel,
    certificates,
    follow() {
      seen.follow();
      controlPanel.follow();
      certificates.follow();
      settleFormats({
        tokens,
        formats,
        audit,
        isFormatting: (tokenSerial) => actions.isFormatting(tokenSerial),
        onFormatted,
        tell: (view) => formatService.tell(view),
      });
    },
    close() {
      rights.endAll('quit');
      certificates.forgetAllImports();
      audit.flush();
    },
  };
}
