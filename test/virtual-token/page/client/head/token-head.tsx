import {
  Badge,
  Button,
  makeStyles,
  Menu,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  tokens,
} from '@fluentui/react-components';
import { ArrowSwap20Regular } from '@fluentui/react-icons/svg/arrow-swap';
import { DarkTheme20Regular } from '@fluentui/react-icons/svg/dark-theme';
import { PlugConnected20Regular } from '@fluentui/react-icons/svg/plug-connected';
import { PlugDisconnected20Regular } from '@fluentui/react-icons/svg/plug-disconnected';
import { useState } from 'react';

import type { TokenView } from '../../view.ts';
import type { ThemeChoice } from '../app.tsx';
import type { LiveToken } from '../live-token.ts';
import { useControl } from '../use-control.tsx';
import { NewTokenDialog } from './new-token-dialog.tsx';
import { SwapDialog } from './swap-dialog.tsx';
import { TokenDrawing } from './token-drawing.tsx';

const useStyles = makeStyles({
  head: {
    display: 'flex',
    alignItems: 'center',
    gap: '16px',
    padding: '10px 16px',
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  name: { minWidth: 0, flex: 1 },
  atr: { '@media (max-width: 959px)': { display: 'none' } },
  title: {
    margin: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
  },
  under: {
    display: 'flex',
    gap: '12px',
    whiteSpace: 'nowrap',
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
    '& > *:last-child': { overflow: 'hidden', textOverflow: 'ellipsis' },
  },
  buttons: { display: 'flex', gap: '8px', alignItems: 'center' },
  // As wide with either word, so that nothing moves.
  plug: { minWidth: '112px' },
  mono: { fontFamily: tokens.fontFamilyMonospace },
});

/** Which token this is, where it is, and what is done with it as a whole. */
export function TokenHead({
  live,
  themeChoice,
  onTheme,
}: {
  live: LiveToken;
  themeChoice: ThemeChoice;
  onTheme: (choice: ThemeChoice) => void;
}) {
  const styles = useStyles();
  const order = useControl();
  const [dialog, setDialog] = useState<'new' | 'swap' | null>(null);
  const { token, choices } = live;
  const close = (): void => {
    setDialog(null);
  };
  return (
    <header className={styles.head}>
      <TokenDrawing present={token?.present === true && !token.reader.gone} />
      <div className={styles.name}>
        <h1 className={styles.title}>{token?.label ?? 'Virtual KAZTOKEN'}</h1>
        <div className={styles.under}>
          {token === null ? (
            <span>…</span>
          ) : (
            <>
              <span>
                serial <span className={styles.mono}>{token.serial}</span>
              </span>
              <span className={styles.atr}>
                {token.atrName === 'kaztoken' ? 'KAZTOKEN' : 'Rutoken ECP'} by its ATR
              </span>
              <span title={readerWords(token)}>{readerWords(token)}</span>
            </>
          )}
        </div>
      </div>
      <div role="status">
        {token !== null && <PlaceBadge token={token} lost={live.connection === 'lost'} />}
      </div>
      <div className={styles.buttons}>
        <Button
          className={styles.plug}
          appearance="primary"
          disabled={token === null}
          icon={token?.present === true ? <PlugDisconnected20Regular /> : <PlugConnected20Regular />}
          onClick={() => void order({ do: token?.present === true ? 'remove' : 'insert' })}
        >
          {token?.present === true ? 'Pull out' : 'Put in'}
        </Button>
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button icon={<ArrowSwap20Regular />} disabled={token === null}>
              Swap
            </Button>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              <MenuItem
                onClick={() => {
                  setDialog('new');
                }}
              >
                For a new token…
              </MenuItem>
              <MenuItem
                onClick={() => {
                  setDialog('swap');
                }}
              >
                For the token in a file…
              </MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
        <Menu
          checkedValues={{ theme: [themeChoice] }}
          onCheckedValueChange={(_, { checkedItems }) => {
            const [chosen = 'system'] = checkedItems;
            onTheme(chosen as ThemeChoice);
          }}
        >
          <MenuTrigger disableButtonEnhancement>
            <Button appearance="subtle" icon={<DarkTheme20Regular />} aria-label="Theme" title="Theme" />
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              {(['system', 'light', 'dark'] as const).map((choice) => (
                <MenuItemRadio key={choice} name="theme" value={choice}>
                  {{ system: 'As the system', light: 'Light', dark: 'Dark' }[choice]}
                </MenuItemRadio>
              ))}
            </MenuList>
          </MenuPopover>
        </Menu>
      </div>
      {choices !== null && dialog === 'new' && <NewTokenDialog choices={choices} onClose={close} />}
      {dialog === 'swap' && <SwapDialog onClose={close} />}
    </header>
  );
}

const usePlaceStyles = makeStyles({
  // As wide with any of its words, so that the buttons stay where they are.
  place: { minWidth: '148px', justifyContent: 'center' },
});

function PlaceBadge({ token, lost }: { token: TokenView; lost: boolean }) {
  const styles = usePlaceStyles();
  const [color, words] = lost
    ? (['danger', 'Program ended'] as const)
    : token.reader.gone
      ? (['warning', 'No reader'] as const)
      : !token.present
        ? (['informative', 'Pulled out'] as const)
        : token.reader.connected
          ? (['success', 'In the reader'] as const)
          : (['informative', 'Waits for a reader'] as const);
  return (
    <Badge className={styles.place} appearance="tint" color={color} size="large">
      {words}
    </Badge>
  );
}

function readerWords({ reader, present }: TokenView): string {
  if (reader.gone) return 'reader taken away';
  if (reader.connected) return `reader connected at ${reader.address}`;
  return present ? `no reader listens at ${reader.address}` : `reader at ${reader.address}`;
}
