import { Button, Field, makeStyles, Radio, RadioGroup, tokens } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallInput, CallOutput } from '#shared/ipc-contract.ts';
import { language, theme } from '#shared/views.ts';
import { call, failureOf } from '../bridge.ts';
import { Screen } from '../frame/screen.tsx';
import { ErrorMessage } from '../messages/error-message.tsx';
import { useCopy } from '../messages/use-copy.ts';
import { useKeepSettings } from '../main-process.ts';
import { Facts } from '../messages/facts.tsx';

const useStyles = makeStyles({
  group: { marginBlockEnd: '20px' },
  about: { marginBlockStart: '32px' },
  heading: { margin: '0 0 12px', fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  note: { color: tokens.colorNeutralForeground2, margin: '0 0 20px' },
  radios: { display: 'flex', flexWrap: 'wrap', columnGap: '8px' },
  copy: { marginBlockStart: '12px' },
});

/** «Настройки»: language and theme, applied at once; about. */
export function Settings({ settings, about }: CallOutput<'app.ready'>) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { copy, copied } = useCopy();
  const keepSettings = useKeepSettings();
  const changing = useMutation({
    mutationFn: (changes: CallInput<'settings.change'>) => call('settings.change', changes),
    onSuccess: keepSettings,
  });

  const facts: [string, string][] = [
    [t('settings.version'), about.version],
    [t('settings.electron'), about.electron],
    [t('settings.transport'), t(`settings.transports.${about.transport}`)],
    [t('settings.dataFolder'), about.dataFolder],
  ];
  return (
    <Screen title={t('settings.title')}>
      {changing.error !== null && <ErrorMessage error={failureOf(changing.error)} />}
      <Choice
        label={t('settings.language')}
        value={settings.language}
        options={language.options.map((value) => [value, t(`settings.languages.${value}`)])}
        onChoose={(value) => changing.mutateAsync({ language: value })}
        optionLanguage
      />
      <Choice
        label={t('settings.theme')}
        value={settings.theme}
        options={theme.options.map((value) => [value, t(`settings.themes.${value}`)])}
        onChoose={(value) => changing.mutateAsync({ theme: value })}
      />
      <p className={styles.note}>{t('settings.appliesAtOnce')}</p>
      <section className={styles.about}>
        <h2 className={styles.heading}>{t('settings.about')}</h2>
        <Facts facts={facts} />
        <Button
          className={styles.copy}
          onClick={() => {
            copy(facts.map(([name, value]) => `${name}: ${value}`).join('\n'));
          }}
        >
          {copied ? t('common.copied') : t('settings.copyAbout')}
        </Button>
      </section>
    </Screen>
  );
}

function Choice<Value extends string>({
  label,
  value,
  options,
  onChoose,
  optionLanguage = false,
}: {
  label: string;
  value: Value;
  options: readonly (readonly [Value, ReactNode])[];
  onChoose: (value: Value) => Promise<unknown>;
  /** The options are names of languages, each in its own. */
  optionLanguage?: boolean;
}) {
  const styles = useStyles();
  // Shown at once, and until the main process has kept it or refused to.
  const [picked, setPicked] = useState<Value>();
  return (
    <Field label={label} className={styles.group}>
      <RadioGroup
        value={picked ?? value}
        className={styles.radios}
        onChange={(_, data) => {
          const chosen = options.find(([option]) => option === data.value);
          if (!chosen) return;
          setPicked(chosen[0]);
          const done = () => {
            setPicked(undefined);
          };
          onChoose(chosen[0]).then(done, done);
        }}
      >
        {options.map(([option, name]) => (
          <Radio
            key={option}
            value={option}
            label={optionLanguage ? <span lang={option}>{name}</span> : <span>{name}</span>}
          />
        ))}
      </RadioGroup>
    </Field>
  );
}
