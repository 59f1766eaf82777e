import { Button, Checkbox, Field, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate } from '#shared/texts/formats.ts';
import type { ErrorView, KeyContainerView, NationalSignatureView } from '#shared/views.ts';
import { Screen } from '../frame/screen.tsx';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Facts } from '../messages/facts.tsx';
import { StepsList } from './steps-list.tsx';

const useStyles = makeStyles({
  lead: { margin: '0 0 16px', 'h1 + &': { marginTop: '-12px' } },
  group: { paddingBlock: '8px', borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  heading: { margin: '0 0 6px', fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300 },
  tick: {
    paddingBlockStart: '4px',
    marginInlineStart: '-8px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    '& label': { fontWeight: tokens.fontWeightSemibold },
  },
});

/** Everything in one glance, before anything on the token is changed. */
export interface Summary {
  readonly bank: string;
  readonly userId: string;
  readonly fileName: string | undefined;
  readonly keyContainer: KeyContainerView | undefined;
  readonly national: NationalSignatureView | undefined;
  readonly label: string;
  /** Other profiles are on the token: its name and password stay. */
  readonly keepsPin: boolean;
  readonly serial: string | undefined;
}

/** Step 4, «Подтверждение». «Далее» is the first moment at which the token is changed. */
export function ConfirmationStep({
  notice,
  summary,
  tokenPresent,
  starting,
  error,
  onBack,
  onCancel,
  onStart,
}: {
  notice: ReactNode;
  summary: Summary;
  tokenPresent: boolean;
  starting: boolean;
  error: ErrorView | undefined;
  onBack: () => void;
  onCancel: () => void;
  onStart: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [confirmed, setConfirmed] = useState(false);
  const [reminded, setReminded] = useState(false);
  const { keyContainer, national } = summary;
  const busy = starting || !tokenPresent;
  return (
    <Screen
      wide
      title={t('wizard.confirmation.title')}
      beside={<StepsList current="confirmation" keepsPin={summary.keepsPin} />}
      onSubmit={() => {
        if (busy) return;
        setReminded(!confirmed);
        if (confirmed) onStart();
      }}
      onCancel={starting ? undefined : onCancel}
      actions={
        <>
          {starting && <Spinner data-apart size="tiny" label={t('wizard.confirmation.starting')} />}
          <Button onClick={onBack} disabled={starting}>
            {t('common.back')}
          </Button>
          <Button appearance="primary" type="submit" disabled={busy}>
            {t('common.next')}
          </Button>
          <Button onClick={onCancel} disabled={starting}>
            {t('common.cancel')}
          </Button>
        </>
      }
    >
      {notice}
      {error !== undefined && <ErrorMessage error={error} />}
      <p className={styles.lead}>{t('wizard.confirmation.text')}</p>
      <div>
        <section className={styles.group}>
          <h2 className={styles.heading}>{t('wizard.confirmation.registration')}</h2>
          <Facts
            facts={[
              [t('fields.bank'), summary.bank],
              [t('fields.userId'), summary.userId],
              [t('fields.registrationPin'), t('wizard.confirmation.pinEntered')],
            ]}
          />
        </section>
        {national !== undefined && (
          <section className={styles.group}>
            <h2 className={styles.heading}>{t('wizard.national.title')}</h2>
            <Facts
              facts={[
                [t('wizard.confirmation.certificateName'), national.name],
                ...(national.organisation === undefined
                  ? []
                  : [[t('wizard.national.organisation'), national.organisation] as const]),
                [t('wizard.confirmation.certificateEnd'), formatDate(new Date(national.notAfter))],
                [t('wizard.confirmation.certificateIssuer'), national.issuerName],
              ]}
            />
          </section>
        )}
        {keyContainer !== undefined && (
          <section className={styles.group}>
            <h2 className={styles.heading}>{t('wizard.confirmation.certificate')}</h2>
            <Facts
              facts={[
                [t('wizard.confirmation.certificateName'), keyContainer.subjectName],
                [t('wizard.confirmation.certificateEnd'), formatDate(new Date(keyContainer.notAfter))],
                [t('wizard.confirmation.certificateIssuer'), keyContainer.issuerName],
                [t('fields.keyFile'), keyContainer.fileName],
              ]}
            />
          </section>
        )}
        <section className={styles.group}>
          <h2 className={styles.heading}>{t('wizard.confirmation.token')}</h2>
          <Facts
            facts={[
              [t('fields.tokenName'), summary.label],
              ...(summary.serial === undefined
                ? []
                : [[t('wizard.confirmation.serial'), summary.serial] as const]),
              summary.keepsPin
                ? [t('picker.password'), t('wizard.confirmation.passwordKept')]
                : [t('fields.newPassword'), t('wizard.confirmation.passwordSet')],
            ]}
          />
        </section>
      </div>
      <Field
        className={styles.tick}
        validationMessage={reminded && !confirmed ? t('wizard.confirmation.confirmNeeded') : null}
      >
        <Checkbox
          label={t('wizard.confirmation.confirm')}
          checked={confirmed}
          disabled={starting}
          onChange={(_, data) => {
            setConfirmed(data.checked === true);
          }}
        />
      </Field>
    </Screen>
  );
}
