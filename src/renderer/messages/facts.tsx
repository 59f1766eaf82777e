import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  facts: {
    display: 'grid',
    gridTemplateColumns: 'minmax(120px, 200px) minmax(0, 1fr)',
    columnGap: '16px',
    rowGap: '4px',
    margin: 0,
    '& > dt': { color: tokens.colorNeutralForeground2 },
    '& > dd': { margin: 0, overflowWrap: 'anywhere', fontVariantNumeric: 'tabular-nums' },
    '@media (max-width: 560px)': {
      gridTemplateColumns: 'minmax(0, 1fr)',
      rowGap: 0,
      '& > dd': { marginBlockEnd: '8px' },
    },
  },
});

/** Names and values, side by side. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  const styles = useStyles();
  return (
    <dl className={styles.facts}>
      {facts.flatMap(([name, value]) => [<dt key={`${name}:`}>{name}</dt>, <dd key={name}>{value}</dd>])}
    </dl>
  );
}
