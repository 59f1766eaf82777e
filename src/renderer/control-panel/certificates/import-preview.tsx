import { Checkbox, Field, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { Certificate20Regular } from '@fluentui/react-icons/svg/certificate';
import { Key20Regular } from '@fluentui/react-icons/svg/key';
import { useTranslation } from 'react-i18next';
import type { ImportView } from '#shared/control-panel-views.ts';
import { Facts } from '../../messages/facts.tsx';
import { Notice } from '../../messages/notice.tsx';
import { validityOf } from '../../picker/token-entry.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: '12px 0', padding: 0, display: 'grid', gap: '8px' },
  item: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr)',
    columnGap: '12px',
    padding: '8px 12px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    overflowWrap: 'anywhere',
    '& > svg': { color: tokens.colorBrandForeground1 },
  },
  // Written already: stays as it is.
  there: { '& > svg': { color: tokens.colorNeutralForeground3 } },
  name: { fontWeight: tokens.fontWeightSemibold },
  about: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  warned: { color: tokens.colorStatusDangerForeground3, fontWeight: tokens.fontWeightSemibold },
  consentText: { color: tokens.colorNeutralForeground2, margin: '0 0 0 32px' },
});

export interface KeyConsent {
  readonly agreed: boolean;
  readonly complains: boolean;
  readonly disabled: boolean;
  readonly onAgree: (agreed: boolean) => void;
}

/** What a file would write onto the token; a private key only with express consent. */
export function ImportPreview({
  view,
  serial,
  nothing,
  consent,
}: {
  view: ImportView;
  serial: string;
  nothing: boolean;
  consent: KeyConsent | undefined;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const now = new Date();
  const there = (already: boolean) => (already ? `, ${t('certificates.importing.alreadyOnToken')}` : '');
  return (
    <>
      <Facts facts={[[t('certificates.importing.file'), view.fileName]]} />
      {nothing ? (
        <Notice intent="info" live={false} title={t('certificates.importing.nothing')} />
      ) : (
        <p>{t('certificates.importing.previewText', { serial })}</p>
      )}
      <ul className={styles.list}>
        {view.key && (
          <li className={mergeClasses(styles.item, view.key.alreadyOnToken && styles.there)}>
            <Key20Regular aria-hidden />
            <span>
              <span className={styles.name}>{t('certificates.importing.key')}</span>
              {` ${view.key.algorithm}`}
              {there(view.key.alreadyOnToken)}
            </span>
          </li>
        )}
        {view.certificates.map((certificate) => {
          const validity = validityOf(certificate, now, t);
          return (
            <li
              key={certificate.fingerprint}
              className={mergeClasses(styles.item, certificate.alreadyOnToken && styles.there)}
            >
              <Certificate20Regular aria-hidden />
              <div>
                <div className={styles.name}>{certificate.subjectName}</div>
                <div className={styles.about}>
                  {t('certificates.issuedBy', { issuer: certificate.issuerName })}
                  {', '}
                  <span className={validity.mood === 'ended' ? styles.warned : undefined}>
                    {validity.text}
                  </span>
                  {there(certificate.alreadyOnToken)}
                </div>
              </div>
            </li>
          );
        })}
      </ul>
      {consent && (
        <Field validationMessage={consent.complains ? t('certificates.importing.consentNeeded') : null}>
          <Checkbox
            checked={consent.agreed}
            disabled={consent.disabled}
            label={t('certificates.importing.consent')}
            onChange={(_, data) => {
              consent.onAgree(data.checked === true);
            }}
          />
          <p className={styles.consentText}>{t('certificates.importing.consentText')}</p>
        </Field>
      )}
    </>
  );
}
