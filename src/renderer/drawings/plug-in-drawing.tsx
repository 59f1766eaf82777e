import { makeStyles, tokens } from '@fluentui/react-components';
import { kaztokenOrange } from '../theme/themes.ts';

const useStyles = makeStyles({
  drawing: {
    display: 'block',
    color: tokens.colorNeutralForeground3,
    // High contrast would paint the token over in one colour.
    forcedColorAdjust: 'none',
    '@media (forced-colors: active)': { color: 'CanvasText' },
    maxWidth: '100%',
  },
  port: { fill: tokens.colorNeutralBackground3, stroke: 'currentColor' },
  arrow: { stroke: tokens.colorBrandStroke1 },
});

/** No token: an empty USB port, and the token on its way to it. */
export function PlugInDrawing() {
  const styles = useStyles();
  const { body, edge, glow } = kaztokenOrange;
  return (
    <svg
      aria-hidden
      className={styles.drawing}
      width="264"
      height="96"
      viewBox="0 0 264 96"
      fill="none"
      strokeWidth="1.5"
    >
      <path className={styles.port} d="M0 12h58a6 6 0 0 1 6 6v60a6 6 0 0 1-6 6H0" />
      <rect x="46" y="34" width="18" height="28" rx="2" stroke="currentColor" />
      <path d="M52 42v12" stroke="currentColor" strokeWidth="3" />
      <path
        className={styles.arrow}
        strokeLinecap="round"
        strokeLinejoin="round"
        d="M104 48H82m8-7-8 7 8 7"
      />
      <path d="M146 36h-22a3 3 0 0 0-3 3v18a3 3 0 0 0 3 3h22" stroke="currentColor" />
      <path d="M129 42.5h6m-6 11h6" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
      <path
        d="M150 29h76c13.5 0 22 8.5 22 19s-8.5 19-22 19h-76a5 5 0 0 1-5-5V34a5 5 0 0 1 5-5Z"
        fill={body}
        stroke={edge}
      />
      <path d="M154 36h66" stroke={glow} strokeWidth="3" strokeLinecap="round" />
      <rect x="156" y="43" width="22" height="16" rx="2.5" stroke={edge} />
      <path d="M178 48h17m-17 6h11" stroke={edge} strokeLinecap="round" />
      <circle cx="232" cy="48" r="5" fill={glow} stroke={edge} />
    </svg>
  );
}
