import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ChangeEventHandler, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { areFew } from './few-attempts.ts';
import { SecretField } from './secret-field.tsx';
import type { Complaint } from './use-token-password.ts';

const useStyles = makeStyles({
  hint: { display: 'block', color: tokens.colorNeutralForeground2 },
  attempts: {
    display: 'block',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    marginBlockStart: '4px',
    color: tokens.colorNeutralForeground1,
  },
  few: { color: tokens.colorStatusDangerForeground3, fontWeight: tokens.fontWeightSemibold },
});

/** The token's password, with the attempts left told before it is typed. */
export function TokenPasswordField({
  left,
  complaint,
  hint,
  inputRef,
  disabled,
  onChange,
}: {
  left: number | null;
  complaint: Complaint | undefined;
  /** Which password is meant, where that has to be said. */
  hint?: string | undefined;
  inputRef: RefObject<HTMLInputElement | null>;
  disabled: boolean;
  onChange?: ChangeEventHandler<HTMLInputElement>;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <SecretField
      label={t('picker.password')}
      inputRef={inputRef}
      disabled={disabled}
      {...(onChange && { onChange })}
      hint={
        <>
          {hint !== undefined && <span className={styles.hint}>{hint}</span>}
          <span className={mergeClasses(styles.attempts, areFew(left) && styles.few)}>
            {left === null ? t('picker.attemptsUnknown') : t('picker.attempts', { count: left })}
          </span>
        </>
      }
      error={
        complaint === undefined
          ? undefined
          : complaint.kind === 'empty'
            ? t('picker.passwordEmpty')
            : t('picker.tooShort', { count: complaint.minLength })
      }
    />
  );
}
