import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Field, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { FormProvider, useForm, type Resolver } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { PlainInput } from '../fields/plain-input.tsx';
import { Screen } from '../frame/screen.tsx';
import { Notice } from '../messages/notice.tsx';
import { NewPasswordFields } from './new-password-fields.tsx';
import type { FieldComplaint } from './registration-data.ts';
import { StepsList } from './steps-list.tsx';
import { tokenDataRules, type TokenData } from './token-data.ts';

const useStyles = makeStyles({
  lead: { margin: '0 0 16px', 'h1 + &': { marginTop: '-12px' } },
  name: { maxWidth: '440px', marginBlockEnd: '14px' },
  note: { color: tokens.colorNeutralForeground2, marginBlockEnd: 0 },
});

export const tokenDataResolver: Resolver<TokenData> = (typed, context, options) =>
  zodResolver(tokenDataRules(typed.newPin))(typed, context, options);

/** Step 3: name of the token and a new password, under the rules of the manuals. */
export function TokenStep({
  notice,
  defaultPin,
  userId,
  values,
  onBack,
  onCancel,
  onNext,
}: {
  notice: ReactNode;
  defaultPin: boolean;
  userId: string;
  values: TokenData;
  onBack: (values: TokenData) => void;
  onCancel: () => void;
  onNext: (values: TokenData) => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const form = useForm<TokenData>({ defaultValues: values, resolver: tokenDataResolver });
  const nameComplaint = form.formState.errors.label?.message as FieldComplaint | undefined;
  return (
    <FormProvider {...form}>
      <Screen
        wide
        title={t('wizard.token.title')}
        beside={<StepsList current="token" />}
        focus="first-field"
        onSubmit={() => void form.handleSubmit(onNext)()}
        onCancel={onCancel}
        actions={
          <>
            <Button
              onClick={() => {
                onBack(form.getValues());
              }}
            >
              {t('common.back')}
            </Button>
            <Button appearance="primary" type="submit">
              {t('common.next')}
            </Button>
            <Button onClick={onCancel}>{t('common.cancel')}</Button>
          </>
        }
      >
        {notice}
        <p className={styles.lead}>{t('wizard.token.text')}</p>
        {defaultPin && (
          <Notice intent="info" title={t('wizard.token.defaultPin')} live={false}>
            <p>{t('wizard.token.defaultPinText')}</p>
          </Notice>
        )}
        <Field
          className={styles.name}
          label={t('fields.tokenName')}
          hint={t('fields.tokenNameHint')}
          validationMessage={nameComplaint === undefined ? null : t(nameComplaint, { count: 0 })}
        >
          <PlainInput
            {...form.register('label')}
            placeholder={userId}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <NewPasswordFields />
        <p className={styles.note}>{t('wizard.token.forgotten')}</p>
      </Screen>
    </FormProvider>
  );
}
