import { Checkbox, Field, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircle16Filled } from '@fluentui/react-icons/svg/checkmark-circle';
import { Circle16Regular } from '@fluentui/react-icons/svg/circle';
import { useReducer } from 'react';
import { Controller, useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { SecretField } from '../../fields/secret-field.tsx';
import { withoutRef } from '../../fields/without-ref.ts';
import type { PinRole } from '../pin-role.ts';
import type { NewPinComplaint, WithNewPins } from './new-pin-data.ts';
import { checkNewPin, type CheckedRule, type NewPinPolicy } from './new-pin-rules.ts';

const useStyles = makeStyles({
  fields: { display: 'grid', gap: '2px' },
  allRules: { marginBlockEnd: '6px' },
  rules: { listStyleType: 'none', margin: 0, padding: 0, display: 'grid', gap: '2px' },
  recommended: { marginBlock: '2px', color: tokens.colorNeutralForeground2 },
  rule: {
    display: 'grid',
    gridTemplateColumns: '16px minmax(0, 1fr)',
    columnGap: '8px',
    color: tokens.colorNeutralForeground2,
    '& > svg': { marginBlockStart: '2px' },
  },
  met: { color: tokens.colorStatusSuccessForeground1 },
  // Room that is there before it is needed: nothing moves under the cursor while one types.
  weak: { minHeight: '36px' },
  tick: { marginInlineStart: '-8px' },
  hidden: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
});

/** A new PIN and its confirmation; the rules are ticked off as they are met, a weak PIN is said to be one. */
export function NewPinFields({ role, policy }: { role: PinRole; policy: NewPinPolicy }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { register, getValues, setValue, control, formState } = useFormContext<WithNewPins>();
  // What was typed stays in the form alone; the rules only have to be looked at again.
  const [, lookAgain] = useReducer((times: number) => times + 1, 0);
  const { rules, verdict } = checkNewPin(getValues(`${role}.pin`), policy);
  const recommended = rules.filter(({ needed }) => !needed);
  const errors = formState.errors[role];
  const said = (complaint: string | undefined) =>
    complaint === undefined ? undefined : t(complaint as NewPinComplaint);
  const { onChange, ...pin } = withoutRef(register(`${role}.pin`));
  return (
    <div className={styles.fields}>
      <SecretField
        {...pin}
        fresh
        label={t('controlPanel.newPin.pin')}
        error={said(errors?.pin?.message)}
        onChange={(event) => {
          // The consent was for the PIN that stood there.
          setValue(`${role}.acceptWeak`, false);
          void onChange(event);
          lookAgain();
        }}
      />
      <div className={styles.allRules}>
        <Rules label={t('controlPanel.newPin.rulesTitle')} rules={rules.filter(({ needed }) => needed)} />
        {recommended.length > 0 && (
          <>
            <div aria-hidden className={styles.recommended}>
              {t('controlPanel.newPin.recommended')}
            </div>
            <Rules label={t('controlPanel.newPin.recommended')} rules={recommended} />
          </>
        )}
      </div>
      <SecretField
        {...withoutRef(register(`${role}.confirmation`))}
        fresh
        label={t('controlPanel.newPin.confirmation')}
        error={said(errors?.confirmation?.message)}
      />
      {policy.weakPins === 'warn' && (
        <div className={styles.weak}>
          {verdict === 'weak' && (
            <Field validationMessage={said(errors?.acceptWeak?.message) ?? null}>
              <Controller
                control={control}
                name={`${role}.acceptWeak`}
                render={({ field: { value, onChange: tick, ref, ...field } }) => (
                  <Checkbox
                    {...field}
                    ref={ref}
                    className={styles.tick}
                    label={t('controlPanel.newPin.acceptWeak')}
                    checked={value}
                    onChange={(_, data) => {
                      tick(data.checked === true);
                    }}
                  />
                )}
              />
            </Field>
          )}
        </div>
      )}
    </div>
  );
}

/** Rules with ticks. */
function Rules({ label, rules }: { label: string; rules: readonly CheckedRule[] }) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <ul className={styles.rules} aria-label={label}>
      {rules.map(({ rule, met, count }) => {
        const Icon = met ? CheckmarkCircle16Filled : Circle16Regular;
        return (
          <li key={rule} className={mergeClasses(styles.rule, met && styles.met)}>
            <Icon aria-hidden />
            <span>
              {t(`controlPanel.newPin.rules.${rule}`, { count })}
              <span className={styles.hidden}>
                {`, ${t(met ? 'controlPanel.newPin.ruleMet' : 'controlPanel.newPin.ruleNotMet')}`}
              </span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
