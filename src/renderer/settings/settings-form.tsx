import { makeStyles, tokens } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CallInput, CallOutput } from '#shared/ipc-contract.ts';
import { language, settingsView, theme } from '#shared/views.ts';
import { call, failureOf } from '../bridge.ts';
import { useKeepSettings } from '../main-process.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Choice } from './choice.tsx';
import { FolderRow } from './folder-row.tsx';
import { SettingSwitch } from './setting-switch.tsx';

const useStyles = makeStyles({
  group: { margin: '0 0 28px', maxWidth: '720px' },
  heading: {
    margin: '0 0 12px',
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  note: { color: tokens.colorNeutralForeground2, margin: '0 0 20px' },
});

/**
 * «Настройки»: each change applies at once, and shows what the main process has kept. Stands in the section of the
 * rail and in the tab of the control panel.
 */
export function SettingsForm({ settings, about }: CallOutput<'app.ready'>) {
  const styles = useStyles();
  const { t } = useTranslation();
  const keepSettings = useKeepSettings();
  const changing = useMutation({
    mutationFn: (changes: CallInput<'settings.change'>) => call('settings.change', changes),
    onSuccess: keepSettings,
  });
  const opening = useMutation({ mutationFn: (folder: 'data' | 'logs') => call('folders.open', { folder }) });
  const change = (changes: CallInput<'settings.change'>) => changing.mutateAsync(changes);
  const error = changing.error ?? opening.error;
  return (
    <>
      {error !== null && <ErrorMessage error={failureOf(error)} />}
      <p className={styles.note}>{t('settings.appliesAtOnce')}</p>
      <div className={styles.group}>
        <Choice
          label={t('settings.language')}
          value={settings.language}
          options={language.options.map((value) => [value, t(`settings.languages.${value}`)])}
          onChoose={(value) => change({ language: value })}
          optionLanguage
        />
        <Choice
          label={t('settings.theme')}
          value={settings.theme}
          options={theme.options.map((value) => [value, t(`settings.themes.${value}`)])}
          onChoose={(value) => change({ theme: value })}
        />
      </div>
      <section className={styles.group}>
        <h2 className={styles.heading}>{t('settings.behaviour')}</h2>
        {(['autostart', 'closeToTray', 'reminders'] as const).map((name) => (
          <SettingSwitch
            key={name}
            label={t(`settings.${name}`)}
            hint={t(`settings.${name}Hint`)}
            on={settings[name]}
            onSwitch={(on) => change({ [name]: on })}
          />
        ))}
      </section>
      <section className={styles.group}>
        <h2 className={styles.heading}>{t('settings.pins')}</h2>
        <Choice
          label={t('settings.weakPins')}
          hint={t('settings.weakPinsHint')}
          value={settings.weakPins}
          options={settingsView.shape.weakPins.options.map((value) => [
            value,
            t(`settings.weakPinsOptions.${value}`),
          ])}
          onChoose={(value) => change({ weakPins: value })}
        />
      </section>
      <section className={styles.group}>
        <h2 className={styles.heading}>{t('settings.records')}</h2>
        <FolderRow
          name={t('settings.dataFolder')}
          path={about.dataFolder}
          hint={t('settings.dataFolderHint')}
          openLabel={t('settings.openDataFolder')}
          onOpen={() => {
            opening.mutate('data');
          }}
        />
        <FolderRow
          name={t('settings.logFolder')}
          path={about.logFolder}
          openLabel={t('settings.openLogFolder')}
          onOpen={() => {
            opening.mutate('logs');
          }}
        />
        <Choice
          label={t('settings.logLevel')}
          hint={t('settings.logLevelHint')}
          value={settings.logLevel}
          options={settingsView.shape.logLevel.options.map((value) => [
            value,
            t(`settings.logLevels.${value}`),
          ])}
          onChoose={(value) => change({ logLevel: value })}
        />
      </section>
    </>
  );
}
