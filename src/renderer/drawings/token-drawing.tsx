import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { kaztokenOrange } from '../theme/themes.ts';

const useStyles = makeStyles({
  drawing: {
    display: 'block',
    flexShrink: 0,
    color: tokens.colorNeutralForeground3,
    // High contrast would paint the token over in one colour.
    forcedColorAdjust: 'none',
    '@media (forced-colors: active)': { color: 'CanvasText' },
  },
  faint: { opacity: 0.45 },
});

/** KAZTOKEN: an orange, translucent USB token. */
export function TokenDrawing({ width = 72, faint = false }: { width?: number; faint?: boolean }) {
  const styles = useStyles();
  const { body, edge, glow } = kaztokenOrange;
  return (
    <svg
      aria-hidden
      className={mergeClasses(styles.drawing, faint && styles.faint)}
      width={width}
      height={(width * 32) / 72}
      viewBox="0 0 72 32"
      fill="none"
    >
      <path d="M20 8.5H4.5a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2H20" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8 12.5h4m-4 7h4" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" />
      <path
        d="M22 4.75h35.5C64.4 4.75 69 9.8 69 16s-4.6 11.25-11.5 11.25H22a3 3 0 0 1-3-3V7.75a3 3 0 0 1 3-3Z"
        fill={body}
        stroke={edge}
        strokeWidth="1.5"
      />
      <path d="M24 9h31" stroke={glow} strokeWidth="2" strokeLinecap="round" />
      <rect x="25" y="13.5" width="12" height="9" rx="1.5" stroke={edge} strokeWidth="1.25" />
      <path d="M37 16.5h9m-9 3h6" stroke={edge} strokeWidth="1.25" strokeLinecap="round" />
      <circle cx="61" cy="16" r="2.75" fill={glow} stroke={edge} strokeWidth="1.25" />
    </svg>
  );
}
