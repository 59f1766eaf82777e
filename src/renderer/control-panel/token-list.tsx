import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { TokenView } from '#shared/views.ts';
import { TokenDrawing } from '../drawings/token-drawing.tsx';
import { MoodIcon } from '../frame/mood-icon.tsx';
import { moodOf, tokenCondition } from '../frame/token-condition.ts';
import { useRegistrations } from '../main-process.ts';
import { tokenName } from '../picker/token-entry.ts';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(312px, 1fr))',
    gap: '8px',
    marginBlockEnd: '12px',
  },
  token: {
    position: 'relative',
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 1fr)',
    alignItems: 'center',
    columnGap: '12px',
    padding: '8px 12px',
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    ':focus-within:has(:focus-visible)': {
      outline: `2px solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: '2px',
    },
  },
  chosen: {
    borderTopColor: tokens.colorBrandStroke1,
    borderRightColor: tokens.colorBrandStroke1,
    borderBottomColor: tokens.colorBrandStroke1,
    borderLeftColor: tokens.colorBrandStroke1,
    boxShadow: `inset 0 0 0 1px ${tokens.colorBrandStroke1}`,
    backgroundColor: tokens.colorBrandBackground2,
    '@media (forced-colors: active)': { outline: '3px solid Highlight' },
  },
  // Invisible, yet in its place and reachable: the row is its label.
  radio: { position: 'absolute', inset: 0, opacity: 0, margin: 0 },
  name: {
    fontWeight: tokens.fontWeightSemibold,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  details: {
    display: 'flex',
    alignItems: 'center',
    gap: '6px',
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    fontVariantNumeric: 'tabular-nums',
    '& > svg': { width: '16px', height: '16px' },
    '& > span': { whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis' },
    '& > span:first-of-type': { flexShrink: 0 },
  },
});

/** Which of several connected tokens the panel shows. */
export function TokenList({
  present,
  chosenId,
  onChoose,
}: {
  present: readonly TokenView[];
  chosenId: string;
  onChoose: (tokenId: string) => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const registrations = useRegistrations();
  return (
    <div role="radiogroup" aria-label={t('controlPanel.tokenList')} className={styles.list}>
      {present.map((token) => {
        const condition = tokenCondition(token, registrations);
        return (
          <label
            key={token.id}
            className={mergeClasses(styles.token, token.id === chosenId && styles.chosen)}
          >
            <input
              type="radio"
              name="panel-token"
              className={styles.radio}
              checked={token.id === chosenId}
              onChange={() => {
                onChoose(token.id);
              }}
            />
            <TokenDrawing width={44} faint={token.state !== 'ready'} />
            <div>
              <div className={styles.name}>{tokenName(token, t).text}</div>
              <div className={styles.details}>
                <MoodIcon mood={moodOf(condition)} />
                {token.serial !== undefined && (
                  <span>{t('controlPanel.serial', { serial: token.serial })}</span>
                )}
                <span>{t(`conditions.${condition}.state`)}</span>
              </div>
            </div>
          </label>
        );
      })}
    </div>
  );
}
