import { useTranslation } from 'react-i18next';
import type { TokenView } from '#shared/views.ts';
import { LastAttemptQuestion } from '../fields/last-attempt-question.tsx';
import { TokenPasswordField } from '../fields/token-password-field.tsx';
import type { TokenPasswordEntry } from '../fields/use-token-password.ts';

/** The token's password, which of the two is meant on an unfinished token, and the question before the last attempt. */
export function TokenPassword({ token, opening }: { token: TokenView; opening: TokenPasswordEntry }) {
  const { t } = useTranslation();
  const hint =
    token.unfinished !== undefined && token.kind === 'unfinished'
      ? t(`picker.hintUnfinished.${token.unfinished.pinOnToken}`)
      : token.kind === 'empty' || token.kind === 'national'
        ? t('picker.hintDefault')
        : undefined;
  return (
    <div>
      <TokenPasswordField
        left={token.userPin?.attemptsLeft ?? null}
        complaint={opening.complaint}
        hint={hint}
        inputRef={opening.field}
        disabled={opening.pending}
      />
      <LastAttemptQuestion entry={opening} />
    </div>
  );
}
