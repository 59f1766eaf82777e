import {
  Button,
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
import { FolderOpen20Regular } from '@fluentui/react-icons/svg/folder-open';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignedDocumentView, SigningView } from '#shared/signing-views.ts';
import { call } from '../bridge.ts';
import { Screen } from '../frame/screen.tsx';
import { Notice } from '../messages/notice.tsx';

const useStyles = makeStyles({
  table: { tableLayout: 'fixed', fontVariantNumeric: 'tabular-nums' },
  cell: { overflowWrap: 'anywhere', paddingBlock: '8px' },
  signed: { color: tokens.colorStatusSuccessForeground1 },
  failed: { color: tokens.colorStatusDangerForeground1 },
  cancelled: { color: tokens.colorNeutralForeground2 },
  hash: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
});

/** What became of each document. */
export function SigningResult({
  tabs,
  result,
  onAgain,
}: {
  tabs: ReactNode;
  result: SigningView;
  onAgain: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { documents } = result;
  const signed = documents.filter(({ outcome }) => outcome === 'signed');
  const [first] = signed;
  return (
    <Screen
      wide
      title={t('signing.title')}
      onSubmit={onAgain}
      actions={
        <>
          <Button appearance="primary" type="submit">
            {t('signing.result.again')}
          </Button>
          {first && (
            <Button
              icon={<FolderOpen20Regular aria-hidden />}
              onClick={() => void call('signing.openFolder', { documentId: first.id })}
            >
              {t('signing.result.openFolder')}
            </Button>
          )}
        </>
      }
    >
      {tabs}
      <Notice
        intent={signed.length === documents.length ? 'success' : 'warning'}
        title={t('signing.result.title', { signed: signed.length, count: documents.length })}
      >
        <p>{t('signing.result.text')}</p>
      </Notice>
      <Table className={styles.table} aria-label={t('signing.documents')}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell>{t('signing.facts.document')}</TableHeaderCell>
            <TableHeaderCell>{t('signing.result.outcome')}</TableHeaderCell>
            <TableHeaderCell>{t('signing.result.file')}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {documents.map((document) => (
            <TableRow key={document.id}>
              <TableCell className={styles.cell}>
                {document.fileName}
                {document.sha256 !== undefined && (
                  <div className={mergeClasses(styles.hash, 'selectable')}>SHA-256 {document.sha256}</div>
                )}
              </TableCell>
              <TableCell className={styles.cell}>
                <Outcome document={document} />
              </TableCell>
              <TableCell className={mergeClasses(styles.cell, 'selectable')}>
                {document.signatureFileName ?? '—'}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Screen>
  );
}

function Outcome({ document: { outcome, error } }: { document: SignedDocumentView }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const colour =
    outcome === 'signed' ? styles.signed : outcome === 'failed' ? styles.failed : styles.cancelled;
  return (
    <>
      <span className={colour}>{t(`signing.outcomes.${outcome}`)}</span>
      {error && (
        <div>
          {t(`errors.catalogue.${error.id}.title`)}
          <div className={styles.hash}>{t('errors.code', { code: error.code })}</div>
        </div>
      )}
    </>
  );
}
