import type { ErrorData } from './error-data.ts';

export type { ErrorData } from './error-data.ts';

/**
 * The error catalogue: every failure a user can meet, with the stable code that support staff ask for.
 *
 * Codes have the form of the applet's own (`0200040` is the manuals' «Неверный пароль или ключевой контейнер»):
 * `01…` token and reader, `02…` registration data and certification authority, `03…` bank, `04…` network,
 * `05…` this program and this computer, `06…` documents, signatures and key sets, `07…` pages of sites. A code is never
 * reused. Texts stand in `texts/*` under `errors.<id>` as `title` (what happened), `meaning` (what it means for the token)
 * and `next` (what to do).
 */
export const errorCatalogue = {
  'pcsc-service-off': { code: '0100001', severity: 'warning' },
  'no-reader': { code: '0100002', severity: 'warning' },
  'reader-unavailable': { code: '0100003', severity: 'warning' },
  'pcsc-access-denied': { code: '0100004', severity: 'warning' },
  'token-removed': { code: '0100010', severity: 'warning' },
  'token-in-use': { code: '0100011', severity: 'warning' },
  'token-unsupported': { code: '0100012', severity: 'warning' },
  'token-mute': { code: '0100013', severity: 'error' },
  'token-swapped': { code: '0100014', severity: 'error' },
  'wrong-pin': { code: '0100020', severity: 'warning' },
  'pin-blocked': { code: '0100021', severity: 'error' },
  'pin-refused': { code: '0100022', severity: 'warning' },
  'pin-needed': { code: '0100023', severity: 'warning' },
  'pin-not-allowed': { code: '0100024', severity: 'warning' },
  'pin-weak': { code: '0100025', severity: 'warning' },
  'pin-unchanged': { code: '0100026', severity: 'warning' },
  'pin-not-blocked': { code: '0100027', severity: 'info' },
  'token-memory-full': { code: '0100030', severity: 'error' },
  'token-answer-unexpected': { code: '0100031', severity: 'error' },
  'token-layout-damaged': { code: '0100032', severity: 'error' },
  'key-not-found': { code: '0100033', severity: 'error' },
  'format-interrupted': { code: '0100035', severity: 'error' },
  'several-tokens': { code: '0100036', severity: 'warning' },
  'confirmation-differs': { code: '0100037', severity: 'warning' },
  'certificate-in-use': { code: '0100038', severity: 'warning' },
  'profile-on-token': { code: '0100039', severity: 'info' },
  'import-file-unreadable': { code: '0100040', severity: 'warning' },
  'import-key-unsupported': { code: '0100041', severity: 'error' },
  'token-failing': { code: '0100042', severity: 'error' },
  'driver-not-allowed': { code: '0100050', severity: 'error' },
  'driver-failed': { code: '0100051', severity: 'error' },

  'key-container-wrong': { code: '0200040', severity: 'warning' },
  'key-container-expired': { code: '0200041', severity: 'error' },
  'key-container-unsupported': { code: '0200042', severity: 'error' },
  'registration-data-refused': { code: '0200050', severity: 'warning' },
  'registration-pin-locked': { code: '0200051', severity: 'error' },
  'national-signature-missing': { code: '0200052', severity: 'warning' },
  'national-signature-unusable': { code: '0200053', severity: 'warning' },
  'national-registration-refused': { code: '0200054', severity: 'warning' },
  'ca-refused': { code: '0200060', severity: 'error' },
  'ca-answer-invalid': { code: '0200061', severity: 'error' },
  'ca-certificate-wrong': { code: '0200062', severity: 'error' },
  'ca-still-waiting': { code: '0200063', severity: 'info' },
  'ca-signer-revoked': { code: '0200067', severity: 'error' },
  'ca-request-not-understood': { code: '0200068', severity: 'error' },
  'certificate-revoked': { code: '0200064', severity: 'error' },
  'certificate-suspended': { code: '0200065', severity: 'error' },
  'revocation-unknown': { code: '0200066', severity: 'warning' },
  'registration-unfinished': { code: '0200070', severity: 'warning' },
  'registration-elsewhere': { code: '0200071', severity: 'warning' },

  'bank-refused': { code: '0300001', severity: 'error' },
  'bank-answer-invalid': { code: '0300002', severity: 'error' },
  'sign-in-refused': { code: '0300003', severity: 'error' },
  'bank-file-invalid': { code: '0300004', severity: 'error' },
  'sign-in-late': { code: '0300005', severity: 'warning' },
  'sign-in-certificate-ended': { code: '0300006', severity: 'error' },
  'bank-file-unsigned': { code: '0300020', severity: 'error' },
  'bank-signature-wrong': { code: '0300021', severity: 'error' },
  'bank-signer-changed': { code: '0300022', severity: 'error' },
  'bank-file-older': { code: '0300023', severity: 'warning' },
  'bank-file-ended': { code: '0300024', severity: 'warning' },
  'bank-not-confirmed': { code: '0300025', severity: 'warning' },
  'bank-in-use': { code: '0300026', severity: 'warning' },

  'network-unreachable': { code: '0400001', severity: 'warning' },
  'network-timeout': { code: '0400002', severity: 'warning' },
  'tls-untrusted': { code: '0400003', severity: 'error' },
  'server-failed': { code: '0400004', severity: 'warning' },

  'document-unreadable': { code: '0600001', severity: 'warning' },
  'document-changed': { code: '0600002', severity: 'error' },
  'signature-unreadable': { code: '0600003', severity: 'warning' },
  'signed-document-missing': { code: '0600004', severity: 'warning' },
  'signing-certificate-ended': { code: '0600005', severity: 'error' },
  'timestamp-refused': { code: '0600006', severity: 'warning' },
  'timestamp-invalid': { code: '0600007', severity: 'error' },
  'xml-unusable': { code: '0600010', severity: 'warning' },

  'renewal-unfinished': { code: '0600020', severity: 'warning' },
  'renewal-elsewhere': { code: '0600021', severity: 'warning' },
  'renewal-no-room': { code: '0600022', severity: 'error' },
  'renewal-not-offered': { code: '0600023', severity: 'error' },
  'renewal-refused': { code: '0600024', severity: 'error' },
  'renewal-record-damaged': { code: '0600025', severity: 'error' },
  'renewal-forgotten': { code: '0600026', severity: 'warning' },
  'renewal-other-name': { code: '0600027', severity: 'error' },
  'loopback-port-taken': { code: '0700001', severity: 'warning' },
  'browser-trust-failed': { code: '0700002', severity: 'warning' },
  'site-unknown': { code: '0700003', severity: 'warning' },
  'page-request-void': { code: '0700004', severity: 'info' },

  'disk-full': { code: '0500001', severity: 'error' },
  'storage-failed': { code: '0500002', severity: 'error' },
  'input-invalid': { code: '0500003', severity: 'warning' },
  'file-not-written': { code: '0500004', severity: 'error' },
  'audit-damaged': { code: '0500005', severity: 'error' },
  'folder-not-opened': { code: '0500006', severity: 'warning' },
  'autostart-refused': { code: '0500007', severity: 'warning' },
  'operation-cancelled': { code: '0500010', severity: 'info' },
  'operation-busy': { code: '0500011', severity: 'warning' },
  'clock-differs': { code: '0500012', severity: 'warning' },
  internal: { code: '0500099', severity: 'error' },
} as const satisfies Record<
  string,
  { code: `0${1 | 2 | 3 | 4 | 5 | 6 | 7}${string}`; severity: ErrorSeverity }
>;

export type ErrorSeverity = 'info' | 'warning' | 'error';
export type ErrorId = keyof typeof errorCatalogue;

/**
 * A failure that the user can understand and act on, with {@link ErrorData} for support. Anything else that is thrown is
 * a defect of the program and is shown as `internal`.
 */
export class KiltError extends Error {
  readonly id: ErrorId;
  readonly data: ErrorData;

  constructor(id: ErrorId, data: ErrorData = {}, options?: { cause?: unknown }) {
    super(`${errorCatalogue[id].code} ${id}`, options);
    this.name = 'KiltError';
    this.id = id;
    this.data = data;
  }

  get code(): string {
    return errorCatalogue[this.id].code;
  }
}

export const isKiltError = (error: unknown, id?: ErrorId): error is KiltError =>
  error instanceof KiltError && (id === undefined || error.id === id);
