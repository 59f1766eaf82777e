import { makeStyles } from '@fluentui/react-components';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenView } from '#shared/views.ts';
import { tokenName } from './token-entry.ts';

const useStyles = makeStyles({
  // Heard, not seen.
  live: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
});

/** Tells a screen reader which token came or went. */
export function Arrivals({ present }: { present: readonly TokenView[] }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [said, setSaid] = useState('');
  const known = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const ready = present.filter(({ state }) => state !== 'reading');
    const arrived = ready.find(({ id }) => !known.current.has(id));
    const left = [...known.current].some((id) => !present.some((token) => token.id === id));
    if (arrived !== undefined) setSaid(t('picker.appeared', { name: tokenName(arrived, t).text }));
    else if (left) setSaid(t('picker.disappeared'));
    known.current = new Set(ready.map(({ id }) => id));
  }, [present, t]);
  return (
    <div className={styles.live} aria-live="polite">
      {said}
    </div>
  );
}
