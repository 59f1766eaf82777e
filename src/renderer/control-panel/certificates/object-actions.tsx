import { Button, mergeClasses, useRestoreFocusTarget } from '@fluentui/react-components';
import { Delete20Regular } from '@fluentui/react-icons/svg/delete';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { PanelView } from '#shared/control-panel-views.ts';
import { obstacleWords, type ObstacleWords } from '../administration/obstacle-words.ts';
import { useDestructiveStyles } from '../destructive-styles.ts';
import { CertificateCheck } from './certificate-check.tsx';
import { ExportButton } from './export-button.tsx';
import type { ObjectRow } from './object-rows.ts';
import { ObstacleNote } from './obstacle-note.tsx';
import type { TabNews } from './tab-message.tsx';

/** What can be done with one object: ask about it, save it, delete it, or why not. */
export function ObjectActions({
  tokenId,
  row,
  panel,
  canBeDeleted,
  onNews,
  onDelete,
  onLogIn,
}: {
  tokenId: string;
  row: ObjectRow;
  panel: PanelView | undefined;
  canBeDeleted: boolean;
  onNews: (news: TabNews | undefined) => void;
  onDelete: () => void;
  onLogIn: () => void;
}) {
  const destructive = useDestructiveStyles();
  const { t } = useTranslation();
  const id = useId();
  const focusComesBack = useRestoreFocusTarget();
  const obstacle = panel?.actions.delete ?? undefined;
  const inUse: ObstacleWords | undefined =
    row.kind === 'certificate' && row.certificate.usedByBank !== undefined
      ? { text: t('certificates.deleting.inUse') }
      : undefined;
  const words = inUse ?? (panel && obstacle ? obstacleWords(obstacle, 'delete', panel, t) : undefined);
  const enabled = panel !== undefined && words === undefined;
  return (
    <>
      {row.kind === 'certificate' && (
        <CertificateCheck
          key={row.certificate.fingerprint}
          tokenId={tokenId}
          fingerprint={row.certificate.fingerprint}
        />
      )}
      {row.kind === 'certificate' && (
        <ExportButton
          tokenId={tokenId}
          fingerprint={row.certificate.fingerprint}
          onExported={(fileName) => {
            onNews({ kind: 'exported', fileName });
          }}
          onFailed={(error) => {
            onNews({ kind: 'failed', error });
          }}
        />
      )}
      {canBeDeleted && (
        <>
          <Button
            {...focusComesBack}
            className={mergeClasses(enabled && destructive.button)}
            icon={<Delete20Regular aria-hidden />}
            disabledFocusable={!enabled}
            aria-describedby={words === undefined ? undefined : id}
            onClick={() => {
              if (enabled) onDelete();
            }}
          >
            {t('certificates.delete')}
          </Button>
          {words && <ObstacleNote id={id} words={words} onLogIn={onLogIn} />}
        </>
      )}
    </>
  );
}
