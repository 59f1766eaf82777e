import { Button, makeStyles, Skeleton, SkeletonItem, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { KeySetView, RenewalPlan } from '#shared/renewal-views.ts';
import { formatDate, formatNumber } from '#shared/texts/formats.ts';
import { call, failureOf } from '../bridge.ts';
import { Screen } from '../frame/screen.tsx';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Facts } from '../messages/facts.tsx';
import { Notice } from '../messages/notice.tsx';
import { FlowSteps } from './flow-steps.tsx';
import { TwoSets } from './two-sets.tsx';

const useStyles = makeStyles({
  heading: { margin: '0 0 8px', fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  list: { margin: '0 0 20px', paddingInlineStart: '22px', '& > li': { marginBlock: '4px' } },
  block: { marginBlockEnd: '20px' },
});

/** What will happen when a key set is regenerated. Asked anew whenever the token comes or goes. */
export const usePlan = ({ id, tokenId }: KeySetView) =>
  useQuery({
    queryKey: ['renewal-plan', id, tokenId ?? ''],
    queryFn: (): Promise<RenewalPlan> => call('renewals.plan', { keySetId: id }),
    staleTime: 0,
    gcTime: 0,
  });

/** «Новый»: what will happen, how long it takes, what is needed, and what is against it. Nothing is changed. */
export function DescriptionPage({
  set,
  onNext,
  onCancel,
}: {
  set: KeySetView;
  onNext: (plan: RenewalPlan) => void;
  onCancel: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { data: plan, error, refetch, isFetching } = usePlan(set);
  const absent = set.tokenId === undefined;
  const mayBegin = plan?.obstacles.length === 0 && !absent;
  const byPin = plan?.authentication === 'id-and-pin';
  return (
    <Screen
      wide
      title={t('keys.description.title')}
      beside={<FlowSteps current="description" />}
      onSubmit={() => {
        if (mayBegin) onNext(plan);
      }}
      onCancel={onCancel}
      actions={
        <>
          {plan !== undefined && plan.obstacles.length > 0 && (
            <Button data-apart disabled={isFetching} onClick={() => void refetch()}>
              {t('common.checkAgain')}
            </Button>
          )}
          <Button appearance="primary" type="submit" disabled={!mayBegin}>
            {t('common.next')}
          </Button>
          <Button onClick={onCancel}>{t('common.cancel')}</Button>
        </>
      }
    >
      {error !== null && <ErrorMessage error={failureOf(error)} />}
      {absent && (
        <Notice intent="warning" title={t('keys.absent.title')}>
          <p>{t('keys.absent.text', { serial: set.tokenSerial })}</p>
        </Notice>
      )}
      {!absent && plan?.obstacles.map((obstacle) => <ErrorMessage key={obstacle.code} error={obstacle} />)}
      <TwoSets set={set} fresh="planned" />
      {plan === undefined && error === null ? (
        <Skeleton aria-label={t('common.loading')}>
          <SkeletonItem style={{ height: '180px' }} />
        </Skeleton>
      ) : (
        <>
          <h2 className={styles.heading}>{t('keys.description.what')}</h2>
          <ol className={styles.list}>
            <li>{t('keys.description.makes')}</li>
            <li>{t(byPin ? 'keys.description.sendsByPin' : 'keys.description.sendsByKey')}</li>
            <li>{t('keys.description.decides')}</li>
            <li>{t('keys.description.takes')}</li>
            <li>{t('keys.description.retires')}</li>
          </ol>
          <Facts
            facts={[
              [
                t('keys.description.needed'),
                t(byPin ? 'keys.description.neededByPin' : 'keys.description.neededByKey'),
              ],
              [t('keys.description.duration'), t('keys.description.durationText')],
              ...(plan?.room === undefined
                ? []
                : [
                    [
                      t('keys.description.room'),
                      t('keys.description.roomText', {
                        needed: formatNumber(plan.room.needed),
                        free: formatNumber(plan.room.free),
                      }),
                    ] as const,
                  ]),
              [
                t('keys.description.expected'),
                plan?.expectedAt === undefined
                  ? t('keys.description.expectedText')
                  : t('keys.description.expectedBy', { date: formatDate(new Date(plan.expectedAt)) }),
              ],
            ]}
          />
        </>
      )}
    </Screen>
  );
}
