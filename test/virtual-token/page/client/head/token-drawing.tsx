import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';

import { kaztokenOrange } from '../../../../../src/renderer/theme/themes.ts';

const useStyles = makeStyles({
  drawing: { display: 'block', flexShrink: 0, forcedColorAdjust: 'none' },
  token: {
    transitionProperty: 'transform',
    transitionDuration: '180ms',
    transitionTimingFunction: 'ease-out',
  },
  out: { transform: 'translateX(10px)' },
  port: { fill: tokens.colorNeutralBackground4, stroke: tokens.colorNeutralStroke1 },
  plug: { fill: tokens.colorNeutralForegroundDisabled },
});

/** A reader's port and the token: in it, or beside it. */
export function TokenDrawing({ present }: { present: boolean }) {
  const styles = useStyles();
  const { body, edge, glow } = kaztokenOrange;
  return (
    <svg aria-hidden className={styles.drawing} width="84" height="36" viewBox="0 0 84 36">
      <g className={mergeClasses(styles.token, !present && styles.out)}>
        <rect className={styles.plug} x="8" y="12" width="14" height="12" rx="1.5" />
        <path
          d="M23 7h34c7 0 11.5 4.8 11.5 11S64 29 57 29H23a2.5 2.5 0 0 1-2.5-2.5v-17A2.5 2.5 0 0 1 23 7Z"
          fill={body}
          stroke={edge}
        />
        <path d="M25 10.5h30" stroke={glow} strokeWidth="2" strokeLinecap="round" />
        <circle cx="60" cy="18" r="2.5" fill={glow} stroke={edge} />
      </g>
      <rect className={styles.port} x="1" y="5" width="10" height="26" rx="2" />
    </svg>
  );
}
