import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { FormatView } from '#shared/control-panel-views.ts';
import { SuccessDrawing } from '../../drawings/success-drawing.tsx';
import { Screen } from '../../frame/screen.tsx';
import { useTokens } from '../../main-process.ts';
import { ErrorMessage } from '../../messages/error-message.tsx';
import { FormatProgress, FormatStages } from './format-progress.tsx';
import { FormatSteps } from './format-steps.tsx';

const useStyles = makeStyles({
  success: { margin: '8px 0 20px' },
  next: { margin: 0, paddingInlineStart: '20px', '& > li': { marginBlock: '4px' } },
  lead: { margin: '0 0 16px' },
  heading: { margin: '16px 0 6px', fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
});

interface OutcomeProps {
  readonly view: FormatView;
  readonly toPanel: () => void;
  readonly toProfiles: () => void;
  /** «Закончить форматирование» of the token that is there again. */
  readonly onFinish: (tokenId: string) => void;
}

/** Steps 4 and 5: a format under way, done, or broken off. */
export function FormatOutcome(props: OutcomeProps) {
  switch (props.view.state) {
    case 'running':
      return <FormatProgress view={props.view} />;
    case 'finished':
      return <Finished {...props} />;
    case 'interrupted':
      return <Interrupted {...props} />;
  }
}

function Finished({ view, toPanel, toProfiles }: OutcomeProps) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <Screen
      wide
      title={t('controlPanel.format.result.title')}
      beside={<FormatSteps current="result" finished />}
      onSubmit={toPanel}
      actions={
        <>
          <Button data-apart onClick={toProfiles}>
            {t('controlPanel.format.result.toProfiles')}
          </Button>
          <Button appearance="primary" type="submit">
            {t('controlPanel.format.result.toPanel')}
          </Button>
        </>
      }
    >
      <div className={styles.success}>
        <SuccessDrawing />
      </div>
      <p>{t('controlPanel.format.result.text', { serial: view.tokenSerial })}</p>
      <h2 className={styles.heading}>{t('controlPanel.format.result.next')}</h2>
      <ul className={styles.next}>
        <li>{t('controlPanel.format.result.register')}</li>
        <li>{t('controlPanel.format.result.handOver')}</li>
        <li>{t('controlPanel.format.result.keep')}</li>
      </ul>
    </Screen>
  );
}

/** What a broken-off format means for the token, and the way to the end of it. */
function Interrupted({ view, toPanel, onFinish }: OutcomeProps) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { tokens: present } = useTokens();
  const serial = view.tokenSerial;
  const token = present.find((one) => one.serial === serial && one.state === 'ready');
  const wiped = view.done.includes('wiped') || view.error?.id === 'format-interrupted';
  // The token tells whether it was wiped; until it is there again nobody knows.
  const half = wiped || token?.kind === 'half-formatted';
  const untouched = !half && token !== undefined;
  const finish = () => {
    if (token !== undefined && half) onFinish(token.id);
    else toPanel();
  };
  return (
    <Screen
      wide
      title={t('controlPanel.format.interrupted.title')}
      beside={<FormatSteps current="progress" />}
      onSubmit={finish}
      actions={
        <>
          {half && token !== undefined && (
            <Button appearance="primary" type="submit">
              {t('controlPanel.format.interrupted.finish')}
            </Button>
          )}
          <Button onClick={toPanel}>{t('controlPanel.format.result.toPanel')}</Button>
        </>
      }
    >
      {view.error !== undefined && view.error.id !== 'format-interrupted' && (
        <ErrorMessage error={view.error} />
      )}
      {half && <p>{t('controlPanel.format.interrupted.meaning')}</p>}
      {untouched && <p>{t('controlPanel.format.interrupted.untouched')}</p>}
      {!half && !untouched && <p>{t('controlPanel.format.interrupted.unknown', { serial })}</p>}
      {half && (
        <p className={styles.lead}>
          {token === undefined
            ? t('controlPanel.format.interrupted.insert', { serial })
            : t('controlPanel.format.interrupted.ready')}
        </p>
      )}
      <FormatStages view={view} />
    </Screen>
  );
}
