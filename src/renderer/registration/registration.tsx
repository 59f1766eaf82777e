import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { RegistrationView } from '#shared/views.ts';
import { SuccessDrawing } from '../drawings/success-drawing.tsx';
import { Screen } from '../frame/screen.tsx';
import { useRegistrations, useTokens } from '../main-process.ts';
import type { Go, Place } from '../place.ts';
import { StepsList } from '../wizard/steps-list.tsx';
import { Interrupted } from './interrupted.tsx';
import { ProgressList } from './progress-list.tsx';
import { WaitingNotice } from './waiting-notice.tsx';

const useStyles = makeStyles({
  lead: { margin: '0 0 16px', 'h1 + &': { marginTop: '-12px' } },
  note: { color: tokens.colorNeutralForeground2 },
  success: { margin: '8px 0 24px' },
});

type Props = Omit<Extract<Place, { at: 'registration' }>, 'at'> & { go: Go };

/** Steps 5 and 6: a registration under way, interrupted, or done. It goes on whether or not one looks at it. */
export function Registration({ journalId, problem, go }: Props) {
  const { t } = useTranslation();
  const registrations = useRegistrations();
  const { tokens: present } = useTokens();
  const registration = registrations?.find((one) => one.journalId === journalId);
  if (registration === undefined) return null;

  const token = present.find(({ serial }) => serial === registration.tokenSerial);
  const toPicker = () => {
    go({ at: 'picker', ...(token && { tokenId: token.id }) });
  };
  switch (registration.state) {
    case 'running':
      return <Running registration={registration} toPicker={toPicker} />;
    case 'interrupted':
      return (
        <Interrupted
          registration={registration}
          token={token}
          problem={problem}
          go={go}
          toPicker={toPicker}
        />
      );
    case 'finished':
      return <Done registration={registration} toPicker={toPicker} />;
    case 'abandoned':
      return (
        <Screen
          wide
          title={t('registration.abandonedTitle')}
          beside={<StepsList current="progress" keepsPin={registration.keepsPin} />}
          onSubmit={toPicker}
          actions={
            <Button appearance="primary" type="submit">
              {t('common.toProfiles')}
            </Button>
          }
        >
          <p>{t('registration.abandonedText')}</p>
        </Screen>
      );
  }
}

function Running({ registration, toPicker }: { registration: RegistrationView; toPicker: () => void }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { waitingUntil } = registration;
  return (
    <Screen
      // A heading of its own takes the focus when the state changes.
      key="running"
      wide
      title={t('registration.progressTitle')}
      beside={<StepsList current="progress" keepsPin={registration.keepsPin} />}
      actions={<Button onClick={toPicker}>{t('common.toProfiles')}</Button>}
    >
      {waitingUntil === undefined && <p className={styles.lead}>{t('registration.progressText')}</p>}
      <WaitingNotice registration={registration} />
      <ProgressList registration={registration} />
      <p className={styles.note}>
        {waitingUntil === undefined && t('registration.closeNote')} {t('registration.doNotFormat')}
      </p>
    </Screen>
  );
}

function Done({ registration, toPicker }: { registration: RegistrationView; toPicker: () => void }) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <Screen
      key="done"
      wide
      title={t('registration.doneTitle')}
      beside={<StepsList current="done" finished keepsPin={registration.keepsPin} />}
      onSubmit={toPicker}
      actions={
        <Button appearance="primary" type="submit">
          {t('common.done')}
        </Button>
      }
    >
      <div className={styles.success}>
        <SuccessDrawing />
      </div>
      <p>{t('registration.doneText', { label: registration.label })}</p>
    </Screen>
  );
}
