import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wipe } from '#shared/bytes.ts';
import type { Language } from '#shared/views.ts';
import { call, failureOf } from '../bridge.ts';
import { secretBytes } from '../fields/typed-secret.ts';
import { keepRegistration, useBanks, useTokens } from '../main-process.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { Question } from '../messages/question.tsx';
import { PasswordDialog } from '../picker/password-dialog.tsx';
import type { Go, Place } from '../place.ts';
import { fittingSignatures, inOrderOfFit } from './bank-fit.ts';
import { ConfirmationStep } from './confirmation-step.tsx';
import { DataStep, type CheckedData } from './data-step.tsx';
import { emptyRegistrationData } from './registration-data.ts';
import type { WizardStep } from './steps-list.tsx';
import { emptyTokenData, labelFor } from './token-data.ts';
import { TokenStep } from './token-step.tsx';
import { WelcomeStep } from './welcome-step.tsx';

type Props = Omit<Extract<Place, { at: 'wizard' }>, 'at'> & { go: Go };

/**
 * «Мастер создания профиля», steps 1 to 4. What is typed lives in this component and goes with it. Steps 5 and 6
 * belong to the registration, which outlives the window.
 */
export function Wizard({ tokenId: openedTokenId, serial, defaultPin, go }: Props) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const banks = useBanks();
  const { tokens: present } = useTokens();
  const [step, setStep] =
    useState<Extract<WizardStep, 'welcome' | 'data' | 'token' | 'confirmation'>>('welcome');
  const [tokenId, setTokenId] = useState(openedTokenId);
  const [data, setData] = useState(emptyRegistrationData);
  const [checked, setChecked] = useState<CheckedData>();
  const [tokenData, setTokenData] = useState(emptyTokenData);
  const [asksLeave, setAsksLeave] = useState(false);
  const [passwordDeclined, setPasswordDeclined] = useState<string>();

  // The draft holds the key file's content in the main process: it must not stay when the wizard goes.
  const draft = useRef<string>(undefined);
  const forgetDraft = () => {
    if (draft.current !== undefined)
      void call('wizard.forget', { draftId: draft.current }).catch(() => undefined);
    draft.current = undefined;
  };
  useEffect(() => {
    draft.current = checked?.draftId;
  }, [checked]);

  const here = present.find(({ id }) => id === tokenId);
  // What it can be used for stays on the screen while it is out for a moment.
  const [lastSeen, setLastSeen] = useState(here);
  if (here !== undefined && here !== lastSeen) setLastSeen(here);
  const token = here ?? lastSeen;
  // Name and password are the other profiles' too.
  const keepsPin = (token?.profiles ?? []).length > 0;
  const label = labelFor((keepsPin && token?.label) || tokenData.label, data.userId);

  const starting = useMutation({
    mutationFn: async (draftId: string) => {
      const newPin = keepsPin ? undefined : secretBytes(tokenData.newPin);
      try {
        return await call('wizard.start', {
          draftId,
          tokenId,
          label,
          newPin,
        });
      } finally {
        wipe(newPin);
      }
    },
    onSuccess: (registration) => {
      draft.current = undefined;
      keepRegistration(client, registration);
      go({ at: 'registration', journalId: registration.journalId });
    },
  });

  const sameToken = present.find((token) => token.serial === serial && token.state === 'ready');
  const returned = here === undefined && serial !== undefined ? sameToken : undefined;
  const startError = starting.error === null ? undefined : failureOf(starting.error);
  const passwordLost = returned ?? (startError?.id === 'pin-needed' ? here : undefined);

  const leave = () => {
    forgetDraft();
    void call('profile.leave', { tokenId }).catch(() => undefined);
    go({ at: 'picker', tokenId });
  };
  const cancel = () => {
    if (step === 'welcome') leave();
    else setAsksLeave(true);
  };

  const notice = here === undefined && (
    <Notice intent="warning" title={t('wizard.tokenGone.title')}>
      <p>
        {present.length > 0 && sameToken === undefined && serial !== undefined
          ? t('wizard.tokenGone.otherToken', { serial })
          : t('wizard.tokenGone.text')}
      </p>
    </Notice>
  );
  if (banks.data === undefined) return banks.error && <ErrorMessage error={failureOf(banks.error)} />;
  const offered = inOrderOfFit(banks.data, token);
  const bank = offered.find(({ id }) => id === data.bankId) ?? offered[0];

  return (
    <>
      {step === 'welcome' && (
        <WelcomeStep
          notice={notice}
          banks={offered}
          bank={bank}
          token={token}
          keepsPin={keepsPin}
          onChooseBank={(bankId) => {
            setData({ ...data, bankId });
          }}
          onNext={() => {
            setStep('data');
          }}
          onCancel={cancel}
        />
      )}
      {step === 'data' && bank !== undefined && (
        <DataStep
          notice={notice}
          bank={bank}
          tokenId={tokenId}
          signatures={fittingSignatures(bank, token)}
          keepsPin={keepsPin}
          values={data}
          onBack={(typed) => {
            setData(typed);
            setStep('welcome');
          }}
          onCancel={cancel}
          onChecked={(typed, answer) => {
            forgetDraft();
            setData({ ...typed, userId: typed.userId.trim() });
            setChecked(answer);
            if (keepsPin) starting.reset();
            setStep(keepsPin ? 'confirmation' : 'token');
          }}
        />
      )}
      {step === 'token' && (
        <TokenStep
          notice={notice}
          defaultPin={defaultPin}
          userId={data.userId}
          values={tokenData}
          onBack={(typed) => {
            setTokenData(typed);
            setStep('data');
          }}
          onCancel={cancel}
          onNext={(typed) => {
            setTokenData(typed);
            starting.reset();
            setStep('confirmation');
          }}
        />
      )}
      {step === 'confirmation' && (
        <ConfirmationStep
          notice={notice}
          summary={{
            bank: bank?.name[i18n.language as Language] ?? '',
            userId: data.userId,
            fileName: data.keyFile?.fileName,
            keyContainer: checked?.keyContainer,
            national: checked?.national,
            label,
            keepsPin,
            serial,
          }}
          tokenPresent={here !== undefined}
          starting={starting.isPending}
          error={startError?.id === 'pin-needed' ? undefined : startError}
          onBack={() => {
            setStep(keepsPin ? 'data' : 'token');
          }}
          onCancel={cancel}
          onStart={() => {
            setPasswordDeclined(undefined);
            if (checked) starting.mutate(checked.draftId);
          }}
        />
      )}
      {passwordLost !== undefined && passwordLost.id !== passwordDeclined && (
        <PasswordDialog
          key={passwordLost.id}
          token={passwordLost}
          profile={keepsPin ? 'new' : undefined}
          onOpened={(opened, id) => {
            starting.reset();
            if (opened.outcome === 'create-profile') setTokenId(id);
            else go({ at: 'picker', tokenId: id });
          }}
          onCancel={() => {
            setPasswordDeclined(passwordLost.id);
          }}
        />
      )}
      <Question
        open={asksLeave}
        title={t('wizard.leave.title')}
        first={{
          label: t('wizard.leave.stay'),
          onChoose: () => {
            setAsksLeave(false);
          },
        }}
        second={{ label: t('wizard.leave.leave'), onChoose: leave }}
        escape="first"
      >
        {t('wizard.leave.text')}
      </Question>
    </>
  );
}
