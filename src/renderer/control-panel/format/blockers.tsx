import { Button, makeStyles } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { FormatBlocker, FormatPlan } from '#shared/control-panel-views.ts';
import { formatDate } from '#shared/texts/formats.ts';
import { Notice } from '../../messages/notice.tsx';

type Unfinished = Exclude<FormatBlocker, { kind: 'several-tokens' }>;

/** First word of the texts about it. */
const wordOf = ({ kind }: Unfinished) => (kind === 'unfinished-renewal' ? 'renewal' : 'unfinished');

const useStyles = makeStyles({
  actions: { display: 'flex', flexWrap: 'wrap', gap: '8px', marginBlockStart: '12px' },
});

/** What stands against formatting, why, and what to do instead. */
export function Blockers({
  plan,
  override,
  onOverride,
  toProfiles,
}: {
  plan: FormatPlan;
  /** `open`: is being typed below. */
  override: 'not-allowed' | 'possible' | 'open';
  onOverride: () => void;
  toProfiles: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  return plan.blockers.map((blocker) => {
    if (blocker.kind === 'several-tokens')
      return (
        <Notice key={blocker.kind} intent="error" title={t('controlPanel.format.blockers.severalTitle')}>
          <p>{t('controlPanel.format.blockers.severalText', { serial: plan.serial })}</p>
        </Notice>
      );
    return (
      <Notice
        key={blocker.kind}
        intent="error"
        title={t(`controlPanel.format.blockers.${wordOf(blocker)}Title`)}
      >
        <p>{begun(blocker)}</p>
        <p>{t(`controlPanel.format.blockers.${wordOf(blocker)}Text`)}</p>
        {override === 'not-allowed' && <p>{t('controlPanel.format.blockers.onlyAdministrator')}</p>}
        <div className={styles.actions}>
          <Button appearance={override === 'open' ? 'secondary' : 'primary'} onClick={toProfiles}>
            {t('controlPanel.format.blockers.continueRegistration')}
          </Button>
          {override === 'possible' && (
            <Button appearance="outline" onClick={onOverride}>
              {t('controlPanel.format.blockers.override')}
            </Button>
          )}
        </div>
      </Notice>
    );
  });

  function begun(blocker: Unfinished): string {
    const { userId, bankName: bank, startedAt, computer } = blocker;
    const about = { userId, bank, date: formatDate(new Date(startedAt)) };
    return computer === undefined
      ? t(`controlPanel.format.blockers.${wordOf(blocker)}Here`, about)
      : t(`controlPanel.format.blockers.${wordOf(blocker)}Elsewhere`, { ...about, computer });
  }
}
