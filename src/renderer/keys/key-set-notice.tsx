import { Button } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useKeySets } from '../main-process.ts';
import { Notice } from '../messages/notice.tsx';
import { useNow } from '../messages/use-now.ts';
import { mostUrgent } from '#shared/key-set-state.ts';
import { adviceFor } from './key-set-words.ts';

/** That something is to be done about the keys of a token, and the way there; nothing where they are in use. */
export function KeySetNotice({ tokenSerial, toKeys }: { tokenSerial: string; toKeys: () => void }) {
  const { t } = useTranslation();
  const now = useNow(true, 60_000);
  const sets = useKeySets().data ?? [];
  const set = mostUrgent(sets.filter((one) => one.tokenSerial === tokenSerial));
  if (set === undefined || set.status === 'in-use') return null;
  const [first = ''] = adviceFor(set, now, t);
  return (
    <Notice
      intent={set.status === 'accepted' || set.status === 'new-certificate' ? 'info' : 'warning'}
      title={t(`keys.status.${set.status}`)}
      live={false}
    >
      <p>{first}</p>
      <p>
        <Button onClick={toKeys}>{t('keys.open')}</Button>
      </p>
    </Notice>
  );
}
