import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsentView } from '#shared/consent-views.ts';
import { failureOf } from '../bridge.ts';
import { LastAttemptQuestion } from '../fields/last-attempt-question.tsx';
import { ErrorMessage } from '../messages/error-message.tsx';
import { ConsentDocuments } from './consent-documents.tsx';
import { ConsentKey } from './consent-key.tsx';
import { SiteHead, SiteWish } from './site-head.tsx';
import { useConsent } from './use-consent.ts';
import { useGuard } from './use-guard.ts';

const useStyles = makeStyles({
  window: { display: 'flex', flexDirection: 'column', height: '100%' },
  content: { flexGrow: 1, overflowY: 'auto', padding: '16px 24px 4px' },
  foot: {
    display: 'flex',
    justifyContent: 'flex-end',
    flexWrap: 'wrap',
    gap: '8px',
    padding: '12px 24px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
  },
});

/** One request of a site: who, what, which document, which key; and the two answers. Esc refuses. */
export function Consent({ view }: { view: ConsentView }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const guard = useGuard();
  /** Whether the last click was made with a pointer: Enter in a field clicks the button as well. */
  const byPointer = useRef(false);
  const consent = useConsent(view, field);
  const { pending, refuse, asksLastAttempt } = consent;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && guard.keys && !pending && !asksLastAttempt) refuse();
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  }, [guard.keys, pending, asksLastAttempt, refuse]);
  const taken = () => !pending && (byPointer.current ? guard.pointer : guard.keys);

  return (
    <form
      className={styles.window}
      aria-label={t('consent.title', { site: view.site.origin })}
      onClickCapture={({ detail }) => {
        byPointer.current = detail > 0;
      }}
      onSubmit={(event) => {
        event.preventDefault();
        if (taken() && consent.possible) consent.agree();
      }}
    >
      <SiteHead view={view} />
      <main className={styles.content} tabIndex={0}>
        <SiteWish view={view} />
        <ConsentDocuments view={view} />
        {view.needsKey && <ConsentKey view={view} consent={consent} field={field} />}
        {consent.error !== null && <ErrorMessage error={failureOf(consent.error)} />}
      </main>
      <div className={styles.foot}>
        <Button
          type="submit"
          appearance="primary"
          disabledFocusable={!guard.pointer || pending || !consent.possible}
          icon={pending ? <Spinner size="tiny" aria-hidden /> : null}
        >
          {t(`consent.agree.${view.kind}`)}
        </Button>
        <Button
          disabledFocusable={!guard.pointer || pending}
          onClick={() => {
            if (taken()) refuse();
          }}
        >
          {t('consent.refuse')}
        </Button>
      </div>
      <LastAttemptQuestion entry={consent} />
    </form>
  );
}
