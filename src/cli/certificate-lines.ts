import type { TFunction } from 'i18next';
import type {
  CertificateCheckView,
  ImportView,
  StoredCertificateView,
  StoredKeyView,
} from '#shared/control-panel-views.ts';
import { certificateCheckLines } from '#shared/texts/certificate-check-words.ts';
import { formatDate } from '#shared/texts/formats.ts';

/** A certificate on the token, for people: who, until when, what it is in, and its name for other commands. */
export function certificateLines(certificate: StoredCertificateView, t: TFunction): readonly string[] {
  const { subjectName, issuerName, notAfter, validity, keyOnToken, usedByBank, fingerprint } = certificate;
  const facts = [
    subjectName,
    t('certificates.issuedBy', { issuer: issuerName }),
    t('commandLine.info.validUntil', { date: formatDate(new Date(notAfter)) }),
    ...(validity === 'valid' ? [] : [t(`certificates.state.${validity}`)]),
    keyOnToken ? t('commandLine.certificates.withKey') : t('commandLine.certificates.withoutKey'),
    ...(usedByBank === undefined ? [] : [t('commandLine.certificates.usedBy', { bank: usedByBank })]),
  ];
  return [facts.join(' · '), `  ${t('commandLine.certificates.fingerprint', { fingerprint })}`];
}

export const keyLine = ({ objectId, algorithm, bits, label }: StoredKeyView, t: TFunction): string =>
  t('commandLine.info.key', { id: objectId, algorithm: algorithm.toUpperCase(), bits, label });

/** What a file would bring onto the token. */
export function importLines({ fileName, certificates, key }: ImportView, t: TFunction): readonly string[] {
  const already = (is: boolean): string => (is ? ` (${t('commandLine.certificates.alreadyOnToken')})` : '');
  return [
    t('commandLine.certificates.inFile', { fileName }),
    ...(key
      ? [
          `  ${t('commandLine.certificates.privateKey', { algorithm: key.algorithm })}${already(key.alreadyOnToken)}`,
        ]
      : []),
    ...certificates.map(
      ({ subjectName, notAfter, alreadyOnToken }) =>
        `  ${subjectName} · ${t('commandLine.info.validUntil', { date: formatDate(new Date(notAfter)) })}${already(alreadyOnToken)}`,
    ),
  ];
}

/** What the certification authority says, and as of when. */
export const checkLines = (name: string, check: CertificateCheckView, t: TFunction): readonly string[] => [
  `${name} · ${t(`certificates.check.verdict.${check.verdict}`)}`,
  ...certificateCheckLines(check, { t }).map((line) => `  ${line}`),
];
