import { Button, makeStyles, Skeleton, SkeletonItem, Tab, TabList, tokens } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, failureOf } from '../bridge.ts';
import { useApp } from '../main-process.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { Administration, type DoneAction } from './administration/administration.tsx';
import { PanelDialogs } from './panel-dialogs.tsx';
import { PanelHeader } from './panel-header.tsx';
import { actionOf, type PanelTask } from './panel-task.ts';
import { useKeepPanel, usePanel } from './use-panel.ts';

const useStyles = makeStyles({
  notices: { marginBlockStart: '12px', '& > :last-child': { marginBlockEnd: 0 } },
  tabs: { marginBlock: '8px 12px', marginInlineStart: '-4px' },
  // What comes within 300 ms is not announced by grey bars.
  waiting: {
    display: 'grid',
    gap: '12px',
    animationName: { from: { opacity: 0 }, to: { opacity: 1 } },
    animationDelay: '300ms',
    animationDuration: '150ms',
    animationFillMode: 'backwards',
  },
  bar: { backgroundColor: tokens.colorNeutralBackground3 },
});

/** The panel of one token. What is open or was done last goes with the token. */
export function TokenPanel({
  tokenId,
  takeReturn,
  onFormat,
}: {
  tokenId: string;
  /** True once, when one has come back from formatting. */
  takeReturn: () => boolean;
  onFormat: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { data: panel, error, refetch } = usePanel(tokenId);
  const weakPins = useApp().data?.settings.weakPins ?? 'warn';
  const keepPanel = useKeepPanel();
  const [task, setTask] = useState<PanelTask>();
  const [done, setDone] = useState<DoneAction>();
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
    setTask(next);
  };
  const close = () => {
    setTask(undefined);
    const back = returnTo.current;
    requestAnimationFrame(() => {
      (back?.isConnected === true ? back : loginButton.current)?.focus();
    });
  };
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
      />
      <div className={styles.notices}>
        {leaving.error !== null && <ErrorMessage error={failureOf(leaving.error)} />}
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
      <TabList
        className={styles.tabs}
        selectedValue="administration"
        aria-label={t('controlPanel.tabs.label')}
      >
        <Tab id="panel-tab-administration" value="administration" aria-controls="panel-administration">
          {t('controlPanel.tabs.administration')}
        </Tab>
      </TabList>
      <div id="panel-administration" role="tabpanel" aria-labelledby="panel-tab-administration">
        <Administration panel={panel} done={done} takeReturn={takeReturn} onTask={open} onFormat={onFormat} />
      </div>
      {task !== undefined && (
        <PanelDialogs
          task={task}
          panel={panel}
          weakPins={weakPins}
          onDone={(what) => {
            setDone({ action: what, at: new Date() });
          }}
          onNext={setTask}
          onClose={close}
        />
      )}
    </>
  );
}
