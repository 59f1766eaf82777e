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
import { ChevronRight16Regular } from '@fluentui/react-icons/svg/chevron-right';
import { useTranslation } from 'react-i18next';
import { rowName } from './object-words.ts';
import type { ObjectRow } from './object-rows.ts';
import { BankCell, IssuerCell, KeyCell, RowSubtitle, UsageCell, ValidityCell } from './row-cells.tsx';

const useStyles = makeStyles({
  table: { tableLayout: 'fixed', fontVariantNumeric: 'tabular-nums' },
  row: {
    cursor: 'pointer',
    height: '56px',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  chosen: {
    // Fainter than Fluent's selection: the warnings in a chosen row have to be read too.
    backgroundColor: tokens.colorNeutralBackground2,
    ':hover': { backgroundColor: tokens.colorNeutralBackground2 },
    boxShadow: `inset 3px 0 0 ${tokens.colorBrandStroke1}`,
    '@media (forced-colors: active)': { outline: '2px solid Highlight', outlineOffset: '-2px' },
  },
  head: { fontWeight: tokens.fontWeightSemibold, verticalAlign: 'bottom', hyphens: 'auto' },
  cell: { paddingBlock: '8px', verticalAlign: 'middle', overflowWrap: 'anywhere' },
  // In percent of the table; the bank has the rest.
  owner: { width: '22%' },
  issuer: { width: '16%' },
  usage: { width: '17%' },
  ownerAlone: { width: '52%' },
  // «осталось 373 дня» in one line, in Kazakh too.
  validity: { width: '21%', '@media (max-width: 920px)': { width: '27%' } },
  key: { width: '10%', '@media (max-width: 920px)': { width: '16%' } },
  // Fewer columns where there is less room; the details have everything.
  wide: { '@media (max-width: 920px)': { display: 'none' } },
  middling: { '@media (max-width: 640px)': { display: 'none' } },
  issuerBelow: { '@media (min-width: 921px)': { display: 'none' } },
  opener: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) 16px',
    alignItems: 'center',
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
  arrow: { color: tokens.colorNeutralForeground3 },
  below: { color: tokens.colorNeutralForeground2 },
});

/**
 * What the token holds, one row each. A row opens its details; beside these only owner and validity stay.
 *
 * The button in the first cell is the row for the keyboard and for screen readers.
 */
export function CertificateTable({
  rows,
  chosen,
  detailsId,
  now,
  onChoose,
}: {
  rows: readonly ObjectRow[];
  /** `id` of the row whose details are open. */
  chosen: string | undefined;
  detailsId: string;
  now: Date;
  onChoose: (row: ObjectRow, opener: HTMLElement) => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const narrow = chosen !== undefined;
  const head = (name: 'owner' | 'issuer' | 'validity' | 'usage' | 'key' | 'bank', ...more: string[]) => (
    <TableHeaderCell className={mergeClasses(styles.head, ...more)}>
      {t(`certificates.table.${name}`)}
    </TableHeaderCell>
  );
  return (
    <Table aria-label={t('certificates.table.label')} className={styles.table}>
      <TableHeader>
        <TableRow>
          {head('owner', narrow ? styles.ownerAlone : styles.owner)}
          {!narrow && head('issuer', styles.issuer, styles.wide)}
          {narrow ? head('validity') : head('validity', styles.validity)}
          {!narrow && head('usage', styles.usage, styles.middling)}
          {!narrow && head('key', styles.key, styles.middling)}
          {!narrow && head('bank', styles.wide)}
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => {
          const open = row.id === chosen;
          return (
            <TableRow
              key={row.id}
              className={mergeClasses(styles.row, open && styles.chosen)}
              onClick={(event) => {
                const opener = event.currentTarget.querySelector('button');
                if (opener) onChoose(row, opener);
              }}
            >
              <TableCell className={styles.cell}>
                <button
                  type="button"
                  className={styles.opener}
                  aria-expanded={open}
                  {...(open && { 'aria-controls': detailsId })}
                >
                  <span>{rowName(row, t)}</span>
                  {!narrow && <ChevronRight16Regular aria-hidden className={styles.arrow} />}
                </button>
                <span className={mergeClasses(styles.below, !narrow && styles.issuerBelow)}>
                  <RowSubtitle row={row} />
                </span>
              </TableCell>
              {!narrow && (
                <TableCell className={mergeClasses(styles.cell, styles.wide)}>
                  <IssuerCell row={row} />
                </TableCell>
              )}
              <TableCell className={styles.cell}>
                <ValidityCell row={row} now={now} />
              </TableCell>
              {!narrow && (
                <>
                  <TableCell className={mergeClasses(styles.cell, styles.middling)}>
                    <UsageCell row={row} />
                  </TableCell>
                  <TableCell className={mergeClasses(styles.cell, styles.middling)}>
                    <KeyCell row={row} />
                  </TableCell>
                  <TableCell className={mergeClasses(styles.cell, styles.wide)}>
                    <BankCell row={row} />
                  </TableCell>
                </>
              )}
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}
