import { FluentProvider, makeStyles, Spinner, Toaster, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import { useTheme } from '../../../../src/renderer/theme/use-theme.ts';
import { TokenHead } from './head/token-head.tsx';
import { useLiveToken } from './live-token.ts';
import { Panels } from './panels.tsx';
import { TOASTER } from './use-control.tsx';

const useStyles = makeStyles({
  page: {
    height: '100vh',
    display: 'flex',
    flexDirection: 'column',
    backgroundColor: tokens.colorNeutralBackground2,
    userSelect: 'text',
    cursor: 'auto',
    scrollbarWidth: 'thin',
    '& *': { scrollbarWidth: 'thin' },
  },
  waiting: { margin: 'auto' },
});

export type ThemeChoice = 'system' | 'light' | 'dark';

/** The tester's page: the token on top, its parts and faults on the left, its trace on the right. */
export function App() {
  const styles = useStyles();
  const [choice, setChoice] = useState<ThemeChoice>('system');
  const { theme, dark } = useTheme(choice);
  const live = useLiveToken();
  return (
    // The page's own styles stand inside: Fluent gives the provider's to every menu and dialog.
    <FluentProvider theme={theme} style={{ colorScheme: dark ? 'dark' : 'light' }}>
      <div className={styles.page}>
        <TokenHead live={live} themeChoice={choice} onTheme={setChoice} />
        {live.token === null || live.choices === null ? (
          <Spinner className={styles.waiting} label="Waiting for the token’s program" />
        ) : (
          <Panels token={live.token} choices={live.choices} trace={live.trace} />
        )}
      </div>
      <Toaster toasterId={TOASTER} position="bottom-end" />
    </FluentProvider>
  );
}
