import { makeStyles, mergeClasses, Skeleton, SkeletonItem, tokens } from '@fluentui/react-components';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorView } from '#shared/views.ts';
import { failureOf } from '../../bridge.ts';
import { ErrorMessage } from '../../messages/error-message.tsx';
import { LoginDialog } from '../administration/login-dialog.tsx';
import { usePanel } from '../use-panel.ts';
import { CertificateTable } from './certificate-table.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { deletionsOf } from './deletion.ts';
import { ImportBar } from './import-bar.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { ObjectActions } from './object-actions.tsx';
import { ObjectDetails } from './object-details.tsx';
import { objectRows } from './object-rows.ts';
import { rowName } from './object-words.ts';
import { NothingStored } from './nothing-stored.tsx';
import { TabMessage, type TabNews } from './tab-message.tsx';
import { useKeepStoredObjects, useStoredObjects } from './stored-objects.ts';
import { useImport } from './use-import.ts';

const useStyles = makeStyles({
  beside: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    alignItems: 'start',
    gap: '16px',
  },
  withDetails: { '@media (min-width: 921px)': { gridTemplateColumns: 'minmax(280px, 3fr) minmax(0, 4fr)' } },
  // Where both do not fit the details take the place of the list.
  list: { minWidth: 0, '@media (max-width: 920px)': { display: 'none' } },
  listAlone: { '@media (max-width: 920px)': { display: 'block' } },
  rows: { display: 'grid', gap: '8px', marginBlockStart: '16px' },
  heading: { outlineStyle: 'none', margin: '0 0 12px', color: tokens.colorNeutralForeground2 },
});

/**
 * Tab «Сертификаты»: everything that is on the token, details in plain words, export, import, delete. Looking needs no
 * rights; what changes the token says whose it needs.
 */
export function CertificatesTab({ tokenId }: { tokenId: string }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const panel = usePanel(tokenId).data;
  const stored = useStoredObjects(tokenId);
  const keepObjects = useKeepStoredObjects();
  const [chosenId, setChosenId] = useState<string>();
  const [news, setNews] = useState<TabNews>();
  const [dialog, setDialog] = useState<'delete' | 'login'>();
  const [refusal, setRefusal] = useState<ErrorView>();
  const opener = useRef<HTMLElement>(null);
  const lead = useRef<HTMLParagraphElement>(null);
  const detailsId = useId();
  const now = new Date();

  const importing = useImport(tokenId, (objects, view) => {
    keepObjects(objects);
    setNews({ kind: 'imported', view });
    lead.current?.focus();
  });

  // Rights that end, because the computer was locked or the time is up, take what needs them along.
  const mayImport = panel?.actions.import === null;
  const mayDelete = panel?.actions.delete === null;
  const { step, writing, drop } = importing;
  const orphaned = panel !== undefined && !mayImport && step !== undefined && !writing;
  useEffect(() => {
    if (orphaned) drop();
  });

  if (stored.error !== null) return <ErrorMessage error={failureOf(stored.error)} />;
  if (stored.data === undefined) {
    return (
      <Skeleton aria-label={t('certificates.reading')} className={styles.rows}>
        <SkeletonItem style={{ height: '32px' }} />
        <SkeletonItem style={{ height: '56px' }} />
        <SkeletonItem style={{ height: '56px' }} />
      </Skeleton>
    );
  }

  const rows = objectRows(stored.data);
  const row = rows.find(({ id }) => id === chosenId);
  const deletions = row === undefined ? [] : deletionsOf(row, stored.data);
  const [firstDeletion, ...moreDeletions] = deletions;
  const close = () => {
    setChosenId(undefined);
    // Once the list is back in its place.
    requestAnimationFrame(() => opener.current?.focus());
  };
  return (
    <>
      <p ref={lead} tabIndex={-1} className={styles.heading}>
        {t('certificates.text')}
      </p>
      <ImportBar
        panel={panel}
        pending={importing.pending}
        onImport={() => {
          setNews(undefined);
          importing.choose();
        }}
        onLogIn={() => {
          setDialog('login');
        }}
      />
      {news !== undefined && <TabMessage news={news} />}
      {/* While the dialog is open it says what is wrong. */}
      {importing.error !== undefined && importing.step === undefined && (
        <ErrorMessage error={importing.error} />
      )}
      {refusal !== undefined && !(dialog === 'delete' && mayDelete) && <ErrorMessage error={refusal} />}
      {rows.length === 0 ? (
        <NothingStored />
      ) : (
        <div className={mergeClasses(styles.beside, row && styles.withDetails)}>
          <div className={mergeClasses(styles.list, !row && styles.listAlone)}>
            <CertificateTable
              rows={rows}
              chosen={row?.id}
              detailsId={detailsId}
              now={now}
              onChoose={(next, button) => {
                opener.current = button;
                setNews(undefined);
                setChosenId(next.id === chosenId ? undefined : next.id);
              }}
            />
          </div>
          {row !== undefined && (
            <ObjectDetails
              key={row.id}
              id={detailsId}
              row={row}
              now={now}
              onClose={close}
              actions={
                <ObjectActions
                  tokenId={tokenId}
                  row={row}
                  panel={panel}
                  canBeDeleted={firstDeletion !== undefined}
                  onNews={setNews}
                  onDelete={() => {
                    setNews(undefined);
                    setRefusal(undefined);
                    setDialog('delete');
                  }}
                  onLogIn={() => {
                    setDialog('login');
                  }}
                />
              }
            />
          )}
        </div>
      )}
      {panel !== undefined && <ImportDialog importing={importing} serial={panel.information.serial} />}
      {dialog === 'login' && panel !== undefined && (
        <LoginDialog
          panel={panel}
          role="user"
          onClose={() => {
            setDialog(undefined);
            // The link that opened it is gone with the obstacle.
            requestAnimationFrame(() => {
              if (document.activeElement === document.body) lead.current?.focus();
            });
          }}
        />
      )}
      {dialog === 'delete' && mayDelete && row !== undefined && firstDeletion !== undefined && (
        <DeleteDialog
          key={row.id}
          tokenId={tokenId}
          deletions={[firstDeletion, ...moreDeletions]}
          onRefused={setRefusal}
          onClose={() => {
            setDialog(undefined);
            setRefusal(undefined);
          }}
          onDeleted={(objects, { target }) => {
            setDialog(undefined);
            setChosenId(undefined);
            keepObjects(objects);
            setNews({ kind: 'deleted', what: target.kind, name: rowName(row, t) });
            lead.current?.focus();
          }}
        />
      )}
    </>
  );
}
