import { makeStyles, tokens } from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallInput } from '#shared/ipc-contract.ts';
import { loopbackView } from '#shared/consent-views.ts';
import { call, failureOf, listen } from '../bridge.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { Choice } from '../settings/choice.tsx';
import { SettingSwitch } from '../settings/setting-switch.tsx';

const useStyles = makeStyles({
  running: { color: tokens.colorNeutralForeground2, margin: '0 0 12px', fontVariantNumeric: 'tabular-nums' },
});

const key = ['loopback'] as const;

/** The server on this computer: off, on Kilt's own port, or on the one that pages for NCALayer know. */
export function LoopbackSettings() {
  const styles = useStyles();
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: view } = useQuery({
    queryKey: key,
    queryFn: () => call('sites.loopback', undefined),
    staleTime: 0,
  });
  // The command line switches it as well.
  useEffect(
    () => listen('settings.changed', () => void client.invalidateQueries({ queryKey: key })),
    [client],
  );
  const switching = useMutation({
    mutationFn: (input: CallInput<'sites.switchLoopback'>) => call('sites.switchLoopback', input),
    onSuccess: (now) => {
      client.setQueryData(key, now);
    },
  });
  if (view === undefined) return null;
  const { on, port, number, running, problem } = view;
  return (
    <>
      {switching.error !== null && <ErrorMessage error={failureOf(switching.error)} />}
      <SettingSwitch
        label={t('sites.loopback.label')}
        hint={t('sites.loopback.hint')}
        on={on}
        onSwitch={(wanted) => switching.mutateAsync({ on: wanted, port })}
      />
      {on && (
        <Choice
          label={t('sites.loopback.port')}
          hint={t('sites.loopback.portHint')}
          value={port}
          options={loopbackView.shape.port.options.map((value) => [
            value,
            t(`sites.loopback.ports.${value}`),
          ])}
          onChoose={(value) => switching.mutateAsync({ on: true, port: value })}
        />
      )}
      {on && running && (
        <p className={`${styles.running} selectable`}>
          {t('sites.loopback.running', { port: String(number) })}
        </p>
      )}
      {problem !== undefined && (
        <Notice
          intent="warning"
          title={t(`sites.loopback.problems.${problem}.title`, { port: String(number) })}
        >
          <p>{t(`sites.loopback.problems.${problem}.text`, { port: String(number) })}</p>
        </Notice>
      )}
    </>
  );
}
