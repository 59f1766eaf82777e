import type { CertificateEndView } from '#shared/views.ts';

/** A certificate that ends in a fortnight, on a token that is not connected. */
export const certificateEnd = (changes: Partial<CertificateEndView> = {}): CertificateEndView => ({
  id: 'a',
  tokenSerial: '47738461',
  tokenName: 'qq111111',
  tokenPresent: false,
  subjectName: 'Сериккызы Айгерим',
  notAfter: new Date(2026, 11, 12, 12).toISOString(),
  ended: false,
  daysLeft: 14,
  ...changes,
});
