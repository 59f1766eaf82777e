import { Button } from '@fluentui/react-components';
import { Copy20Regular } from '@fluentui/react-icons/svg/copy';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { formatDate } from '#shared/texts/formats.ts';
import type { StoredCertificateView } from '#shared/control-panel-views.ts';
import { Facts } from '../../messages/facts.tsx';
import { useCopy } from '../../messages/use-copy.ts';
import { validityOf } from '../../picker/token-entry.ts';
import { CertificateChain } from './certificate-chain.tsx';
import { certificateState, keyPresence, type CertificateState } from './object-rows.ts';
import { plainUsage } from './plain-usage.ts';
import { Marked } from './row-cells.tsx';
import { useDetailsStyles } from './details-styles.ts';

const marks = {
  valid: 'good',
  soon: 'soon',
  'not-yet': 'soon',
  expired: 'ended',
  orphaned: 'ended',
} as const satisfies Record<CertificateState, string>;

/** One certificate: what it is good for in plain words first, then what specialists ask for. */
export function CertificateDetails({ certificate, now }: { certificate: StoredCertificateView; now: Date }) {
  const styles = useDetailsStyles();
  const { t } = useTranslation();
  const { copy, copied } = useCopy();
  const validity = validityOf(certificate, now, t);
  const technical = technicalFacts(certificate, t);
  const state = certificateState(certificate, now);
  return (
    <>
      <div className={styles.state}>
        <Marked mark={marks[state]}>{t(`certificates.state.${state}`)}</Marked>
      </div>
      {meanings(certificate, state, t).map((sentence) => (
        <p key={sentence} className={styles.sentence}>
          {sentence}
        </p>
      ))}
      <Facts
        facts={[
          [t('certificates.details.owner'), certificate.subjectName],
          [t('certificates.details.issuer'), certificate.issuerName],
          [t('certificates.details.validFrom'), formatDate(new Date(certificate.notBefore))],
          [t('certificates.details.validity'), validity.text],
          [
            t('certificates.details.usage'),
            plainUsage(certificate)
              .map((usage) => t(`certificates.usage.${usage}`))
              .join(', '),
          ],
          [t('certificates.details.key'), t(`certificates.key.${keyPresence(certificate)}`)],
        ]}
      />
      <CertificateChain certificate={certificate} />
      <h3 className={styles.heading}>{t('certificates.details.technical')}</h3>
      <Facts
        facts={technical.map(([name, value]) => [
          name,
          <span key={name} className={styles.technical}>
            {inLines(value)}
          </span>,
        ])}
      />
      <Button
        size="small"
        className={styles.copy}
        icon={<Copy20Regular aria-hidden />}
        onClick={() => {
          copy(technical.map(([name, value]) => `${name}: ${value}`).join('\n'));
        }}
      >
        {copied ? t('common.copied') : t('certificates.details.copy')}
      </Button>
    </>
  );
}

/** A distinguished name (RFC 4514) with each attribute in a line of its own; anything else as it is. */
const inLines = (value: string): string => value.replace(/(?<!\\),(?=[A-Za-z][\w.-]*=|[\d.]+=)/g, ',\n');

/** What it means for the person, most important first. */
function meanings(certificate: StoredCertificateView, state: CertificateState, t: TFunction): string[] {
  const orphaned = keyPresence(certificate) === 'no';
  const first =
    state === 'valid' && certificate.isAuthority
      ? t('certificates.meaning.authority')
      : t(`certificates.meaning.${state}`);
  return [
    first,
    ...(orphaned && state !== 'orphaned' ? [t('certificates.meaning.orphaned')] : []),
    ...(certificate.usedByBank ? [t('certificates.meaning.bank', { bank: certificate.usedByBank })] : []),
  ];
}

function technicalFacts(certificate: StoredCertificateView, t: TFunction): [name: string, value: string][] {
  const listed = (names: readonly string[]) => names.join(', ') || t('certificates.details.notSet');
  return [
    [t('certificates.details.subject'), certificate.subject],
    [t('certificates.details.issuerName'), certificate.issuer],
    [t('certificates.details.serialNumber'), certificate.serialNumber],
    [t('certificates.details.fingerprint'), certificate.fingerprint],
    [t('certificates.details.publicKey'), certificate.publicKey],
    [t('certificates.details.keyUsage'), listed(certificate.keyUsage)],
    [t('certificates.details.extendedKeyUsage'), listed(certificate.extendedKeyUsage)],
    [t('certificates.details.objectLabel'), certificate.objectLabel || t('certificates.details.notSet')],
    [t('certificates.details.objectId'), certificate.objectId],
  ];
}
