import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { Eraser24Regular } from '@fluentui/react-icons/svg/eraser';
import { Key24Regular } from '@fluentui/react-icons/svg/key';
import { LockOpen24Regular } from '@fluentui/react-icons/svg/lock-open';
import { Rename24Regular } from '@fluentui/react-icons/svg/rename';
import { ShieldKeyhole24Regular } from '@fluentui/react-icons/svg/shield-keyhole';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PanelView } from '#shared/control-panel-views.ts';
import { formatTime } from '#shared/texts/formats.ts';
import type { PanelTask } from '../panel-task.ts';
import { pinOf, type PinRole } from '../pin-role.ts';
import { ActionRow } from './action-row.tsx';
import { obstacleWords, type AdministrationAction } from './obstacle-words.ts';

const useStyles = makeStyles({
  group: {
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusXLarge,
  },
  // Apart from the rest: nothing else here destroys anything.
  apart: { marginBlockStart: '12px' },
});

/** What was done last. */
export interface DoneAction {
  readonly action: keyof typeof tasks;
  readonly at: Date;
}

const tasks = {
  'change-user-pin': { kind: 'change-pin', role: 'user' },
  'change-administrator-pin': { kind: 'change-pin', role: 'administrator' },
  unblock: { kind: 'unblock' },
  rename: { kind: 'rename' },
} as const satisfies Partial<Record<AdministrationAction, PanelTask>>;

/** Tab «Администрирование»: one row for each action. */
export function Administration({
  panel,
  done,
  takeReturn,
  onTask,
  onFormat,
}: {
  panel: PanelView;
  done: DoneAction | undefined;
  /** True once, when one has come back from formatting: its button takes the focus. */
  takeReturn: () => boolean;
  /** Opens a dialog; the focus comes back to `returnTo`. */
  onTask: (task: PanelTask, returnTo: HTMLElement | null) => void;
  onFormat: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { information } = panel;
  const onLogIn = (role: PinRole | undefined, returnTo: HTMLElement | null) => {
    onTask({ kind: 'login', ...(role !== undefined && { role }) }, returnTo);
  };
  const row = (action: keyof typeof tasks, icon: ReactNode, warned?: PinRole) => {
    const obstacle = panel.actions[action];
    return (
      <ActionRow
        icon={icon}
        name={t(`controlPanel.actions.${action}.name`)}
        text={t(`controlPanel.actions.${action}.text`)}
        button={t(`controlPanel.actions.${action}.button`)}
        obstacle={obstacle === null ? undefined : obstacleWords(obstacle, action, panel, t)}
        warning={
          warned !== undefined && pinOf(information, warned).isDefault === true
            ? t('controlPanel.defaultPin')
            : undefined
        }
        done={
          done?.action === action
            ? t(`controlPanel.done.${action}`, { time: formatTime(done.at) })
            : undefined
        }
        onLogIn={onLogIn}
        onChoose={(opener) => {
          onTask(tasks[action], opener);
        }}
      />
    );
  };
  const formatObstacle = panel.actions.format;
  return (
    <>
      <ul className={styles.group}>
        {row('change-user-pin', <Key24Regular />, 'user')}
        {row('change-administrator-pin', <ShieldKeyhole24Regular />, 'administrator')}
        {row('unblock', <LockOpen24Regular />)}
        {row('rename', <Rename24Regular />)}
      </ul>
      <ul className={mergeClasses(styles.group, styles.apart)}>
        <ActionRow
          destructive
          icon={<Eraser24Regular />}
          name={t('controlPanel.actions.format.name')}
          text={t('controlPanel.actions.format.text')}
          button={t('controlPanel.actions.format.button')}
          obstacle={formatObstacle === null ? undefined : obstacleWords(formatObstacle, 'format', panel, t)}
          onLogIn={onLogIn}
          onChoose={onFormat}
          takeFocus={takeReturn}
        />
      </ul>
    </>
  );
}
