import { Button, makeStyles, useRestoreFocusTarget } from '@fluentui/react-components';
import { ArrowImport20Regular } from '@fluentui/react-icons/svg/arrow-import';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { PanelView } from '#shared/control-panel-views.ts';
import { obstacleWords } from '../administration/obstacle-words.ts';
import { ObstacleNote } from './obstacle-note.tsx';

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '8px 16px', marginBlockEnd: '16px' },
});

/** «Импортировать…», and what stands in its way. */
export function ImportBar({
  panel,
  pending,
  onImport,
  onLogIn,
}: {
  panel: PanelView | undefined;
  pending: boolean;
  onImport: () => void;
  onLogIn: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const id = useId();
  const focusComesBack = useRestoreFocusTarget();
  const obstacle = panel?.actions.import ?? undefined;
  const words = panel && obstacle ? obstacleWords(obstacle, 'import', panel, t) : undefined;
  return (
    <div className={styles.bar}>
      <Button
        {...focusComesBack}
        icon={<ArrowImport20Regular aria-hidden />}
        // Can be reached all the same: what it says about itself is the answer to why it does nothing.
        disabledFocusable={panel === undefined || words !== undefined || pending}
        aria-describedby={words === undefined ? undefined : id}
        onClick={() => {
          if (panel !== undefined && words === undefined && !pending) onImport();
        }}
      >
        {t('certificates.import')}
      </Button>
      {words && <ObstacleNote id={id} words={words} onLogIn={onLogIn} />}
    </div>
  );
}
