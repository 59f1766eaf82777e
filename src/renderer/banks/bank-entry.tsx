import {
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Badge,
  Button,
  makeStyles,
  mergeClasses,
  tokens,
  useRestoreFocusTarget,
} from '@fluentui/react-components';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { BankFileView } from '#shared/bank-views.ts';
import type { Language } from '#shared/views.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Facts } from '../messages/facts.tsx';
import { Notice } from '../messages/notice.tsx';
import { bankFacts, signerFacts } from './bank-facts.ts';

const useStyles = makeStyles({
  header: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: '12px',
    rowGap: '2px',
    overflowWrap: 'anywhere',
  },
  name: { fontWeight: tokens.fontWeightSemibold },
  about: { color: tokens.colorNeutralForeground2 },
  panel: { paddingBlock: '4px 16px' },
  removal: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '8px 16px',
    marginBlockStart: '12px',
  },
  why: { color: tokens.colorNeutralForeground2 },
});

const badges = { usable: 'success', ended: 'warning', unusable: 'danger' } as const;

/** One bank's file: what it is called and whether it can be used; opened, all that it says. */
export function BankEntry({ file, onRemove }: { file: BankFileView; onRemove: () => void }) {
  const styles = useStyles();
  const { t, i18n } = useTranslation();
  const id = useId();
  const focusComesBack = useRestoreFocusTarget();
  const language = i18n.language as Language;
  const { bank, signer, state, error, profiles, unfinished, place, fileName } = file;
  const inUse = state !== 'unusable' && profiles.length + unfinished.length > 0;
  const why = place === 'launch' ? t('banks.launched') : inUse ? t('banks.removing.inUse') : undefined;
  return (
    <AccordionItem value={`${place} ${fileName}`}>
      <AccordionHeader>
        <span className={styles.header}>
          <span className={styles.name}>
            {bank ? bank.name[language] : t('banks.unreadable', { fileName })}
          </span>
          {bank && <span className={styles.about}>{bank.origin}</span>}
          <Badge appearance="tint" color={badges[state]}>
            {t(`banks.states.${state}`)}
          </Badge>
        </span>
      </AccordionHeader>
      <AccordionPanel>
        <div className={mergeClasses(styles.panel, 'selectable')}>
          {error !== undefined && <ErrorMessage error={error} />}
          {state === 'ended' && (
            <Notice intent="warning" live={false} title={t('banks.endedTitle')}>
              <p>{t('banks.endedText')}</p>
            </Notice>
          )}
          {bank && !signer && state !== 'unusable' && (
            <Notice intent="warning" live={false} title={t('banks.notSigned')} />
          )}
          <Facts
            facts={[
              ...(bank ? bankFacts(bank, t, language) : []),
              ...signerFacts(signer, t),
              ...(profiles.length === 0 ? [] : [[t('banks.facts.profiles'), profiles.join(', ')] as const]),
              ...(unfinished.length === 0
                ? []
                : [[t('banks.facts.unfinished'), unfinished.join(', ')] as const]),
              [t('banks.facts.file'), fileName],
            ]}
          />
          <div className={styles.removal}>
            <Button
              {...focusComesBack}
              disabledFocusable={why !== undefined}
              aria-describedby={why === undefined ? undefined : id}
              onClick={() => {
                if (why === undefined) onRemove();
              }}
            >
              {t('banks.remove')}
            </Button>
            {why !== undefined && (
              <span id={id} className={styles.why}>
                {why}
              </span>
            )}
          </div>
        </div>
      </AccordionPanel>
    </AccordionItem>
  );
}
