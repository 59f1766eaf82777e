import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { Copy16Regular } from '@fluentui/react-icons/svg/copy';
import { Checkmark16Regular } from '@fluentui/react-icons/svg/checkmark';
import { useTranslation } from 'react-i18next';
import { errorCatalogue } from '#shared/errors.ts';
import { errorSentences } from '#shared/texts/error-sentences.ts';
import type { ErrorView } from '#shared/views.ts';
import { useCopy } from './use-copy.ts';
import { Notice } from './notice.tsx';

const useStyles = makeStyles({
  checks: { margin: '8px 0 0', paddingInlineStart: '20px', '& > li': { marginBlock: '2px' } },
  small: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: '12px',
    marginBlockStart: '8px',
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
  },
  copy: { minWidth: 'unset', paddingInline: '6px', fontWeight: tokens.fontWeightRegular },
});

/** A failure: what happened, what it means for the token, what to do; then, small, what support asks for. */
export function ErrorMessage({ error }: { error: ErrorView }) {
  const styles = useStyles();
  const { i18n, t } = useTranslation();
  const { copy, copied } = useCopy();
  const { title, meaning, next, checks, details, code } = errorSentences(error, i18n);
  const CopyIcon = copied ? Checkmark16Regular : Copy16Regular;
  return (
    <Notice intent={errorCatalogue[error.id].severity} title={title}>
      <p>{meaning}</p>
      <p>{next}</p>
      {checks.length > 0 && (
        <ul className={styles.checks} aria-label={t('errors.checkTitle')}>
          {checks.map((check) => (
            <li key={check}>{check}</li>
          ))}
        </ul>
      )}
      <div className={styles.small}>
        <span>{code}</span>
        {details.map((detail) => (
          <span key={detail}>{detail}</span>
        ))}
        <Button
          appearance="subtle"
          size="small"
          className={styles.copy}
          icon={<CopyIcon aria-hidden />}
          aria-label={copied ? t('common.copied') : t('common.copyCode')}
          onClick={() => {
            copy([title, code, ...details].join('\n'));
          }}
        >
          {copied ? t('common.copied') : t('common.copy')}
        </Button>
      </div>
    </Notice>
  );
}
