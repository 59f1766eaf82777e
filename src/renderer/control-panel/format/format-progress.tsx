import { makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { formatStages, type FormatView } from '#shared/control-panel-views.ts';
import { formatElapsed } from '#shared/texts/formats.ts';
import { Screen } from '../../frame/screen.tsx';
import { Notice } from '../../messages/notice.tsx';
import { StageList } from '../../messages/stage-list.tsx';
import { useNow } from '../../messages/use-now.ts';
import { FormatSteps } from './format-steps.tsx';

const useStyles = makeStyles({
  list: { marginBlockStart: '16px' },
  note: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
});

/** Step 4: the stages by name. There is nothing to press: a token that is half wiped is of no use to anybody. */
export function FormatProgress({ view }: { view: FormatView }) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <Screen wide title={t('controlPanel.format.progress.title')} beside={<FormatSteps current="progress" />}>
      <Notice intent="warning" title={t('controlPanel.format.progress.doNotRemove')} live={false}>
        <p>{t('controlPanel.format.progress.text')}</p>
      </Notice>
      <div className={styles.list}>
        <FormatStages view={view} />
      </div>
      <p className={styles.note}>{t('controlPanel.format.progress.note')}</p>
    </Screen>
  );
}

/** How far a format has come. */
export function FormatStages({ view }: { view: FormatView }) {
  const { t } = useTranslation();
  const running = view.state === 'running';
  const now = useNow(running);
  const current = formatStages.find((stage) => !view.done.includes(stage));
  const elapsed = formatElapsed(now.getTime() - Date.parse(view.startedAt));
  return (
    <StageList
      label={t('controlPanel.format.progress.stagesLabel')}
      stages={formatStages.map((stage) => ({
        name: t(`controlPanel.format.progress.stages.${stage}`),
        state: view.done.includes(stage)
          ? 'done'
          : stage !== current
            ? 'ahead'
            : running
              ? 'current'
              : 'stopped',
        ...(stage === current && running && { time: elapsed }),
      }))}
      said={
        running && current !== undefined
          ? t('registration.now', { step: t(`controlPanel.format.progress.stages.${current}`) })
          : ''
      }
    />
  );
}
