import { makeStyles, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  drawing: { display: 'block', color: tokens.colorNeutralForeground3 },
  paper: { fill: tokens.colorNeutralBackground1, stroke: 'currentColor' },
  behind: { fill: tokens.colorNeutralBackground3, stroke: tokens.colorNeutralStroke1 },
  line: { stroke: tokens.colorNeutralStroke1 },
});

/** Nothing here yet: two empty sheets. */
export function EmptyDrawing() {
  const styles = useStyles();
  return (
    <svg
      aria-hidden
      className={styles.drawing}
      width="112"
      height="76"
      viewBox="0 0 112 76"
      fill="none"
      strokeWidth="1.5"
    >
      <rect className={styles.behind} x="30" y="6" width="66" height="50" rx="5" />
      <rect className={styles.paper} x="14" y="18" width="70" height="52" rx="5" />
      <path
        className={styles.line}
        strokeLinecap="round"
        d="M26 32h34M26 42h46M26 52h24"
        strokeDasharray="1 6"
      />
      <circle cx="72" cy="58" r="4" stroke="currentColor" />
    </svg>
  );
}
