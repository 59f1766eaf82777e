import { zodResolver } from '@hookform/resolvers/zod';
import { Button, makeStyles, Spinner } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { FormProvider, useForm, useWatch, type Resolver } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { wipe } from '#shared/bytes.ts';
import type { BankView, KeyContainerView, NationalSignatureView } from '#shared/views.ts';
import { call, failureOf } from '../bridge.ts';
import { secretBytes } from '../fields/typed-secret.ts';
import { Screen } from '../frame/screen.tsx';
import { ErrorMessage } from '../messages/error-message.tsx';
import { BankSupport } from './bank-support.tsx';
import { WithFieldHelp } from './field-help.tsx';
import { NationalChoice } from './national-choice.tsx';
import { RegistrationDataFields, type HelpSubject } from './registration-data-fields.tsx';
import { registrationDataRules, type RegistrationData } from './registration-data.ts';
import { StepsList } from './steps-list.tsx';

const useStyles = makeStyles({
  lead: { margin: '0 0 16px', 'h1 + &': { marginTop: '-12px' } },
});

export interface CheckedData {
  readonly draftId: string;
  readonly keyContainer?: KeyContainerView | undefined;
  readonly national?: NationalSignatureView | undefined;
}

/**
 * Step 2, «Регистрационные данные»: what the chosen bank asks for. «Далее» opens the key file on this computer, or looks
 * at the NUC signature, and nothing else.
 */
export function DataStep({
  notice,
  bank,
  tokenId,
  signatures,
  keepsPin,
  values,
  onBack,
  onCancel,
  onChecked,
}: {
  notice: ReactNode;
  bank: BankView;
  tokenId: string;
  /** NUC signatures on the token that the bank takes. */
  signatures: readonly NationalSignatureView[];
  /** Other profiles are on the token. */
  keepsPin: boolean;
  values: RegistrationData;
  onBack: (values: RegistrationData) => void;
  onCancel: () => void;
  onChecked: (values: RegistrationData, checked: CheckedData) => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const askKeyFile = bank.authentication === 'initial-key';
  const [help, setHelp] = useState<HelpSubject>('userId');
  const resolver: Resolver<RegistrationData> = (typed, context, options) =>
    zodResolver(
      registrationDataRules({
        userId: true,
        keyFile: askKeyFile,
        sameAsPin: typed.sameAsPin,
      }),
    )(typed, context, options);
  const form = useForm<RegistrationData>({
    defaultValues: {
      ...values,
      bankId: bank.id,
      nationalSerialNumber: chosenSignature(signatures, values.nationalSerialNumber),
    },
    resolver,
  });
  const national = useWatch({ control: form.control, name: 'nationalSerialNumber' });

  const checking = useMutation({
    mutationFn: (typed: RegistrationData) => checkData(typed, bank, tokenId),
    onSuccess: (checked, typed) => {
      onChecked(typed, checked);
    },
  });

  return (
    <FormProvider {...form}>
      <Screen
        wide
        title={t('wizard.data.title')}
        beside={<StepsList current="data" keepsPin={keepsPin} />}
        focus="first-field"
        onSubmit={() => {
          if (!checking.isPending)
            void form.handleSubmit((typed) => {
              checking.mutate(typed);
            })();
        }}
        onCancel={onCancel}
        actions={
          <>
            {checking.isPending && (
              <Spinner
                data-apart
                size="tiny"
                label={t(askKeyFile ? 'wizard.data.checking' : 'wizard.data.checkingData')}
              />
            )}
            <Button
              disabled={checking.isPending}
              onClick={() => {
                onBack(form.getValues());
              }}
            >
              {t('common.back')}
            </Button>
            <Button appearance="primary" type="submit" disabled={checking.isPending}>
              {t('common.next')}
            </Button>
            <Button onClick={onCancel} disabled={checking.isPending}>
              {t('common.cancel')}
            </Button>
          </>
        }
      >
        {notice}
        {checking.error !== null && <ErrorMessage error={failureOf(checking.error)} />}
        <p className={styles.lead}>{t('wizard.data.text')}</p>
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
        <BankSupport bank={bank} />
      </Screen>
    </FormProvider>
  );
}

/** The one chosen before while it is there, else the first. */
export const chosenSignature = (signatures: readonly NationalSignatureView[], before: string): string =>
  (signatures.find(({ serialNumber }) => serialNumber === before) ?? signatures[0])?.serialNumber ?? '';

async function checkData(typed: RegistrationData, bank: BankView, tokenId: string): Promise<CheckedData> {
  const secrets = secretsOf(typed, bank.authentication === 'initial-key');
  try {
    return await call('wizard.checkData', {
      bankId: bank.id,
      userId: typed.userId.trim(),
      ...secrets,
      ...(bank.authentication === 'national-signature' && {
        national: {
          tokenId,
          ...(typed.nationalSerialNumber !== '' && { serialNumber: typed.nationalSerialNumber }),
        },
      }),
    });
  } finally {
    wipe(secrets.registrationPin);
    wipe(secrets.keyFile?.password);
  }
}

/** ПИН and key file as they go over the bridge. The caller wipes both buffers. */
export function secretsOf(typed: RegistrationData, withKeyFile: boolean) {
  const password = typed.sameAsPin ? typed.registrationPin : typed.keyFilePassword;
  return {
    registrationPin: secretBytes(typed.registrationPin),
    ...(withKeyFile &&
      typed.keyFile !== null && { keyFile: { id: typed.keyFile.id, password: secretBytes(password) } }),
  };
}
