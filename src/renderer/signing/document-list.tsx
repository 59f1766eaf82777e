import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { Dismiss16Regular } from '@fluentui/react-icons/svg/dismiss';
import { Document20Regular } from '@fluentui/react-icons/svg/document';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { errorCatalogue } from '#shared/errors.ts';
import { call, failureOf } from '../bridge.ts';
import { sizeOf, type ChosenDocument } from './chosen-document.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: '12px 0 0', padding: 0, maxHeight: '220px', overflowY: 'auto' },
  item: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    alignItems: 'center',
    borderRadius: tokens.borderRadiusMedium,
  },
  current: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    '@media (forced-colors: active)': { outline: '2px solid Highlight', outlineOffset: '-2px' },
  },
  opener: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr) auto',
    alignItems: 'center',
    columnGap: '10px',
    minHeight: '36px',
    padding: '4px 8px',
    border: '1px solid transparent',
    borderRadius: tokens.borderRadiusMedium,
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    textAlign: 'start',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  name: { overflowWrap: 'anywhere' },
  size: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' },
  failed: { color: tokens.colorStatusDangerForeground1 },
});

/** The documents that will be signed, each with its size; one of them is looked at. */
export function DocumentList({
  documents,
  current,
  disabled,
  onLook,
  onRemove,
}: {
  documents: readonly ChosenDocument[];
  current: string | undefined;
  disabled: boolean;
  onLook: (documentId: string) => void;
  onRemove: (documentId: string) => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <ul className={styles.list} aria-label={t('signing.documents')}>
      {documents.map(({ documentId, fileName }) => (
        <li key={documentId} className={mergeClasses(styles.item, documentId === current && styles.current)}>
          <button
            type="button"
            className={styles.opener}
            aria-current={documentId === current}
            onClick={() => {
              onLook(documentId);
            }}
          >
            <Document20Regular aria-hidden />
            <span className={styles.name}>{fileName}</span>
            <Size documentId={documentId} />
          </button>
          <Button
            appearance="subtle"
            size="small"
            icon={<Dismiss16Regular aria-hidden />}
            aria-label={t('signing.remove', { name: fileName })}
            disabled={disabled}
            onClick={() => {
              onRemove(documentId);
            }}
          />
        </li>
      ))}
    </ul>
  );
}

/** Reading a large document takes a moment; its digest is taken at the same time, so that it is this one that is signed. */
function Size({ documentId }: { documentId: string }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ['signing', 'measure', documentId],
    queryFn: () => call('signing.measure', { documentId }),
    gcTime: 0,
  });
  if (error !== null) {
    const failure = failureOf(error);
    const code = errorCatalogue[failure.id].code;
    return (
      <span className={mergeClasses(styles.size, styles.failed)} title={code}>
        {t(`errors.catalogue.${failure.id}.title`)}
      </span>
    );
  }
  if (data === undefined) return <span className={styles.size}>…</span>;
  const { unit, count } = sizeOf(data.bytes);
  return <span className={styles.size}>{t(`signing.sizes.${unit}`, { count })}</span>;
}
