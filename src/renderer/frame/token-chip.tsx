import {
  Button,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  tokens,
} from '@fluentui/react-components';
import { ChevronDown16Regular } from '@fluentui/react-icons/svg/chevron-down';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TokenDrawing } from '../drawings/token-drawing.tsx';
import { useRegistrations, useTokens } from '../main-process.ts';
import { tokenName } from '../picker/token-entry.ts';
import type { Go, Place } from '../place.ts';
import { useNow } from '../messages/use-now.ts';
import { MoodIcon } from './mood-icon.tsx';
import { moodOf, tokenCondition, type Condition } from './token-condition.ts';

const useStyles = makeStyles({
  chip: {
    maxWidth: '100%',
    minWidth: 0,
    paddingInline: '10px',
    marginInlineStart: '4px',
    height: '40px',
    gap: '10px',
    fontWeight: 'inherit',
  },
  words: { display: 'flex', alignItems: 'baseline', gap: '8px', minWidth: 0 },
  state: { fontWeight: tokens.fontWeightSemibold, whiteSpace: 'nowrap' },
  name: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    color: tokens.colorNeutralForeground2,
  },
  serial: {
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
    color: tokens.colorNeutralForeground2,
    '@media (max-width: 760px)': { display: 'none' },
  },
  surface: { maxWidth: '360px', boxSizing: 'border-box' },
  heading: { margin: 0, fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  text: { marginBlock: '8px 0' },
  facts: { marginBlock: '8px 0', color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  actions: { display: 'flex', justifyContent: 'flex-end', gap: '8px', marginBlockStart: '16px' },
});

/**
 * The token in use (of the profile that is open, else the first that can be used), or why there is none: in words,
 * colour and icon. A click says what to do about it.
 */
export function TokenChip({
  place,
  go,
  showProfiles,
  showControlPanel,
}: {
  place: Place;
  go: Go;
  showProfiles: () => void;
  showControlPanel: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { presence, tokens: present, checkAgain } = useTokens();
  const registrations = useRegistrations();
  const now = useNow(true, 60_000);

  const placed = 'tokenId' in place ? place.tokenId : place.at === 'home' ? place.home.tokenId : undefined;
  const token =
    present.find(({ id }) => id === placed) ?? present.find(({ state }) => state === 'ready') ?? present[0];
  const signedIn = place.at === 'home' ? place.home.tokenId : undefined;
  const condition: Condition =
    token !== undefined
      ? tokenCondition(token, registrations, { signedInTokenId: signedIn, now })
      : presence === 'ready'
        ? 'starting'
        : presence;
  const state = t(`conditions.${condition}.state`);
  const running = registrations?.find((one) => one.state === 'running' && one.tokenSerial === token?.serial);

  return (
    <Popover
      open={open}
      onOpenChange={(_, data) => {
        setOpen(data.open);
      }}
      positioning="below-start"
    >
      <PopoverTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          className={styles.chip}
          aria-label={[
            t('frame.chip.label', { state }),
            token && tokenName(token, t).text,
            token?.serial && t('frame.chip.serial', { serial: token.serial }),
          ]
            .filter(Boolean)
            .join(', ')}
        >
          <TokenDrawing width={40} faint={token === undefined} />
          <MoodIcon mood={moodOf(condition)} />
          <span className={styles.words}>
            <span className={styles.state}>{state}</span>
            {token !== undefined && <span className={styles.name}>{tokenName(token, t).text}</span>}
            {token?.serial !== undefined && (
              <span className={styles.serial}>{t('frame.chip.serial', { serial: token.serial })}</span>
            )}
            {present.length > 1 && (
              <span className={styles.serial}>{t('frame.chip.more', { count: present.length - 1 })}</span>
            )}
          </span>
          <ChevronDown16Regular aria-hidden />
        </Button>
      </PopoverTrigger>
      <PopoverSurface className={styles.surface} role="dialog" aria-label={state}>
        <h2 className={styles.heading}>{state}</h2>
        <p className={styles.text}>{t(`conditions.${condition}.meaning`)}</p>
        <p className={styles.text}>{t(`conditions.${condition}.next`)}</p>
        {token !== undefined && (
          <div className={styles.facts}>{t('frame.chip.reader', { reader: token.reader })}</div>
        )}
        <div className={styles.actions}>
          {token === undefined ? (
            <Button onClick={() => void checkAgain()}>{t('common.checkAgain')}</Button>
          ) : (
            <Button
              onClick={() => {
                setOpen(false);
                if (running !== undefined) go({ at: 'registration', journalId: running.journalId });
                else if (helpedByControlPanel(condition)) showControlPanel();
                else showProfiles();
              }}
            >
              {running !== undefined
                ? t('frame.chip.showRegistration')
                : helpedByControlPanel(condition)
                  ? t('frame.chip.showControlPanel')
                  : t('frame.chip.showProfiles')}
            </Button>
          )}
        </div>
      </PopoverSurface>
    </Popover>
  );
}

/** What is done about it stands in «KAZTOKEN». */
const helpedByControlPanel = (condition: Condition): boolean =>
  condition === 'blocked' || condition === 'half-formatted';
