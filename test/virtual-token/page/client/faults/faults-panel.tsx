import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { Dismiss16Regular } from '@fluentui/react-icons/svg/dismiss';

import type { Choices, TokenView } from '../../view.ts';
import { useControl } from '../use-control.tsx';
import { FaultForm } from './fault-form.tsx';
import { RightNow } from './right-now.tsx';

const useStyles = makeStyles({
  panel: {
    overflowY: 'auto',
    padding: '12px 16px 16px',
    display: 'grid',
    gap: '20px',
    alignContent: 'start',
  },
  heading: { margin: '0 0 8px', fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  row: { display: 'flex', alignItems: 'baseline', justifyContent: 'space-between', gap: '8px' },
  list: { margin: 0, padding: 0, listStyleType: 'none', display: 'grid', gap: '6px' },
  item: {
    display: 'grid',
    gridTemplateColumns: '28px minmax(0, 1fr) auto',
    alignItems: 'center',
    padding: '6px 4px 6px 8px',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  number: { color: tokens.colorNeutralForeground3, fontVariantNumeric: 'tabular-nums' },
  deed: { '::first-letter': { textTransform: 'uppercase' } },
  when: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  none: { color: tokens.colorNeutralForeground2, padding: '6px 0' },
});

/** What can be done to the token: at once, and at a command to come. */
export function FaultsPanel({ token, choices }: { token: TokenView; choices: Choices }) {
  const styles = useStyles();
  const order = useControl();
  return (
    <div className={styles.panel}>
      <section aria-labelledby="at-a-command">
        <h2 className={styles.heading} id="at-a-command">
          At a command
        </h2>
        <FaultForm choices={choices} />
      </section>
      <section aria-labelledby="armed">
        <div className={styles.row}>
          <h2 className={styles.heading} id="armed">
            Armed
          </h2>
          <Button
            size="small"
            appearance="subtle"
            disabled={token.armed.length === 0}
            onClick={() => void order({ do: 'disarm' })}
          >
            Take all back
          </Button>
        </div>
        {token.armed.length === 0 ? (
          <div className={styles.none}>Nothing: the token does what it should.</div>
        ) : (
          <ul className={styles.list}>
            {token.armed.map(({ id, deed, when }) => (
              <li key={id} className={styles.item}>
                <span className={styles.number}>{id}</span>
                <span>
                  <div className={styles.deed}>{deed}</div>
                  <div className={styles.when}>{when}</div>
                </span>
                <Button
                  size="small"
                  appearance="subtle"
                  icon={<Dismiss16Regular />}
                  aria-label={`Take back: ${deed}`}
                  title="Take back"
                  onClick={() => void order({ do: 'disarm', id })}
                />
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="right-now">
        <h2 className={styles.heading} id="right-now">
          Right now
        </h2>
        <RightNow token={token} />
      </section>
    </div>
  );
}
