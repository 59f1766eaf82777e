import { Button, makeStyles } from '@fluentui/react-components';
import { ShieldCheckmark20Regular } from '@fluentui/react-icons/svg/shield-checkmark';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CertificateCheckView } from '#shared/control-panel-views.ts';
import { certificateCheckLines } from '#shared/texts/certificate-check-words.ts';
import { call, failureOf } from '../../bridge.ts';
import { ErrorMessage } from '../../messages/error-message.tsx';
import { Notice, type NoticeIntent } from '../../messages/notice.tsx';

const useStyles = makeStyles({
  // Below the buttons, over their whole width.
  answer: {
    order: 1,
    flexBasis: '100%',
    minWidth: 0,
    '& > *': { marginBlockEnd: 0 },
  },
});

const intents: Readonly<Record<CertificateCheckView['verdict'], NoticeIntent>> = {
  good: 'success',
  revoked: 'error',
  suspended: 'warning',
  unknown: 'info',
  untrusted: 'warning',
};

/** «Проверить»: asks the certification authority whether the certificate has been revoked, and shows what it says. */
export function CertificateCheck({ tokenId, fingerprint }: { tokenId: string; fingerprint: string }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const checking = useMutation({ mutationFn: () => call('certificates.check', { tokenId, fingerprint }) });
  return (
    <>
      <Button
        icon={<ShieldCheckmark20Regular aria-hidden />}
        disabledFocusable={checking.isPending}
        onClick={() => {
          if (!checking.isPending) checking.mutate();
        }}
      >
        {checking.isPending ? t('certificates.check.working') : t('certificates.check.button')}
      </Button>
      {(checking.isSuccess || checking.isError) && (
        <div className={styles.answer}>
          {checking.isError ? (
            <ErrorMessage error={failureOf(checking.error)} />
          ) : (
            <Answer check={checking.data} />
          )}
        </div>
      )}
    </>
  );
}

function Answer({ check }: { check: CertificateCheckView }) {
  const { t, i18n } = useTranslation();
  const { verdict } = check;
  return (
    <Notice intent={intents[verdict]} title={t(`certificates.check.title.${verdict}`)}>
      {certificateCheckLines(check, i18n).map((line) => (
        <p key={line}>{line}</p>
      ))}
      {(verdict === 'revoked' || verdict === 'suspended') && (
        <p>{t(`errors.catalogue.certificate-${verdict}.next`)}</p>
      )}
    </Notice>
  );
}
