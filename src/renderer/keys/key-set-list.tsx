import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons/svg/add';
import { ArrowClockwise20Regular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { ArrowDownload20Regular } from '@fluentui/react-icons/svg/arrow-download';
import { Send20Regular } from '@fluentui/react-icons/svg/send';
import { useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeySetView } from '#shared/renewal-views.ts';
import { failureOf } from '../bridge.ts';
import { Screen } from '../frame/screen.tsx';
import { ErrorMessage } from '../messages/error-message.tsx';
import { useNow } from '../messages/use-now.ts';
import { useRefresh } from './decision-pages.tsx';
import { actionOf, type KeySetAction } from '#shared/key-set-state.ts';
import { KeySetTable } from './key-set-table.tsx';
import { adviceFor } from './key-set-words.ts';
import { SignatureParameters } from './signature-parameters.tsx';

const useStyles = makeStyles({
  lead: { margin: '-12px 0 16px', color: tokens.colorNeutralForeground2 },
  toolbar: { display: 'flex', flexWrap: 'wrap', gap: '8px', marginBlockEnd: '12px' },
  apart: { marginInlineStart: 'auto' },
  details: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
    columnGap: '32px',
    rowGap: '20px',
    marginBlockStart: '24px',
    '@media (max-width: 820px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  heading: {
    margin: '0 0 8px',
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  sentence: { margin: '8px 0 0' },
  look: { marginBlockStart: '12px' },
});

/** Needs the token at once: without it only what is known can be read. */
const needsToken = (action: KeySetAction): boolean =>
  action === 'request' || action === 'send' || action === 'take';

/** The list of key sets, what can be done with the chosen one, and its «Параметры подписи». */
export function KeySetList({
  sets,
  chosen,
  onChoose,
  onAct,
}: {
  sets: readonly KeySetView[];
  chosen: KeySetView;
  onChoose: (set: KeySetView) => void;
  onAct: (set: KeySetView) => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const now = useNow(true, 60_000);
  const refreshing = useRefresh();
  const detailsId = useId();
  const details = useRef<HTMLElement>(null);
  // Below a long list what is chosen would not be seen.
  const shownFirst = useRef(chosen.id);
  useEffect(() => {
    if (shownFirst.current !== chosen.id) details.current?.scrollIntoView({ block: 'nearest' });
    shownFirst.current = chosen.id;
  }, [chosen.id]);
  const action = actionOf(chosen);
  const possible = !needsToken(action) || chosen.tokenId !== undefined;
  const due = chosen.status !== 'in-use';
  const tool = (of: KeySetAction, name: 'new' | 'send' | 'take', icon: React.JSX.Element) => (
    <Button
      icon={icon}
      appearance={action === of && possible && due ? 'primary' : 'secondary'}
      disabled={action !== of || !possible}
      onClick={() => {
        onAct(chosen);
      }}
    >
      {t(`keys.toolbar.${name}`)}
    </Button>
  );
  const error = refreshing.error;
  return (
    <Screen wide title={t('keys.title')}>
      <p className={styles.lead}>{t('keys.text')}</p>
      {error !== null && <ErrorMessage error={failureOf(error)} />}
      <div className={styles.toolbar} role="toolbar" aria-label={t('keys.toolbar.label')}>
        {tool('request', 'new', <Add20Regular aria-hidden />)}
        {tool('send', 'send', <Send20Regular aria-hidden />)}
        {tool('take', 'take', <ArrowDownload20Regular aria-hidden />)}
        <Button
          className={styles.apart}
          appearance="subtle"
          icon={<ArrowClockwise20Regular aria-hidden />}
          disabled={refreshing.isPending}
          onClick={() => {
            refreshing.mutate();
          }}
        >
          {t('keys.toolbar.refresh')}
        </Button>
      </div>
      <KeySetTable
        sets={sets}
        chosen={chosen.id}
        detailsId={detailsId}
        onChoose={onChoose}
        onAct={(set) => {
          if (!needsToken(actionOf(set)) || set.tokenId !== undefined) onAct(set);
        }}
      />
      <section
        ref={details}
        id={detailsId}
        className={styles.details}
        aria-label={t('keys.about', { profile: chosen.profileName })}
      >
        <div>
          <h2 className={styles.heading}>{t('keys.whatNow')}</h2>
          {adviceFor(chosen, now, t).map((sentence) => (
            <p key={sentence} className={styles.sentence}>
              {sentence}
            </p>
          ))}
          {(action === 'watch' || action === 'read-refusal') && (
            <Button
              className={styles.look}
              onClick={() => {
                onAct(chosen);
              }}
            >
              {t(action === 'watch' ? 'keys.show' : 'keys.showRefusal')}
            </Button>
          )}
        </div>
        <SignatureParameters key={chosen.id} set={chosen} />
      </section>
    </Screen>
  );
}
