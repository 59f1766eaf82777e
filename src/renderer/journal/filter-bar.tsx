import { Button, Field, makeStyles, SearchBox, Select } from '@fluentui/react-components';
import { FilterDismiss20Regular } from '@fluentui/react-icons/svg/filter-dismiss';
import { useTranslation } from 'react-i18next';
import { auditActions } from '#shared/control-panel-views.ts';
import { noFilter, type AuditFilter } from './audit-operations.ts';

const useStyles = makeStyles({
  bar: {
    display: 'grid',
    gridTemplateColumns: 'repeat(3, minmax(0, 1fr)) auto',
    alignItems: 'end',
    gap: '8px 12px',
    border: 'none',
    margin: '0 0 16px',
    padding: 0,
    minInlineSize: 0,
    '@media (max-width: 920px)': { gridTemplateColumns: 'repeat(2, minmax(0, 1fr))' },
    '@media (max-width: 560px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  // Fluent's own widths are wider than a third of the smallest window.
  field: { width: '100%', minWidth: 0, maxWidth: 'none' },
  clear: { whiteSpace: 'nowrap', justifySelf: 'start' },
});

const results = ['done', 'failed', 'begun'] as const;

/** Which entries are shown: of which token, which action, with which result. */
export function FilterBar({
  filter,
  onFilter,
}: {
  filter: AuditFilter;
  onFilter: (filter: AuditFilter) => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const filters = filter.token !== '' || filter.action !== 'any' || filter.result !== 'any';
  return (
    <fieldset className={styles.bar} aria-label={t('journal.filter.label')}>
      <Field label={t('journal.filter.token')}>
        <SearchBox
          dismiss={{ 'aria-label': t('common.clearField') }}
          className={styles.field}
          placeholder={t('journal.filter.tokenHint')}
          value={filter.token}
          onChange={(_, { value }) => {
            onFilter({ ...filter, token: value });
          }}
        />
      </Field>
      <Field label={t('journal.filter.action')}>
        <Select
          className={styles.field}
          value={filter.action}
          onChange={(_, { value }) => {
            onFilter({ ...filter, action: auditActions.find((one) => one === value) ?? 'any' });
          }}
        >
          <option value="any">{t('journal.filter.anyAction')}</option>
          {auditActions.map((action) => (
            <option key={action} value={action}>
              {t(`journal.actions.${action}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('journal.filter.result')}>
        <Select
          className={styles.field}
          value={filter.result}
          onChange={(_, { value }) => {
            onFilter({ ...filter, result: results.find((one) => one === value) ?? 'any' });
          }}
        >
          <option value="any">{t('journal.filter.anyResult')}</option>
          {results.map((result) => (
            <option key={result} value={result}>
              {t(`journal.results.${result}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Button
        className={styles.clear}
        icon={<FilterDismiss20Regular aria-hidden />}
        disabled={!filters}
        onClick={() => {
          onFilter(noFilter);
        }}
      >
        {t('journal.filter.clear')}
      </Button>
    </fieldset>
  );
}
