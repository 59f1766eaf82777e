import type { TFunction } from 'i18next';
import type { StoredKeyView } from '#shared/control-panel-views.ts';
import type { ObjectRow } from './object-rows.ts';

/** `Ключ RSA, 2048 бит` */
export const keyWords = ({ algorithm, bits }: StoredKeyView, t: TFunction): string =>
  t('controlPanel.format.losses.key', {
    algorithm: t(`controlPanel.format.losses.algorithms.${algorithm}`),
    bits,
  });

/** What the row is called: in the table, over its details, and in messages about it. */
export function rowName(row: ObjectRow, t: TFunction): string {
  switch (row.kind) {
    case 'certificate':
      return row.certificate.subjectName || row.certificate.objectLabel || row.certificate.serialNumber;
    case 'key':
      return t('certificates.keyWithoutCertificate');
    case 'unreadable':
      return t('certificates.unreadable');
  }
}
