import { makeStyles, Skeleton, SkeletonItem, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { failureOf } from '../bridge.ts';
import { EmptyDrawing } from '../drawings/empty-drawing.tsx';
import { Screen } from '../frame/screen.tsx';
import { useKeySets } from '../main-process.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { KeySetList } from './key-set-list.tsx';
import { actionOf, findKeySet, mostUrgent, type KeySetName } from '#shared/key-set-state.ts';
import { RenewalFlow } from './renewal-flow.tsx';

const useStyles = makeStyles({
  empty: { display: 'grid', justifyItems: 'start', gap: '4px' },
  emptyTitle: { margin: '12px 0 0', fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  text: { margin: 0 },
});

/** One has been sent here for the keys of this token; a new object each time. */
export interface KeysWish {
  readonly tokenSerial: string;
}

/** «Перегенерация комплекта ключей»: the key sets of all tokens ever seen here, and the regeneration of one. */
export function Keys({ wish }: { wish: KeysWish | undefined }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { data: sets, error } = useKeySets();
  const [chosen, setChosen] = useState<KeySetName>();
  const [flow, setFlow] = useState<{ readonly of: KeySetName; readonly taking: boolean }>();
  const [lastWish, setLastWish] = useState<KeysWish>();
  if (wish !== lastWish && sets !== undefined) {
    setLastWish(wish);
    const wished = mostUrgent(sets.filter(({ tokenSerial }) => tokenSerial === wish?.tokenSerial));
    if (wished !== undefined) {
      setChosen(wished);
      setFlow(undefined);
    }
  }

  const inFlow = flow && findKeySet(sets, flow.of);
  if (flow !== undefined && inFlow !== undefined) {
    return (
      <RenewalFlow
        set={inFlow}
        taking={flow.taking}
        onLeave={() => {
          setFlow(undefined);
        }}
      />
    );
  }
  const shown = sets && ((chosen && findKeySet(sets, chosen)) ?? mostUrgent(sets));
  if (sets !== undefined && shown !== undefined) {
    return (
      <KeySetList
        sets={sets}
        chosen={shown}
        onChoose={setChosen}
        onAct={(set) => {
          setChosen(set);
          setFlow({ of: set, taking: actionOf(set) === 'take' });
        }}
      />
    );
  }
  return (
    <Screen wide title={t('keys.title')}>
      {error !== null && <ErrorMessage error={failureOf(error)} />}
      {sets === undefined && error === null && (
        <Skeleton aria-label={t('common.loading')}>
          <SkeletonItem style={{ height: '240px' }} />
        </Skeleton>
      )}
      {sets?.length === 0 && (
        <div className={styles.empty}>
          <EmptyDrawing />
          <h2 className={styles.emptyTitle}>{t('keys.empty.title')}</h2>
          <p className={styles.text}>{t('keys.empty.text')}</p>
        </div>
      )}
    </Screen>
  );
}
