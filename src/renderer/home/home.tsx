import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { CheckmarkCircle20Regular } from '@fluentui/react-icons/svg/checkmark-circle';
import { DismissCircle20Regular } from '@fluentui/react-icons/svg/dismiss-circle';
import { Open20Regular } from '@fluentui/react-icons/svg/open';
import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate, formatTime } from '#shared/texts/formats.ts';
import type { CertificateView, HomeView, Language } from '#shared/views.ts';
import { call, failureOf } from '../bridge.ts';
import { useKnownPanel } from '../control-panel/use-panel.ts';
import { Screen } from '../frame/screen.tsx';
import { KeySetNotice } from '../keys/key-set-notice.tsx';
import { useTokens } from '../main-process.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import type { Go } from '../place.ts';
import { CertificateCard } from './certificate-card.tsx';

const useStyles = makeStyles({
  lead: { margin: '-12px 0 24px', color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  heading: { margin: '0 0 12px', fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  cards: { display: 'grid', gap: '12px', marginBlockEnd: '28px' },
  operations: { listStyleType: 'none', margin: 0, padding: 0, fontVariantNumeric: 'tabular-nums' },
  operation: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr) auto',
    alignItems: 'center',
    columnGap: '12px',
    paddingBlock: '8px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  done: { color: tokens.colorStatusSuccessForeground1 },
  failed: { color: tokens.colorStatusDangerForeground1 },
  when: { color: tokens.colorNeutralForeground2 },
});

/** The profile's own; then what else is on the token, such as NUC signatures. */
const ownFirst = (certificates: readonly CertificateView[]): readonly CertificateView[] =>
  certificates.toSorted((a, b) => Number(a.purpose === 'other') - Number(b.purpose === 'other'));

/** Home of a profile: «Вы вошли в …», its certificates, what can be done now, what was done last. */
export function Home({
  home,
  go,
  toChangePin,
  toKeys,
}: {
  home: HomeView;
  go: Go;
  toChangePin: (tokenId: string) => void;
  toKeys: (tokenSerial: string) => void;
}) {
  const styles = useStyles();
  const { t, i18n } = useTranslation();
  const { tokens: present } = useTokens();
  const known = useKnownPanel(home.tokenId);
  const now = new Date();

  // It may have been changed in the control panel since the user signed in.
  const hasDefaultPin = home.defaultPin && known?.information.userPin.isDefault !== false;
  const gone = !present.some(({ id }) => id === home.tokenId);
  useEffect(() => {
    if (gone) go({ at: 'picker', notice: { kind: 'session-ended' } });
  }, [gone, go]);

  const opening = useMutation({ mutationFn: () => call('profile.openBank', { tokenId: home.tokenId }) });
  const leaving = useMutation({
    mutationFn: () => call('profile.leave', { tokenId: home.tokenId }),
    onSuccess: () => {
      go({ at: 'picker', tokenId: home.tokenId });
    },
  });
  const error = opening.error ?? leaving.error;
  const bank = home.bank.name[i18n.language as Language];
  const signedInAt = new Date(home.signedInAt);
  return (
    <Screen
      title={t('home.title', { bank })}
      onSubmit={() => {
        opening.mutate();
      }}
      actions={
        <>
          {home.bank.siteUrl !== undefined && (
            <Button
              appearance="primary"
              type="submit"
              icon={<Open20Regular aria-hidden />}
              disabled={opening.isPending}
            >
              {t('home.openBank')}
            </Button>
          )}
          <Button
            disabled={leaving.isPending}
            onClick={() => {
              leaving.mutate();
            }}
          >
            {t('home.leave')}
          </Button>
        </>
      }
    >
      <p className={styles.lead}>
        {t('home.customer', { name: home.customerName, userId: home.userId })}
        <br />
        {t('home.signedInAt', { date: formatDate(signedInAt), time: formatTime(signedInAt) })}
      </p>
      {error !== null && <ErrorMessage error={failureOf(error)} />}
      {hasDefaultPin && (
        <Notice intent="warning" title={t('home.defaultPin')} live={false}>
          <p>{t('home.defaultPinText')}</p>
          <p>
            <Button
              onClick={() => {
                toChangePin(home.tokenId);
              }}
            >
              {t('home.changePin')}
            </Button>
          </p>
        </Notice>
      )}
      <KeySetNotice
        tokenSerial={home.serial}
        toKeys={() => {
          toKeys(home.serial);
        }}
      />
      <h2 className={styles.heading}>{t('home.certificates')}</h2>
      <div className={styles.cards}>
        {home.certificates.length === 0 && <span>{t('home.noCertificates')}</span>}
        {ownFirst(home.certificates).map((certificate) => (
          <CertificateCard key={certificate.serialNumber} certificate={certificate} now={now} />
        ))}
        <div>
          <Button
            onClick={() => {
              toKeys(home.serial);
            }}
          >
            {t('home.keys')}
          </Button>
        </div>
      </div>
      <h2 className={styles.heading}>{t('home.operations')}</h2>
      {home.operations.length === 0 && <span>{t('home.noOperations')}</span>}
      <ul className={styles.operations}>
        {home.operations.map(({ at, kind, result }) => {
          const when = new Date(at);
          const Icon = result === 'done' ? CheckmarkCircle20Regular : DismissCircle20Regular;
          return (
            <li key={`${at} ${kind}`} className={styles.operation}>
              <Icon aria-hidden className={styles[result]} />
              <span>
                {t(`home.operation.${kind}`)}
                {', '}
                {t(`home.result.${result}`)}
              </span>
              <time dateTime={at} className={styles.when}>
                {formatDate(when)} {formatTime(when)}
              </time>
            </li>
          );
        })}
      </ul>
    </Screen>
  );
}
