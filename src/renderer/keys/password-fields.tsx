import { makeStyles } from '@fluentui/react-components';
import type { UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import type { KeySetView } from '#shared/renewal-views.ts';
import type { TokenView } from '#shared/views.ts';
import type { TokenPasswordEntry } from '../fields/use-token-password.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { TokenPassword } from '../picker/token-password.tsx';
import { registrationDataRules, type FieldComplaint } from '../wizard/registration-data.ts';
import { RegistrationPinField } from '../wizard/registration-pin-field.tsx';

const useStyles = makeStyles({
  fields: { display: 'grid', gap: '12px', maxWidth: '440px', marginBlockStart: '16px' },
});

/** What is typed beside the token's password. */
export interface RenewalData {
  registrationPin: string;
}
export const renewalDataRules = z.object({
  registrationPin: registrationDataRules({ userId: false, keyFile: false, sameAsPin: true }).shape
    .registrationPin,
});

/** The token's password, with the attempts left, and the new ПИН where the old key authenticates nobody any more. */
export function PasswordFields({
  set,
  token,
  entry,
  form,
  asksRegistrationPin,
}: {
  set: KeySetView;
  token: TokenView | undefined;
  entry: TokenPasswordEntry;
  form: UseFormReturn<RenewalData>;
  asksRegistrationPin: boolean;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const complaint = form.formState.errors.registrationPin?.message;
  if (token === undefined) {
    return (
      <Notice intent="warning" title={t('keys.absent.title')}>
        <p>{t('keys.absent.text', { serial: set.tokenSerial })}</p>
      </Notice>
    );
  }
  return (
    <div className={styles.fields}>
      {entry.error !== undefined && <ErrorMessage error={entry.error} />}
      {asksRegistrationPin && (
        <RegistrationPinField
          field={form.register('registrationPin')}
          error={
            complaint === undefined
              ? undefined
              : t(complaint as FieldComplaint, { count: form.getValues('registrationPin').length })
          }
        />
      )}
      <TokenPassword token={token} opening={entry} />
    </div>
  );
}
