import { Button, makeStyles, Skeleton, SkeletonItem } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, failureOf } from '../bridge.ts';
import type { ErrorView } from '#shared/views.ts';
import { useApp } from '../main-process.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { Administration, type DoneAction } from './administration/administration.tsx';
import { About } from '../settings/about.tsx';
import { SettingsForm } from '../settings/settings-form.tsx';
import { CertificatesTab } from './certificates/certificates-tab.tsx';
import { PanelDialogs } from './panel-dialogs.tsx';
import { PanelHeader } from './panel-header.tsx';
import { PanelTabs, type PanelTab } from './panel-tabs.tsx';
import { actionOf, type PanelTask } from './panel-task.ts';
import { useKeepPanel, usePanel } from './use-panel.ts';

const useStyles = makeStyles({
  notices: { '& > :first-child': { marginBlockStart: '12px' }, '& > :last-child': { marginBlockEnd: 0 } },
  // What comes within 300 ms is not announced by grey bars.
  waiting: {
    display: 'grid',
    gap: '12px',
    animationName: { from: { opacity: 0 }, to: { opacity: 1 } },
    animationDelay: '300ms',
    animationDuration: '150ms',
    animationFillMode: 'backwards',
  },
});

/** The panel of one token. What is open or was done last goes with the token. */
export function TokenPanel({
  tokenId,
  firstTask,
  tab,
  onTab,
  takeReturn,
  onFormat,
}: {
  tokenId: string;
  /** Opened with the panel. */
  firstTask: PanelTask | undefined;
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  /** True once, when one has come back from formatting. */
  takeReturn: () => boolean;
  onFormat: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { data: panel, error, refetch } = usePanel(tokenId);
  const app = useApp().data;
  const keepPanel = useKeepPanel();
  const [task, setTask] = useState(firstTask);
  const [done, setDone] = useState<DoneAction>();
  const [failure, setFailure] = useState<ErrorView>();
  const returnTo = useRef<HTMLElement>(null);
  const loginButton = useRef<HTMLElement>(null);

  const leaving = useMutation({
    mutationFn: () => call('panel.logout', { tokenId }),
    onSuccess: (left) => {
      setLeft(panel?.rights?.since);
      keepPanel(left);
    },
  });
  // Rights that are gone without «Выйти» have ended by themselves, which is said.
  const since = panel?.rights?.since;
  const [lastSince, setLastSince] = useState(since);
  const [left, setLeft] = useState<string>();
  if (since !== undefined && since !== lastSince) setLastSince(since);
  const ended = panel?.rights === null && lastSince !== undefined && lastSince !== left;

  if (panel === undefined) {
    if (error !== null)
      return (
        <>
          <ErrorMessage error={failureOf(error)} />
          <Button onClick={() => void refetch()}>{t('controlPanel.readAgain')}</Button>
        </>
      );
    return (
      <Skeleton aria-label={t('controlPanel.reading')} className={styles.waiting}>
        <SkeletonItem style={{ height: '104px' }} />
        <SkeletonItem style={{ height: '300px' }} />
      </Skeleton>
    );
  }

  const open = (next: PanelTask, opener: HTMLElement | null) => {
    returnTo.current = opener;
    setFailure(undefined);
    setTask(next);
  };
  const close = () => {
    setTask(undefined);
    setFailure(undefined);
    const back = returnTo.current;
    requestAnimationFrame(() => {
      (back?.isConnected === true ? back : loginButton.current)?.focus();
    });
  };
  if (task?.kind === 'login' && task.then !== undefined && panel.rights !== null) {
    const next = actionOf(task.then);
    setTask(next === undefined || panel.actions[next] === null ? task.then : undefined);
  }
  // The rights have ended under an open dialog: it could only be refused.
  const action = task && actionOf(task);
  if (action !== undefined && panel.actions[action] !== null && panel.rights === null) setTask(undefined);

  const { layout } = panel.information;
  return (
    <>
      <PanelHeader
        panel={panel}
        loginRef={(button) => {
          loginButton.current = button;
        }}
        leaving={leaving.isPending}
        onLogIn={() => {
          open({ kind: 'login' }, loginButton.current);
        }}
        onLogOut={() => {
          setDone(undefined);
          leaving.mutate();
        }}
        onInformation={(opener) => {
          open({ kind: 'information' }, opener);
        }}
      />
      <div className={styles.notices}>
        {leaving.error !== null && <ErrorMessage error={failureOf(leaving.error)} />}
        {failure !== undefined && task === undefined && <ErrorMessage error={failure} />}
        {ended && (
          <Notice intent="info" title={t('controlPanel.rights.endedTitle')}>
            <p>{t('controlPanel.rights.endedText')}</p>
          </Notice>
        )}
        {layout === 'half-formatted' && (
          <Notice intent="error" title={t('controlPanel.halfFormatted.title')} live={false}>
            <p>{t('controlPanel.halfFormatted.text')}</p>
            <p>
              <Button appearance="primary" onClick={onFormat}>
                {t('controlPanel.halfFormatted.finish')}
              </Button>
            </p>
          </Notice>
        )}
        {layout === 'none' && (
          <Notice intent="info" title={t('controlPanel.noLayout.title')} live={false}>
            <p>{t('controlPanel.noLayout.text')}</p>
          </Notice>
        )}
      </div>
      <PanelTabs tab={tab} onTab={onTab}>
        {tab === 'administration' && (
          <Administration
            panel={panel}
            done={done}
            takeReturn={takeReturn}
            onTask={open}
            onFormat={onFormat}
          />
        )}
        {tab === 'certificates' && <CertificatesTab tokenId={tokenId} />}
        {tab === 'settings' && app !== undefined && <SettingsForm {...app} />}
        {tab === 'about' && app !== undefined && <About about={app.about} />}
      </PanelTabs>
      {task !== undefined && (
        <PanelDialogs
          task={task}
          panel={panel}
          weakPins={app?.settings.weakPins ?? 'warn'}
          onDone={(what) => {
            setDone({ action: what, at: new Date() });
          }}
          onFailed={setFailure}
          onNext={setTask}
          onClose={close}
        />
      )}
    </>
  );
}
