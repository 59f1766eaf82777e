import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { SecretField } from '../fields/secret-field.tsx';
import { Question } from '../messages/question.tsx';
import type { TokenView } from '#shared/views.ts';
import type { TokenPasswordEntry } from '../fields/use-token-password.ts';

const useStyles = makeStyles({
  attempts: {
    display: 'block',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    marginBlockStart: '4px',
    color: tokens.colorNeutralForeground1,
  },
  few: { color: tokens.colorStatusDangerForeground3, fontWeight: tokens.fontWeightSemibold },
  hint: { display: 'block', color: tokens.colorNeutralForeground2 },
});

/** From here on the attempts left are shown as a warning. */
const fewAttempts = 3;

/** The token's password, with the attempts left told before it is typed, and the question before the last of them. */
export function TokenPassword({ token, opening }: { token: TokenView; opening: TokenPasswordEntry }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const left = token.userPin?.attemptsLeft ?? null;
  const hint =
    token.unfinished !== undefined && token.kind === 'unfinished'
      ? t(`picker.hintUnfinished.${token.unfinished.pinOnToken}`)
      : token.kind === 'empty' || token.kind === 'national'
        ? t('picker.hintDefault')
        : undefined;
  const { complaint } = opening;
  return (
    <div>
      <SecretField
        label={t('picker.password')}
        inputRef={opening.field}
        disabled={opening.pending}
        hint={
          <>
            {hint !== undefined && <span className={styles.hint}>{hint}</span>}
            <span
              className={mergeClasses(styles.attempts, left !== null && left <= fewAttempts && styles.few)}
            >
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
      <Question
        open={opening.asksLastAttempt}
        title={t('picker.lastAttempt.title')}
        first={{ label: t('picker.lastAttempt.back'), onChoose: opening.declineLastAttempt }}
        second={{ label: t('picker.lastAttempt.go'), onChoose: opening.confirmLastAttempt }}
        escape="first"
      >
        {t('picker.lastAttempt.text')}
      </Question>
    </div>
  );
}
