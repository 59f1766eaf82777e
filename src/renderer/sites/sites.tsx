import { Button, makeStyles, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SiteApprovalView } from '#shared/consent-views.ts';
import { formatDate } from '#shared/texts/formats.ts';
import { call, failureOf, listen } from '../bridge.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { ConnectionDoctor } from './connection-doctor.tsx';
import { ExtensionSettings } from './extension-settings.tsx';
import { LoopbackSettings } from './loopback-settings.tsx';

const useStyles = makeStyles({
  sites: { margin: '0 0 28px', maxWidth: '720px' },
  heading: {
    margin: '0 0 12px',
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  text: { color: tokens.colorNeutralForeground2, margin: '0 0 12px' },
  list: { listStyleType: 'none', margin: '0 0 12px', padding: 0 },
  ways: { marginBlockStart: '20px' },
  site: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    alignItems: 'center',
    gap: '4px 16px',
    paddingBlock: '8px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  names: { minWidth: 0, flexGrow: 1, flexBasis: '260px' },
  origin: { overflowWrap: 'anywhere', fontWeight: tokens.fontWeightSemibold },
  facts: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

const key = ['sites'];

/** «Сайты» of the settings: which sites may call Kilt, and the server for pages written for NCALayer. */
export function Sites() {
  const styles = useStyles();
  const { t } = useTranslation();
  const client = useQueryClient();
  const focusComesBack = useRestoreFocusTarget();
  const [doctorOpen, setDoctorOpen] = useState(false);
  const { data: sites, error } = useQuery({
    queryKey: key,
    queryFn: (): Promise<SiteApprovalView[]> => call('sites.list', undefined),
    staleTime: 0,
  });
  const keep = (now: SiteApprovalView[]): void => {
    client.setQueryData(key, now);
  };
  useEffect(
    () =>
      listen('sites.changed', (now) => {
        client.setQueryData(key, now);
      }),
    [client],
  );
  const revoking = useMutation({
    mutationFn: (origin: string | undefined) =>
      origin === undefined ? call('sites.revokeAll', undefined) : call('sites.revoke', { origin }),
    onSuccess: keep,
  });
  const failure = error ?? revoking.error;
  return (
    <section className={styles.sites} aria-labelledby="sites-title">
      <h2 id="sites-title" className={styles.heading}>
        {t('sites.title')}
      </h2>
      <p className={styles.text}>{t('sites.text')}</p>
      {failure !== null && <ErrorMessage error={failureOf(failure)} />}
      {sites?.length === 0 && <p className={styles.text}>{t('sites.none')}</p>}
      {sites !== undefined && sites.length > 0 && (
        <ul className={styles.list}>
          {sites.map(({ site, way, lastUsedAt, expiresAt }) => (
            <li key={site.origin} className={styles.site}>
              <div className={styles.names}>
                <div className={`${styles.origin} selectable`} dir="ltr">
                  {site.origin}
                </div>
                <div className={styles.facts}>
                  {[
                    ...(site.bankName === undefined ? [] : [site.bankName]),
                    t(`sites.ways.${way}`),
                    t('sites.used', { date: formatDate(new Date(lastUsedAt)) }),
                    t('sites.expires', { date: formatDate(new Date(expiresAt)) }),
                  ].join(' · ')}
                </div>
              </div>
              <Button
                size="small"
                disabledFocusable={revoking.isPending}
                aria-label={t('sites.revokeNamed', { site: site.origin })}
                onClick={() => {
                  if (!revoking.isPending) revoking.mutate(site.origin);
                }}
              >
                {t('sites.revoke')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {sites !== undefined && sites.length > 1 && (
        <Button
          disabledFocusable={revoking.isPending}
          onClick={() => {
            if (!revoking.isPending) revoking.mutate(undefined);
          }}
        >
          {t('sites.revokeAll')}
        </Button>
      )}
      <div className={styles.ways}>
        <ExtensionSettings />
        <LoopbackSettings />
        <Button
          {...focusComesBack}
          onClick={() => {
            setDoctorOpen(true);
          }}
        >
          {t('doctor.open')}
        </Button>
      </div>
      {doctorOpen && (
        <ConnectionDoctor
          onClose={() => {
            setDoctorOpen(false);
          }}
        />
      )}
    </section>
  );
}
