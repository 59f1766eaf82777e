import { Button, makeStyles, Skeleton, SkeletonItem, tokens } from '@fluentui/react-components';
import { ArrowClockwise20Regular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { ArrowExport20Regular } from '@fluentui/react-icons/svg/arrow-export';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call, failureOf } from '../bridge.ts';
import { EmptyDrawing } from '../drawings/empty-drawing.tsx';
import { Screen } from '../frame/screen.tsx';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { AuditEntries } from './audit-entries.tsx';
import { ChainNotice } from './chain-notice.tsx';
import { useAudit } from './use-audit.ts';

const useStyles = makeStyles({
  lead: { margin: '-12px 0 16px', color: tokens.colorNeutralForeground2 },
  empty: { display: 'grid', justifyItems: 'start', gap: '4px' },
  emptyTitle: { margin: '12px 0 0', fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  text: { margin: 0 },
});

/** «Журнал»: what was done to tokens, newest first, by day; whether the journal is whole; export. */
export function Journal() {
  const styles = useStyles();
  const { t } = useTranslation();
  const audit = useAudit();
  const exporting = useMutation({ mutationFn: () => call('audit.export', undefined) });
  const { entries, newest } = audit;
  const error = audit.error ?? exporting.error;
  return (
    <Screen
      wide
      title={t('journal.title')}
      actions={
        newest !== undefined && (
          <>
            <Button
              icon={<ArrowExport20Regular aria-hidden />}
              disabled={exporting.isPending}
              onClick={() => {
                exporting.mutate();
              }}
            >
              {t('journal.export')}
            </Button>
            <Button
              icon={<ArrowClockwise20Regular aria-hidden />}
              disabled={audit.isFetching}
              onClick={() => void audit.refetch()}
            >
              {t('journal.readAgain')}
            </Button>
          </>
        )
      }
    >
      <p className={styles.lead}>{t('journal.text')}</p>
      {error !== null && <ErrorMessage error={failureOf(error)} />}
      {exporting.data && (
        <Notice intent="success" title={t('journal.exported')}>
          <p>{t('journal.exportedText', { fileName: exporting.data.fileName })}</p>
        </Notice>
      )}
      {entries === undefined && audit.isPending && (
        <Skeleton aria-label={t('journal.reading')}>
          <SkeletonItem style={{ height: '240px' }} />
        </Skeleton>
      )}
      {newest !== undefined && <ChainNotice {...newest} />}
      {newest?.total === 0 && (
        <div className={styles.empty}>
          <EmptyDrawing />
          <h2 className={styles.emptyTitle}>{t('journal.empty.title')}</h2>
          <p className={styles.text}>{t('journal.empty.text')}</p>
        </div>
      )}
      {entries !== undefined && newest !== undefined && newest.total > 0 && (
        <AuditEntries
          entries={entries}
          total={newest.total}
          canReadMore={audit.hasNextPage}
          reading={audit.isFetching}
          readMore={() => void audit.fetchNextPage()}
        />
      )}
    </Screen>
  );
}
