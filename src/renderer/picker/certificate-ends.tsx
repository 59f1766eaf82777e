import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { validityWords } from '#shared/texts/validity-words.ts';
import type { CertificateEndView } from '#shared/views.ts';
import { call, failureOf } from '../bridge.ts';
import { useEnds, useKeySets } from '../main-process.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { useNow } from '../messages/use-now.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: '4px 0 0', padding: 0, display: 'grid', gap: '8px' },
  when: { fontVariantNumeric: 'tabular-nums', fontWeight: tokens.fontWeightSemibold },
  ended: { color: tokens.colorStatusDangerForeground3 },
  item: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '4px 16px' },
  words: { flex: '1 1 260px', minWidth: 0 },
  actions: { display: 'flex', flexWrap: 'wrap', gap: '8px' },
});

/** Days by which a reminder is put off, and its button. */
const snoozes = [
  [1, 'ends.tomorrow'],
  [7, 'ends.nextWeek'],
] as const;

/** Which certificates end soon, also on tokens that are not connected; nothing where none does. */
export function CertificateEnds({ toKeys }: { toKeys: (tokenSerial: string) => void }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const ends = useEnds();
  const now = useNow(ends.length > 0, 60_000);
  const snoozing = useMutation({
    mutationFn: (order: { id: string; days: number }) => call('ends.snooze', order),
  });
  const sets = useKeySets({ enabled: ends.length > 0 }).data ?? [];
  const renewable = new Set(sets.map(({ tokenSerial }) => tokenSerial));
  if (ends.length === 0) return null;
  return (
    <Notice intent="warning" title={titleOf(ends)} live={false}>
      {snoozing.error !== null && <ErrorMessage error={failureOf(snoozing.error)} />}
      <ul className={styles.list}>
        {ends.map((end) => (
          <li key={end.id} className={styles.item}>
            <div className={styles.words}>
              <div>{ownerOf(end)}</div>
              <div className={mergeClasses(styles.when, hasEnded(end) && styles.ended)}>
                {validityWords(new Date(end.notAfter), now, t)}
              </div>
            </div>
            <div className={styles.actions}>
              {renewable.has(end.tokenSerial) && (
                <Button
                  size="small"
                  onClick={() => {
                    toKeys(end.tokenSerial);
                  }}
                >
                  {t('keys.renew')}
                </Button>
              )}
              {snoozes.map(([days, label]) => (
                <Button
                  key={days}
                  size="small"
                  disabled={snoozing.isPending}
                  onClick={() => {
                    snoozing.mutate({ id: end.id, days });
                  }}
                >
                  {t(label)}
                </Button>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </Notice>
  );

  function titleOf(of: readonly CertificateEndView[]): string {
    const ended = of.filter(hasEnded).length;
    if (ended === 0) return t('ends.notice', { count: of.length });
    return ended === of.length ? t('ends.noticeEnded', { count: ended }) : t('ends.noticeMixed');
  }

  // By the clock on the wall, as the words are: the list is made anew once an hour.
  function hasEnded({ notAfter }: CertificateEndView): boolean {
    return new Date(notAfter) <= now;
  }

  function ownerOf({ subjectName, tokenName, tokenPresent }: CertificateEndView): string {
    const owner = t('ends.line', { name: subjectName, token: tokenName });
    return tokenPresent ? owner : `${owner} (${t('ends.absent')})`;
  }
}
