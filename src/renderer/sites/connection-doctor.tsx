import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { CheckmarkCircle20Filled } from '@fluentui/react-icons/svg/checkmark-circle';
import { Circle20Regular } from '@fluentui/react-icons/svg/circle';
import { DismissCircle20Filled } from '@fluentui/react-icons/svg/dismiss-circle';
import { QuestionCircle20Regular } from '@fluentui/react-icons/svg/question-circle';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { DoctorView, LinkName, LinkView } from '#shared/doctor-views.ts';
import { call, failureOf } from '../bridge.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { useCopy } from '../messages/use-copy.ts';

const useStyles = makeStyles({
  surface: { maxWidth: '680px' },
  lead: { margin: '0 0 16px', color: tokens.colorNeutralForeground2 },
  heading: { margin: '0 0 4px', fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  links: { listStyleType: 'none', margin: '0 0 16px', padding: 0 },
  link: {
    display: 'grid',
    gridTemplateColumns: '24px minmax(0, 1fr) auto',
    columnGap: '8px',
    alignItems: 'start',
    paddingBlock: '6px',
  },
  reason: {
    display: 'block',
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  hidden: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
  ok: { color: tokens.colorStatusSuccessForeground3 },
  fails: { color: tokens.colorStatusDangerForeground3 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const key = ['doctor'] as const;

const ways: Readonly<Record<string, readonly LinkName[]>> = {
  extension: ['extension-on', 'extension-listening', 'browsers', 'browser', 'extension-seen'],
  loopback: ['loopback-on', 'loopback-answers', 'loopback-trusted'],
  sites: ['sites-allowed'],
};
const wayNames = ['extension', 'loopback', 'sites'] as const;

/** «Связь с браузером»: each link between a bank's page and Kilt, and a button beside what Kilt can put right. */
export function ConnectionDoctor({ onClose }: { onClose: () => void }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const client = useQueryClient();
  const look = useQuery({
    queryKey: key,
    queryFn: () => call('doctor.look', undefined),
    staleTime: 0,
    gcTime: 0,
  });
  const repairing = useMutation({
    mutationFn: (link: LinkName) => call('doctor.repair', { link }),
    onSuccess: (now) => {
      client.setQueryData(key, now);
      void client.invalidateQueries({ queryKey: ['loopback'] });
      void client.invalidateQueries({ queryKey: ['extension'] });
    },
  });
  const copy = useCopy();
  const busy = look.isFetching || repairing.isPending;
  const failure = repairing.error ?? look.error;
  const view = look.data;
  return (
    <Dialog
      open
      onOpenChange={(_, data) => {
        if (!data.open) onClose();
      }}
    >
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t('doctor.title')}</DialogTitle>
          <DialogContent tabIndex={0} aria-label={t('doctor.title')} aria-busy={busy}>
            <p className={styles.lead}>{t('doctor.text')}</p>
            {failure !== null && <ErrorMessage error={failureOf(failure)} />}
            {view === undefined && busy && <Spinner size="small" label={t('doctor.checking')} />}
            {view !== undefined &&
              wayNames.map((way) => (
                <section key={way} aria-label={t(`doctor.ways.${way}`)}>
                  <h3 className={styles.heading}>{t(`doctor.ways.${way}`)}</h3>
                  <ul className={styles.links}>
                    {view.links
                      .filter(({ link }) => ways[way]?.includes(link))
                      .map((link) => (
                        <LinkRow
                          key={`${link.link} ${link.browser ?? ''}`}
                          view={view}
                          link={link}
                          busy={busy}
                          onRepair={() => {
                            repairing.mutate(link.link);
                          }}
                        />
                      ))}
                  </ul>
                </section>
              ))}
          </DialogContent>
          <DialogActions fluid>
            <Button
              disabledFocusable={view === undefined}
              onClick={() => {
                if (view !== undefined) copy.copy(JSON.stringify(view, undefined, 2));
              }}
            >
              {t(copy.copied ? 'doctor.copied' : 'doctor.copy')}
            </Button>
            <Button
              disabledFocusable={busy}
              onClick={() => {
                if (!busy) void look.refetch();
              }}
            >
              {t('doctor.again')}
            </Button>
            <Button appearance="primary" onClick={onClose}>
              {t('common.close')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function LinkRow({
  view,
  link: { link, browser, state, reason, repairable },
  busy,
  onRepair,
}: {
  view: DoctorView;
  link: LinkView;
  busy: boolean;
  onRepair: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const words = {
    port: String(view.port),
    browser: browser === undefined ? '' : t(`doctor.browsers.${browser}`),
  };
  const title = t(`doctor.links.${link}`, words);
  return (
    <li className={styles.link}>
      <StateIcon state={state} />
      <div>
        {title}
        <span className={styles.hidden}>{`, ${t(`doctor.states.${state}`)}`}</span>
        {reason !== undefined && (
          <span className={styles.reason}>{t(`doctor.reasons.${reason}`, words)}</span>
        )}
      </div>
      {repairable ? (
        <Button
          size="small"
          disabledFocusable={busy}
          aria-label={`${t(`doctor.repairs.${link}`)}: ${title}`}
          onClick={() => {
            if (!busy) onRepair();
          }}
        >
          {t(`doctor.repairs.${link}`)}
        </Button>
      ) : (
        <span />
      )}
    </li>
  );
}

function StateIcon({ state }: { state: LinkView['state'] }) {
  const styles = useStyles();
  switch (state) {
    case 'ok':
      return <CheckmarkCircle20Filled aria-hidden className={styles.ok} />;
    case 'fails':
      return <DismissCircle20Filled aria-hidden className={styles.fails} />;
    case 'unknown':
      return <QuestionCircle20Regular aria-hidden className={styles.quiet} />;
    case 'off':
      return <Circle20Regular aria-hidden className={styles.quiet} />;
  }
}
