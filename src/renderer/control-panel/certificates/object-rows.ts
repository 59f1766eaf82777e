import { daysUntil } from '#shared/texts/formats.ts';
import type { StoredCertificateView, StoredKeyView, StoredObjectsView } from '#shared/control-panel-views.ts';

/** A row of the table. `id` stays the same as long as the object is on the token. */
export type ObjectRow =
  | { readonly kind: 'certificate'; readonly id: string; readonly certificate: StoredCertificateView }
  | { readonly kind: 'key'; readonly id: string; readonly key: StoredKeyView }
  | { readonly kind: 'unreadable'; readonly id: string; readonly objectId: string; readonly label: string };

/** Whether the certificate's key is where it is needed. A certification authority's is needed elsewhere. */
export type KeyPresence = 'yes' | 'no' | 'notNeeded';

export const keyPresence = (certificate: StoredCertificateView): KeyPresence =>
  certificate.keyOnToken ? 'yes' : certificate.isAuthority ? 'notNeeded' : 'no';

/** What is to be said of a certificate first. */
export type CertificateState = 'valid' | 'soon' | 'not-yet' | 'expired' | 'orphaned';

/** The manuals warn from 30 days before the end. */
const warnDays = 30;

/** By this computer's clock, as the main process judged it; only «soon» is found here. */
export function certificateState(certificate: StoredCertificateView, now: Date): CertificateState {
  if (certificate.validity !== 'valid') return certificate.validity;
  if (keyPresence(certificate) === 'no') return 'orphaned';
  return daysUntil(new Date(certificate.notAfter), now) <= warnDays ? 'soon' : 'valid';
}

const placeOf: Readonly<Record<KeyPresence, number>> = { yes: 0, no: 2, notNeeded: 3 };
/** Between certificates with a key and those without one. */
const placeOfLoneKeys = 1;
const placeOfUnreadable = 4;

/**
 * What the token holds, in the order in which one looks for it: certificates that can be used (those that end last
 * first), keys that wait for a certificate, certificates without a key, certification authorities, and what can not be
 * read.
 */
export function objectRows({ certificates, keys, unreadable }: StoredObjectsView): readonly ObjectRow[] {
  const placed = [
    ...certificates.map((certificate) => ({
      place: placeOf[keyPresence(certificate)],
      order: -Date.parse(certificate.notAfter),
      row: { kind: 'certificate', id: `c ${certificate.fingerprint}`, certificate } as const,
    })),
    ...keys
      .filter(({ hasCertificate }) => !hasCertificate)
      .map((key) => ({
        place: placeOfLoneKeys,
        order: 0,
        row: { kind: 'key', id: `k ${key.objectId}`, key } as const,
      })),
    ...unreadable.map(({ objectId, objectLabel }) => ({
      place: placeOfUnreadable,
      order: 0,
      row: { kind: 'unreadable', id: `u ${objectId} ${objectLabel}`, objectId, label: objectLabel } as const,
    })),
  ];
  return placed.sort((a, b) => a.place - b.place || a.order - b.order).map(({ row }) => row);
}
