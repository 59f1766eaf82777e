import { Field, makeStyles, Radio, RadioGroup, Spinner, tokens } from '@fluentui/react-components';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsView } from '#shared/views.ts';
import { call, failureOf } from '../bridge.ts';
import { useKeepSettings, useTokens } from '../main-process.ts';
import { ErrorMessage } from '../messages/error-message.tsx';

const useStyles = makeStyles({
  driver: { margin: '0 0 28px', maxWidth: '720px' },
  heading: {
    margin: '0 0 12px',
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  text: { color: tokens.colorNeutralForeground2, margin: '0 0 12px' },
  onToken: { margin: '16px 0 8px' },
  library: { overflowWrap: 'anywhere' },
  about: {
    display: 'block',
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
});

/** «Драйвер токена» of the settings: the maker's PKCS#11 library, and what came of it on the tokens in the readers. */
export function TokenDriver({ settings }: { settings: SettingsView }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { tokens: present } = useTokens();
  const keepSettings = useKeepSettings();
  const [picked, setPicked] = useState<string>();
  // What is installed may change while Kilt runs: asked whenever the settings are opened.
  const list = useQuery({
    queryKey: ['driver'],
    queryFn: () => call('driver.list', undefined),
    staleTime: 0,
    gcTime: 0,
  });
  const choosing = useMutation({
    mutationFn: (library: string) => call('driver.choose', { library }),
    onSuccess: keepSettings,
    onSettled: () => {
      setPicked(undefined);
    },
  });
  const { driverLibrary: chosen, driverSigner: signer } = settings;
  const found = list.data?.found ?? [];
  const libraries = chosen === '' || found.includes(chosen) ? found : [chosen, ...found];
  const troubled = chosen === '' ? [] : present.filter(({ driverError }) => driverError !== undefined);
  return (
    <section className={styles.driver} aria-labelledby="driver-title">
      <h2 id="driver-title" className={styles.heading}>
        {t('settings.driver.title')}
      </h2>
      <p className={styles.text}>{t('settings.driver.text')}</p>
      {choosing.error !== null && <ErrorMessage error={failureOf(choosing.error)} />}
      {list.error !== null && <ErrorMessage error={failureOf(list.error)} />}
      {list.isPending ? (
        <Spinner size="small" label={t('settings.driver.looking')} />
      ) : (
        <Field
          label={t('settings.driver.use')}
          hint={found.length === 0 ? t('settings.driver.noneFound') : t('settings.driver.allowed')}
        >
          <RadioGroup
            value={picked ?? chosen}
            disabled={choosing.isPending}
            onChange={(_, { value }) => {
              setPicked(value);
              choosing.mutate(value);
            }}
          >
            <Radio value="" label={t('settings.driver.none')} />
            {libraries.map((library) => (
              <Radio
                key={library}
                value={library}
                label={
                  <span className={styles.library}>
                    {library}
                    {about(library).map((key) => (
                      <span key={key} className={styles.about}>
                        {t(`settings.driver.${key}`)}
                      </span>
                    ))}
                    {library === chosen && signer !== '' && (
                      <span className={styles.about}>{t('settings.driver.signer', { signer })}</span>
                    )}
                    {!found.includes(library) && (
                      <span className={styles.about}>{t('settings.driver.byCommandLine')}</span>
                    )}
                  </span>
                }
              />
            ))}
          </RadioGroup>
        </Field>
      )}
      {troubled.map(
        ({ id, label, serial, driverError }) =>
          driverError && (
            <div key={id} role="group" aria-label={label ?? serial ?? ''}>
              <p className={styles.onToken}>
                {t('settings.driver.onToken', { token: label?.trim() || serial || '' })}
              </p>
              <ErrorMessage error={driverError} />
            </div>
          ),
      )}
    </section>
  );
}

/** What is known of a library by its name. */
const about = (library: string): readonly 'openSc'[] => (/opensc/i.test(library) ? ['openSc'] : []);
