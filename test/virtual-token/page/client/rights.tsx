import { makeStyles, tokens } from '@fluentui/react-components';

import type { Right } from '../view.ts';

const useStyles = makeStyles({
  rights: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    columnGap: '12px',
    rowGap: '2px',
    margin: 0,
    '& > dt': { color: tokens.colorNeutralForeground2 },
    '& > dd': { margin: 0 },
  },
});

const words: Readonly<Record<string, string>> = {
  always: 'anybody',
  user: 'the user',
  administrator: 'the administrator',
  either: 'the user or the administrator',
  never: 'nobody',
  unknown: 'unknown',
};

export const whoMay = (who: string): string => words[who] ?? who;

/** Access conditions in words. */
export function Rights({ rights }: { rights: readonly Right[] }) {
  const styles = useStyles();
  return (
    <dl className={styles.rights}>
      {rights.flatMap(({ mode, who }) => [
        <dt key={`${mode}:`}>{mode}</dt>,
        <dd key={mode}>{whoMay(who)}</dd>,
      ])}
    </dl>
  );
}
