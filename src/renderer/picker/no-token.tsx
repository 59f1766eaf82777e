import { Button, makeStyles, Skeleton, SkeletonItem, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatTime } from '#shared/texts/formats.ts';
import type { Presence } from '#shared/views.ts';
import { PlugInDrawing } from '../drawings/plug-in-drawing.tsx';

const useStyles = makeStyles({
  area: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: '12px',
    maxWidth: '520px',
  },
  state: { margin: 0, fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500 },
  text: { margin: 0 },
  drawing: { marginBlock: '8px 12px' },
  action: { display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: '12px', marginBlockStart: '8px' },
  checked: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  rows: { display: 'grid', gap: '12px' },
});

/** Why no token is shown, and the one thing to do about it. Kilt notices by itself when it is done. */
export function NoToken({
  presence,
  checkAgain,
}: {
  presence: Exclude<Presence, 'ready'>;
  checkAgain: () => Promise<unknown>;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [checkedAt, setCheckedAt] = useState<Date>();
  if (presence === 'starting') {
    return (
      <Skeleton aria-label={t('conditions.starting.state')} className={styles.rows}>
        <SkeletonItem style={{ height: '76px' }} />
      </Skeleton>
    );
  }
  return (
    <div className={styles.area} role="status">
      <div className={styles.drawing}>
        <PlugInDrawing />
      </div>
      <h2 className={styles.state}>{t(`conditions.${presence}.state`)}</h2>
      <p className={styles.text}>{t(`conditions.${presence}.meaning`)}</p>
      <p className={styles.text}>{t(`conditions.${presence}.next`)}</p>
      <div className={styles.action}>
        <Button
          onClick={() => {
            void checkAgain().then(() => {
              setCheckedAt(new Date());
            });
          }}
        >
          {t('common.checkAgain')}
        </Button>
        {checkedAt !== undefined && (
          <span className={styles.checked}>{t('common.checkedAt', { time: formatTime(checkedAt) })}</span>
        )}
      </div>
    </div>
  );
}
