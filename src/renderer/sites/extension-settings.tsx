import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call, failureOf } from '../bridge.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { SettingSwitch } from '../settings/setting-switch.tsx';

const key = ['extension'] as const;

/** The way through the browser's extension: on, or off and taken back from all browsers. */
export function ExtensionSettings() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: view } = useQuery({
    queryKey: key,
    queryFn: () => call('sites.extension', undefined),
    staleTime: 0,
  });
  const switching = useMutation({
    mutationFn: (on: boolean) => call('sites.switchExtension', { on }),
    onSuccess: (now) => {
      client.setQueryData(key, now);
    },
  });
  if (view === undefined) return null;
  return (
    <>
      {switching.error !== null && <ErrorMessage error={failureOf(switching.error)} />}
      <SettingSwitch
        label={t('sites.extension.label')}
        hint={t('sites.extension.hint')}
        on={view.on}
        onSwitch={(on) => switching.mutateAsync(on)}
      />
      {view.failed && (
        <Notice intent="warning" title={t('doctor.states.fails')}>
          <p>{t('sites.extension.failed')}</p>
        </Notice>
      )}
    </>
  );
}
