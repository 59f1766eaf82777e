import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Field, makeStyles, Select, Spinner } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { FormProvider, useForm, useWatch, type Resolver } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { wipe } from '#shared/bytes.ts';
import type { BankView, KeyContainerView, Language } from '#shared/views.ts';
import { call, failureOf } from '../bridge.ts';
import { secretBytes } from '../fields/typed-secret.ts';
import { Screen } from '../frame/screen.tsx';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { WithFieldHelp } from './field-help.tsx';
import { RegistrationDataFields, type HelpSubject } from './registration-data-fields.tsx';
import { registrationDataRules, type RegistrationData } from './registration-data.ts';
import { StepsList } from './steps-list.tsx';

const useStyles = makeStyles({
  lead: { margin: '0 0 16px', 'h1 + &': { marginTop: '-12px' } },
  bank: { maxWidth: '440px', marginBlockEnd: '14px' },
});

export interface CheckedData {
  readonly draftId: string;
  readonly keyContainer?: KeyContainerView | undefined;
}

const asksKeyFile = (banks: readonly BankView[], bankId: string): boolean =>
  banks.find(({ id }) => id === bankId)?.authentication === 'initial-key';

/** Step 2, «Регистрационные данные». «Далее» opens the key file on this computer and nothing else. */
export function DataStep({
  notice,
  banks,
  values,
  onBack,
  onCancel,
  onChecked,
}: {
  notice: ReactNode;
  banks: readonly BankView[];
  values: RegistrationData;
  onBack: (values: RegistrationData) => void;
  onCancel: () => void;
  onChecked: (values: RegistrationData, checked: CheckedData) => void;
}) {
  const styles = useStyles();
  const { t, i18n } = useTranslation();
  const [help, setHelp] = useState<HelpSubject>('userId');
  const resolver: Resolver<RegistrationData> = (typed, context, options) =>
    zodResolver(
      registrationDataRules({
        userId: true,
        keyFile: asksKeyFile(banks, typed.bankId),
        sameAsPin: typed.sameAsPin,
      }),
    )(typed, context, options);
  const form = useForm<RegistrationData>({
    defaultValues: { ...values, bankId: values.bankId === '' ? (banks[0]?.id ?? '') : values.bankId },
    resolver,
  });
  const bankId = useWatch({ control: form.control, name: 'bankId' });

  const checking = useMutation({
    mutationFn: (typed: RegistrationData) => checkData(typed, asksKeyFile(banks, typed.bankId)),
    onSuccess: (checked, typed) => {
      onChecked(typed, checked);
    },
  });

  return (
    <FormProvider {...form}>
      <Screen
        wide
        title={t('wizard.data.title')}
        beside={<StepsList current="data" />}
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
            {checking.isPending && <Spinner data-apart size="tiny" label={t('wizard.data.checking')} />}
            <Button
              disabled={checking.isPending}
              onClick={() => {
                onBack(form.getValues());
              }}
            >
              {t('common.back')}
            </Button>
            <Button appearance="primary" type="submit" disabled={checking.isPending || banks.length === 0}>
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
        {banks.length === 0 ? (
          <Notice intent="error" title={t('wizard.data.noBanks')}>
            <p>{t('wizard.data.noBanksText')}</p>
          </Notice>
        ) : (
          <>
            <p className={styles.lead}>{t('wizard.data.text')}</p>
            <WithFieldHelp subject={help}>
              <div>
                {banks.length > 1 && (
                  <Field label={t('fields.bank')} className={styles.bank}>
                    <Select {...form.register('bankId')}>
                      {banks.map((bank) => (
                        <option key={bank.id} value={bank.id}>
                          {bank.name[i18n.language as Language]}
                        </option>
                      ))}
                    </Select>
                  </Field>
                )}
                <RegistrationDataFields askUserId askKeyFile={asksKeyFile(banks, bankId)} onHelp={setHelp} />
              </div>
            </WithFieldHelp>
          </>
        )}
      </Screen>
    </FormProvider>
  );
}

async function checkData(typed: RegistrationData, withKeyFile: boolean): Promise<CheckedData> {
  const secrets = secretsOf(typed, withKeyFile);
  try {
    return await call('wizard.checkData', { bankId: typed.bankId, userId: typed.userId.trim(), ...secrets });
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
