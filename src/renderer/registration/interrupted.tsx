import { Button, makeStyles, Spinner } from '@fluentui/react-components';
import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FormProvider, useForm, useWatch, type Resolver } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { wipe } from '#shared/bytes.ts';
import { formatDate } from '#shared/texts/formats.ts';
import type { ErrorView, RegistrationView, TokenView } from '#shared/views.ts';
import { call, failureOf } from '../bridge.ts';
import { secretBytes } from '../fields/typed-secret.ts';
import { Screen } from '../frame/screen.tsx';
import { keepRegistration, useBanks } from '../main-process.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { PasswordDialog } from '../picker/password-dialog.tsx';
import type { Go } from '../place.ts';
import { fittingSignatures } from '../wizard/bank-fit.ts';
import { chosenSignature, secretsOf } from '../wizard/data-step.tsx';
import { WithFieldHelp } from '../wizard/field-help.tsx';
import { NationalChoice } from '../wizard/national-choice.tsx';
import { NewPasswordFields } from '../wizard/new-password-fields.tsx';
import { RegistrationDataFields, type HelpSubject } from '../wizard/registration-data-fields.tsx';
import { StepsList } from '../wizard/steps-list.tsx';
import { ProgressList } from './progress-list.tsx';
import { emptyResumeData, resumeRules, type ResumeData } from './resume-data.ts';
import { WaitingNotice } from './waiting-notice.tsx';

const useStyles = makeStyles({
  lead: { margin: '0 0 16px', 'h1 + &': { marginTop: '-12px' } },
  ask: { marginBlockEnd: '20px' },
});

/**
 * A registration that stopped: why, where it goes on, and only what must be typed once more. The token's own password
 * was typed in the picker; where the main process has lost it, it is asked for in place.
 */
export function Interrupted({
  registration,
  token,
  problem,
  go,
  toPicker,
}: {
  registration: RegistrationView;
  token: TokenView | undefined;
  problem: ErrorView | undefined;
  go: Go;
  toPicker: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const client = useQueryClient();
  const banks = useBanks();
  const [help, setHelp] = useState<HelpSubject>('userId');
  const [asksPassword, setAsksPassword] = useState(problem?.id === 'pin-needed');

  const { needs } = registration;
  const askPin = needs.pinOnToken !== 'new';
  const bank = banks.data?.find(({ id }) => id === registration.bankId);
  const askKeyFile = needs.registrationData && bank?.authentication === 'initial-key';
  const signatures = needs.registrationData ? fittingSignatures(bank, token) : [];
  const resolver: Resolver<ResumeData> = (typed, context, options) =>
    zodResolver(resumeRules(needs, askKeyFile, typed))(typed, context, options);
  const form = useForm<ResumeData>({ defaultValues: emptyResumeData(registration), resolver });
  const typedSignature = useWatch({ control: form.control, name: 'nationalSerialNumber' });
  const national = chosenSignature(signatures, typedSignature);

  const resuming = useMutation({
    mutationFn: async (tokenId: string) => {
      const typed = form.getValues();
      const data = needs.registrationData
        ? {
            userId: typed.userId.trim(),
            ...(national !== '' && { nationalSerialNumber: national }),
            ...secretsOf(typed, askKeyFile),
          }
        : undefined;
      const newPin = askPin ? secretBytes(typed.newPin) : undefined;
      try {
        return await call('registration.resume', {
          journalId: registration.journalId,
          tokenId,
          ...(newPin && { newPin }),
          ...(data && { data }),
        });
      } finally {
        wipe(newPin);
        wipe(data?.registrationPin);
        wipe(data?.keyFile?.password);
      }
    },
    onSuccess: (changed) => {
      form.reset();
      keepRegistration(client, changed);
    },
    onError: (error) => {
      if (failureOf(error).id === 'pin-needed') setAsksPassword(true);
    },
  });

  const usable = token?.state === 'ready' ? token : undefined;
  const resume = () => {
    if (usable === undefined || resuming.isPending) return;
    void form.handleSubmit(() => {
      resuming.mutate(usable.id);
    })();
  };
  const refused = resuming.error === null ? problem : failureOf(resuming.error);
  const error = refused === undefined || refused.id === 'pin-needed' ? registration.error : refused;
  const step = registration.current ? t(`registration.steps.${registration.current}`) : '';

  return (
    <FormProvider {...form}>
      <Screen
        wide
        key="interrupted"
        title={t(error === undefined ? 'registration.resumeTitle' : 'registration.interruptedTitle')}
        beside={<StepsList current="progress" keepsPin={registration.keepsPin} />}
        focus={needs.registrationData || askPin ? 'first-field' : 'title'}
        onSubmit={resume}
        onCancel={toPicker}
        actions={
          <>
            {resuming.isPending && <Spinner data-apart size="tiny" label={t('registration.continuing')} />}
            <Button appearance="primary" type="submit" disabled={usable === undefined || resuming.isPending}>
              {t('common.continue')}
            </Button>
            <Button onClick={toPicker} disabled={resuming.isPending}>
              {t('common.toProfiles')}
            </Button>
          </>
        }
      >
        {error !== undefined && <ErrorMessage error={error} />}
        {/* Where the message above says it already, only which token is meant. */}
        {usable === undefined && error?.id === 'token-removed' && (
          <p>{t('registration.insertToken', { serial: registration.tokenSerial })}</p>
        )}
        {usable === undefined && error?.id !== 'token-removed' && (
          <Notice intent="warning" title={t('wizard.tokenGone.title')}>
            <p>{t('registration.insertToken', { serial: registration.tokenSerial })}</p>
          </Notice>
        )}
        <p className={error === undefined ? styles.lead : undefined}>
          {error === undefined
            ? t('registration.resumeText', {
                userId: registration.userId,
                date: formatDate(new Date(registration.startedAt)),
                step,
              })
            : t('registration.interruptedText', { step })}{' '}
          {t('registration.doNotFormat')}
        </p>
        <WaitingNotice registration={registration} />
        {needs.registrationData && (
          <div className={styles.ask}>
            <p>{t(askKeyFile ? 'registration.resumeData' : 'registration.resumeDataWithoutFile')}</p>
            <WithFieldHelp subject={help} bank={bank}>
              <div>
                <NationalChoice
                  signatures={signatures}
                  chosen={national}
                  onChoose={(serialNumber) => {
                    form.setValue('nationalSerialNumber', serialNumber);
                  }}
                />
                <RegistrationDataFields askUserId askKeyFile={askKeyFile} onHelp={setHelp} />
              </div>
            </WithFieldHelp>
          </div>
        )}
        {needs.pinOnToken !== 'new' && (
          <div className={styles.ask}>
            <p>{t(`registration.resumePin.${needs.pinOnToken}`)}</p>
            <NewPasswordFields />
          </div>
        )}
        {!needs.registrationData && !askPin && <ProgressList registration={registration} />}
      </Screen>
      {asksPassword && usable !== undefined && (
        <PasswordDialog
          key={usable.id}
          token={usable}
          onOpened={(opened, tokenId) => {
            setAsksPassword(false);
            if (opened.outcome === 'continue-registration') {
              keepRegistration(client, opened.registration);
              if (!needs.registrationData && !askPin) resuming.mutate(tokenId);
              else resume();
            } else if (opened.outcome === 'signed-in') go({ at: 'home', home: opened.home });
            else toPicker();
          }}
          onCancel={() => {
            setAsksPassword(false);
          }}
        />
      )}
    </FormProvider>
  );
}
