import {
  makeStyles,
  mergeClasses,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  tokens,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { KeySetView } from '#shared/renewal-views.ts';
import { StatusBadge } from './status-badge.tsx';

const useStyles = makeStyles({
  table: { tableLayout: 'fixed', fontVariantNumeric: 'tabular-nums' },
  row: {
    cursor: 'pointer',
    height: '56px',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  chosen: {
    backgroundColor: tokens.colorNeutralBackground2,
    ':hover': { backgroundColor: tokens.colorNeutralBackground2 },
    boxShadow: `inset 3px 0 0 ${tokens.colorBrandStroke1}`,
    '@media (forced-colors: active)': { outline: '2px solid Highlight', outlineOffset: '-2px' },
  },
  head: { fontWeight: tokens.fontWeightSemibold, verticalAlign: 'bottom', hyphens: 'auto' },
  cell: { paddingBlock: '8px', verticalAlign: 'middle', overflowWrap: 'anywhere' },
  owner: { width: '25%' },
  identifier: { width: '20%', '@media (max-width: 860px)': { width: '27%' } },
  cryptography: { width: '19%', '@media (max-width: 860px)': { display: 'none' } },
  opener: {
    display: 'block',
    width: '100%',
    padding: '2px 0',
    border: 'none',
    borderRadius: tokens.borderRadiusSmall,
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    fontWeight: tokens.fontWeightSemibold,
    textAlign: 'start',
    cursor: 'inherit',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '2px' },
  },
  below: { color: tokens.colorNeutralForeground2 },
});

/**
 * The key sets, one row each: «Абонент», «Идентификатор», «Криптография», «Статус». A click shows what is known of a set,
 * two do what its status allows.
 */
export function KeySetTable({
  sets,
  chosen,
  detailsId,
  onChoose,
  onAct,
}: {
  sets: readonly KeySetView[];
  /** `id` of the set that is shown. */
  chosen: string | undefined;
  detailsId: string;
  onChoose: (set: KeySetView) => void;
  onAct: (set: KeySetView) => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const head = (name: 'owner' | 'identifier' | 'cryptography' | 'status', style?: string) => (
    <TableHeaderCell className={mergeClasses(styles.head, style)}>{t(`keys.table.${name}`)}</TableHeaderCell>
  );
  return (
    <Table aria-label={t('keys.table.label')} className={styles.table}>
      <TableHeader>
        <TableRow>
          {head('owner', styles.owner)}
          {head('identifier', styles.identifier)}
          {head('cryptography', styles.cryptography)}
          {head('status')}
        </TableRow>
      </TableHeader>
      <TableBody>
        {sets.map((set) => (
          <TableRow
            key={set.id}
            className={mergeClasses(styles.row, set.id === chosen && styles.chosen)}
            onClick={() => {
              onChoose(set);
            }}
            onDoubleClick={() => {
              onAct(set);
            }}
          >
            <TableCell className={styles.cell}>
              <button
                type="button"
                className={styles.opener}
                aria-current={set.id === chosen ? 'true' : undefined}
                {...(set.id === chosen && { 'aria-controls': detailsId })}
              >
                {set.profileName}
              </button>
              <span className={styles.below}>
                {t(set.tokenId === undefined ? 'keys.table.tokenAbsent' : 'keys.table.token', {
                  serial: set.tokenSerial,
                })}
              </span>
            </TableCell>
            <TableCell className={styles.cell}>{set.userId}</TableCell>
            <TableCell className={mergeClasses(styles.cell, styles.cryptography)}>
              {set.cryptography}
            </TableCell>
            <TableCell className={styles.cell}>
              <StatusBadge status={set.status} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
