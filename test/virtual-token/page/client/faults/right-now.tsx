import { Button, Field, Input, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';

import type { TokenView } from '../../view.ts';
import { useControl } from '../use-control.tsx';

const useStyles = makeStyles({
  rows: { display: 'grid', gap: '10px' },
  row: { display: 'flex', alignItems: 'end', gap: '8px', flexWrap: 'wrap' },
  short: { width: '150px' },
  input: { minWidth: 0, width: '100%' },
});

/** What happens without waiting for a command. */
export function RightNow({ token }: { token: TokenView }) {
  const styles = useStyles();
  const order = useControl();
  const [away, setAway] = useState('2');
  const [keygen, setKeygen] = useState<string>();
  const awaySeconds = secondsIn(away);
  const keygenText = keygen ?? String(token.keygenSeconds);
  const keygenSeconds = secondsIn(keygenText);
  const { gone } = token.reader;
  return (
    <div className={styles.rows}>
      <div className={styles.row}>
        <Field label="Pulled out for (s)" className={styles.short}>
          <Input
            className={styles.input}
            inputMode="numeric"
            value={away}
            onChange={(_, { value }) => {
              setAway(value);
            }}
          />
        </Field>
        <Button
          disabled={awaySeconds === undefined || !token.present}
          onClick={() => void order({ do: 'remove', backAfter: awaySeconds })}
        >
          Pull out and put back
        </Button>
      </div>
      <div className={styles.row}>
        <Field label="Key pairs take (s)" className={styles.short}>
          <Input
            className={styles.input}
            inputMode="numeric"
            value={keygenText}
            onChange={(_, { value }) => {
              setKeygen(value);
            }}
          />
        </Field>
        <Button
          disabled={keygenSeconds === undefined || keygenSeconds === token.keygenSeconds}
          onClick={() => void order({ do: 'keygen', seconds: keygenSeconds })}
        >
          Set
        </Button>
      </div>
      <div className={styles.row}>
        <Button onClick={() => void order({ do: 'reader', is: gone ? 'back' : 'gone' })}>
          {gone ? 'Give the reader back' : 'Take the reader away'}
        </Button>
      </div>
    </div>
  );
}

function secondsIn(text: string): number | undefined {
  const number = Number(text);
  return text.trim() !== '' && number >= 0 && number <= 3600 ? number : undefined;
}
