import { CounterBadge, makeStyles, mergeClasses, Tab, TabList, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import type { Choices, NumberedEntry, TokenView } from '../view.ts';
import { FaultsPanel } from './faults/faults-panel.tsx';
import { FilesPanel } from './files/files-panel.tsx';
import { KeysPanel } from './keys-panel.tsx';
import { TokenPanel } from './token-panel.tsx';
import { TracePanel } from './trace/trace-panel.tsx';
import { useNarrow } from './use-narrow.ts';

const useStyles = makeStyles({
  panels: {
    flex: 1,
    minHeight: 0,
    display: 'grid',
    gridTemplateColumns: 'minmax(420px, 11fr) minmax(480px, 12fr)',
    gap: '12px',
    padding: '12px 16px 16px',
  },
  narrow: { gridTemplateColumns: 'minmax(0, 1fr)', padding: '8px' },
  panel: {
    minHeight: 0,
    minWidth: 0,
    display: 'flex',
    flexDirection: 'column',
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    overflow: 'hidden',
  },
  tabs: { padding: '4px 8px 0', borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, flexShrink: 0 },
  count: { marginInlineStart: '6px' },
  // Kept when another tab is chosen, with what was typed and how far it was scrolled.
  tab: { flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column' },
  hidden: { display: 'none' },
});

const names = { faults: 'Faults', token: 'Token', files: 'Files', keys: 'Keys', trace: 'Trace' } as const;
type Name = keyof typeof names;

export function Panels({
  token,
  choices,
  trace,
}: {
  token: TokenView;
  choices: Choices;
  trace: readonly NumberedEntry[];
}) {
  const styles = useStyles();
  const narrow = useNarrow();
  const [chosen, setChosen] = useState<Name>('faults');
  const shown: Name = !narrow && chosen === 'trace' ? 'faults' : chosen;
  const tabs: readonly Name[] = ['faults', 'token', 'files', 'keys', ...(narrow ? (['trace'] as const) : [])];
  const tracePanel = <TracePanel trace={trace} />;
  const content: Record<Name, () => React.ReactNode> = {
    faults: () => <FaultsPanel token={token} choices={choices} />,
    token: () => <TokenPanel token={token} />,
    files: () => <FilesPanel root={token.root} />,
    keys: () => <KeysPanel token={token} />,
    trace: () => tracePanel,
  };
  return (
    <main className={mergeClasses(styles.panels, narrow && styles.narrow)}>
      <section className={styles.panel} aria-label="Token">
        <TabList
          className={styles.tabs}
          selectedValue={shown}
          onTabSelect={(_, { value }) => {
            setChosen(value as Name);
          }}
        >
          {tabs.map((name) => (
            <Tab key={name} value={name} id={`tab-${name}`} aria-controls={`panel-${name}`}>
              {names[name]}
              {name === 'faults' && (
                <CounterBadge
                  className={styles.count}
                  size="small"
                  count={token.armed.length}
                  color="brand"
                  showZero
                  appearance="filled"
                  aria-label={`${token.armed.length} armed`}
                />
              )}
            </Tab>
          ))}
        </TabList>
        {tabs.map((name) => (
          <div
            key={name}
            role="tabpanel"
            id={`panel-${name}`}
            aria-labelledby={`tab-${name}`}
            className={mergeClasses(styles.tab, name !== shown && styles.hidden)}
          >
            {content[name]()}
          </div>
        ))}
      </section>
      {!narrow && (
        <section className={styles.panel} aria-label="Trace">
          {tracePanel}
        </section>
      )}
    </main>
  );
}
