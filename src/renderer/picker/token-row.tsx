import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '#shared/texts/formats.ts';
import type { TokenEntry } from '#shared/token-entries.ts';
import type { Language, TokenView } from '#shared/views.ts';
import { TokenDrawing } from '../drawings/token-drawing.tsx';
import { MoodIcon } from '../frame/mood-icon.tsx';
import { useBanks } from '../main-process.ts';
import { moodOf, type TokenCondition } from '../frame/token-condition.ts';
import { decidingCertificate, tokenName, validityOf } from './token-entry.ts';

const useStyles = makeStyles({
  row: {
    position: 'relative',
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 1fr) auto',
    alignItems: 'center',
    columnGap: '16px',
    minHeight: '76px',
    boxSizing: 'border-box',
    padding: '12px 16px',
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    animationName: {
      from: { opacity: 0, transform: 'translateY(-6px)' },
      to: { opacity: 1, transform: 'none' },
    },
    animationDuration: '180ms',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    ':focus-within:has(:focus-visible)': {
      outline: `2px solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: '2px',
    },
    '@media (max-width: 640px)': { gridTemplateColumns: 'minmax(0, 1fr)', rowGap: '4px' },
  },
  chosen: {
    borderTopColor: tokens.colorBrandStroke1,
    borderRightColor: tokens.colorBrandStroke1,
    borderBottomColor: tokens.colorBrandStroke1,
    borderLeftColor: tokens.colorBrandStroke1,
    boxShadow: `inset 0 0 0 1px ${tokens.colorBrandStroke1}`,
    backgroundColor: tokens.colorBrandBackground2,
    ':hover': { backgroundColor: tokens.colorBrandBackground2Hover },
    '@media (forced-colors: active)': { outline: '3px solid Highlight' },
  },
  // Invisible, yet in its place and reachable: the row is its label.
  radio: { position: 'absolute', inset: 0, opacity: 0, margin: 0 },
  name: {
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: 'anywhere',
  },
  register: {
    marginInlineStart: '10px',
    padding: '1px 8px',
    borderRadius: tokens.borderRadiusCircular,
    border: `1px solid ${tokens.colorBrandStroke1}`,
    color: tokens.colorBrandForeground1,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    whiteSpace: 'nowrap',
  },
  details: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: '16px',
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
  },
  // Readable on the chosen row's colour too.
  soon: { color: tokens.colorStatusWarningForeground2, fontWeight: tokens.fontWeightSemibold },
  ended: { color: tokens.colorStatusDangerForeground3, fontWeight: tokens.fontWeightSemibold },
  state: { display: 'flex', alignItems: 'center', gap: '8px', maxWidth: '200px' },
});

/** Whose NUC signatures are on the token, each once. */
const owners = ({ national = [] }: TokenView): readonly string[] => [
  ...new Set(national.map(({ name, organisation }) => organisation ?? name)),
];

/** One token, or one profile on it: picture, name as in the manuals, bank, validity, state. A radio button for keyboard and screen reader. */
export function TokenRow({
  entry: token,
  condition,
  nextCheck,
  chosen,
  onChoose,
  now,
}: {
  entry: TokenEntry;
  condition: TokenCondition;
  /** When the bank is asked again. */
  nextCheck: Date | undefined;
  chosen: boolean;
  onChoose: () => void;
  now: Date;
}) {
  const styles = useStyles();
  const { t, i18n } = useTranslation();
  const banks = useBanks().data;
  const bankName =
    banks?.find((bank) => bank.id === token.profile?.bankId)?.name[i18n.language as Language] ??
    token.profile?.bankName;
  const id = useId();
  const name = tokenName(token, t);
  const certificate = decidingCertificate(token);
  const validity = certificate && validityOf(certificate, now, t);
  return (
    <label className={mergeClasses(styles.row, chosen && styles.chosen)}>
      <input
        type="radio"
        name="token"
        className={styles.radio}
        checked={chosen}
        onChange={onChoose}
        aria-labelledby={`${id}name`}
        aria-describedby={`${id}details ${id}state`}
      />
      <TokenDrawing faint={condition === 'unsupported' || condition === 'mute' || condition === 'reading'} />
      <div>
        <div id={`${id}name`}>
          <span className={styles.name}>{name.text}</span>
          {name.register !== undefined && <span className={styles.register}>{name.register}</span>}
        </div>
        <div id={`${id}details`} className={styles.details}>
          {bankName !== undefined && <span>{bankName}</span>}
          {token.shared && token.label !== null && <span>{t('picker.onToken', { name: token.label })}</span>}
          {token.kind === 'national' && owners(token).map((owner) => <span key={owner}>{owner}</span>)}
          {validity !== undefined && (
            <span className={validity.mood === 'good' ? undefined : styles[validity.mood]}>
              {validity.text}
            </span>
          )}
          {nextCheck !== undefined && (condition === 'accepted' || condition === 'waiting') && (
            <span>{t('picker.nextCheck', { time: formatMoment(nextCheck, now) })}</span>
          )}
          {token.serial !== undefined && <span>{t('frame.chip.serial', { serial: token.serial })}</span>}
        </div>
      </div>
      <div id={`${id}state`} className={styles.state}>
        <MoodIcon mood={moodOf(condition)} />
        <span>{t(`conditions.${condition}.state`)}</span>
      </div>
    </label>
  );
}
