import { makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '#shared/ipc-contract.ts';
import { Banks } from '../banks/banks.tsx';
import { Screen } from '../frame/screen.tsx';
import { Sites } from '../sites/sites.tsx';
import { About } from './about.tsx';
import { SettingsForm } from './settings-form.tsx';
import { TokenDriver } from './token-driver.tsx';

const useStyles = makeStyles({
  about: {
    paddingBlockStart: '20px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  heading: { margin: '0 0 8px', fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500 },
});

/** The section «Настройки» of the rail: settings, banks, the token's driver, and below them what Kilt is. */
export function Settings({ settings, about }: CallOutput<'app.ready'>) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <Screen title={t('settings.title')}>
      <SettingsForm settings={settings} about={about} />
      <Banks />
      <Sites />
      <TokenDriver settings={settings} />
      <section className={styles.about}>
        <h2 className={styles.heading}>{t('settings.about')}</h2>
        <About about={about} />
      </section>
    </Screen>
  );
}
