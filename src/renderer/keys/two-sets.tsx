import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowRight24Regular } from '@fluentui/react-icons/svg/arrow-right';
import { useTranslation } from 'react-i18next';
import type { KeySetView } from '#shared/renewal-views.ts';
import { formatDate } from '#shared/texts/formats.ts';
import { haveEnded, timeOfUse } from '#shared/key-set-state.ts';
import { useNow } from '../messages/use-now.ts';

const useStyles = makeStyles({
  row: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) 24px minmax(0, 1fr)',
    alignItems: 'center',
    gap: '12px',
    margin: '0 0 20px',
    '@media (max-width: 640px)': { gridTemplateColumns: 'minmax(0, 1fr)', justifyItems: 'stretch' },
  },
  card: {
    alignSelf: 'stretch',
    padding: '12px 16px',
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  // The one that signs now.
  working: {
    borderTopColor: tokens.colorBrandStroke1,
    borderRightColor: tokens.colorBrandStroke1,
    borderBottomColor: tokens.colorBrandStroke1,
    borderLeftColor: tokens.colorBrandStroke1,
    backgroundColor: tokens.colorBrandBackground2,
  },
  planned: {
    borderTopStyle: 'dashed',
    borderRightStyle: 'dashed',
    borderBottomStyle: 'dashed',
    borderLeftStyle: 'dashed',
  },
  name: { fontWeight: tokens.fontWeightSemibold },
  text: { margin: '2px 0 0', fontVariantNumeric: 'tabular-nums' },
  arrow: {
    color: tokens.colorNeutralForeground2,
    '@media (max-width: 640px)': { transform: 'rotate(90deg)', justifySelf: 'center' },
  },
});

/** How far the new set has come. */
export type NewSet =
  'planned' | 'making' | 'requested' | 'issued' | 'taking' | 'in-use' | 'refused' | 'not-made';

/** The old keys stay until the new ones have worked: both sets side by side, and which of them works. */
export function TwoSets({ set, fresh }: { set: KeySetView; fresh: NewSet }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const now = useNow(true, 60_000);
  const until = timeOfUse(set)?.until;
  const replaced = fresh === 'in-use';
  const usable = !haveEnded(set, now) && set.reason?.kind !== 'revoked' && set.reason?.kind !== 'suspended';
  return (
    <div className={styles.row}>
      <div className={mergeClasses(styles.card, !replaced && usable && styles.working)}>
        <div className={styles.name}>{t('keys.sets.old')}</div>
        <p className={styles.text}>
          {replaced
            ? t('keys.sets.oldRetired')
            : !usable
              ? t('keys.sets.oldEnded')
              : t('keys.sets.oldWorks', { date: until === undefined ? '' : formatDate(until) })}
        </p>
      </div>
      <ArrowRight24Regular aria-hidden className={styles.arrow} />
      <div
        className={mergeClasses(
          styles.card,
          (fresh === 'planned' || fresh === 'refused' || fresh === 'not-made') && styles.planned,
          replaced && styles.working,
        )}
      >
        <div className={styles.name}>{t('keys.sets.new')}</div>
        <p className={styles.text}>
          {replaced && until !== undefined
            ? t('keys.sets.fresh.inUseUntil', { date: formatDate(until) })
            : t(`keys.sets.fresh.${fresh}`)}
        </p>
      </div>
    </div>
  );
}
