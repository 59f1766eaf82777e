import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircle16Filled } from '@fluentui/react-icons/svg/checkmark-circle';
import { Circle16Regular } from '@fluentui/react-icons/svg/circle';
import { useState } from 'react';
import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { checkPin, pinRules } from '#shared/pin-rules.ts';
import { SecretField } from '../fields/secret-field.tsx';
import { withoutRef } from '../fields/without-ref.ts';
import type { FieldComplaint } from './registration-data.ts';
import type { TokenData } from './token-data.ts';

const useStyles = makeStyles({
  fields: { display: 'grid', gap: '6px', maxWidth: '440px' },
  rules: { listStyleType: 'none', margin: '0 0 8px', padding: 0, display: 'grid', gap: '4px' },
  rule: { display: 'flex', alignItems: 'center', gap: '8px', color: tokens.colorNeutralForeground2 },
  met: { color: tokens.colorStatusSuccessForeground1 },
  hidden: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
});

/** A new password and its confirmation, with the rules ticked off as they are met. */
export function NewPasswordFields() {
  const styles = useStyles();
  const { t } = useTranslation();
  const { register, getValues, formState } = useFormContext<TokenData>();
  const [met, setMet] = useState(() => checkPin(getValues('newPin')));
  const said = (complaint: string | undefined) =>
    complaint === undefined ? undefined : t(complaint as FieldComplaint, { count: 0 });
  const { onChange, ...password } = withoutRef(register('newPin'));
  return (
    <div className={styles.fields}>
      <SecretField
        {...password}
        fresh
        label={t('fields.newPassword')}
        error={said(formState.errors.newPin?.message)}
        onChange={(event) => {
          setMet(checkPin(event.target.value));
          void onChange(event);
        }}
      />
      <ul className={styles.rules} aria-label={t('fields.rulesTitle')}>
        {pinRules.map((rule) => {
          const Icon = met[rule] ? CheckmarkCircle16Filled : Circle16Regular;
          return (
            <li key={rule} className={mergeClasses(styles.rule, met[rule] && styles.met)}>
              <Icon aria-hidden />
              <span>
                {t(`fields.rules.${rule}`)}
                <span className={styles.hidden}>
                  {`, ${t(met[rule] ? 'fields.ruleMet' : 'fields.ruleNotMet')}`}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
      <SecretField
        {...withoutRef(register('confirmation'))}
        fresh
        label={t('fields.confirmation')}
        error={said(formState.errors.confirmation?.message)}
      />
    </div>
  );
}
