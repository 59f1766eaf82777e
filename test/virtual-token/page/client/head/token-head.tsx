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
  mergeClasses,
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
    flexWrap: 'wrap',
    gap: '8px 16px',
    padding: '10px 16px',
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  name: { minWidth: '180px', flex: 1 },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  under: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '2px 12px',
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
  },
  states: { display: 'flex', gap: '6px', alignItems: 'center', flexWrap: 'wrap' },
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
              <span>{token.atrName === 'kaztoken' ? 'KAZTOKEN' : 'Rutoken ECP'} by its ATR</span>
            </>
          )}
        </div>
      </div>
      <div className={styles.states} role="status">
        {token !== null && <States token={token} lost={live.connection === 'lost'} />}
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
      {choices !== null && dialog === 'new' && <NewTokenDialog profiles={choices.profiles} onClose={close} />}
      {dialog === 'swap' && <SwapDialog onClose={close} />}
    </header>
  );
}

const useStateStyles = makeStyles({
  // The widest words there are, so that the buttons stay where they are.
  place: { minWidth: '118px', justifyContent: 'center' },
  reader: { minWidth: '190px', justifyContent: 'center' },
});

function States({ token, lost }: { token: TokenView; lost: boolean }) {
  const styles = useStateStyles();
  const { reader, present } = token;
  if (lost)
    return (
      <Badge appearance="filled" color="danger" size="large">
        The token’s program has ended
      </Badge>
    );
  return (
    <>
      <Badge className={styles.place} appearance="tint" color={present ? 'success' : 'warning'} size="large">
        {present ? 'In the reader' : 'Pulled out'}
      </Badge>
      <Badge
        className={mergeClasses(styles.reader)}
        appearance="outline"
        color={reader.gone ? 'warning' : reader.connected ? 'success' : 'informative'}
        size="large"
        title={reader.address}
      >
        {reader.gone
          ? 'Reader taken away'
          : reader.connected
            ? 'Reader connected'
            : present
              ? 'No reader listens'
              : 'Reader is empty'}
      </Badge>
    </>
  );
}
