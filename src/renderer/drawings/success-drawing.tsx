import { makeStyles, tokens } from '@fluentui/react-components';
import { TokenDrawing } from './token-drawing.tsx';

const useStyles = makeStyles({
  drawing: { position: 'relative', width: 'max-content' },
  tick: { position: 'absolute', insetInlineEnd: '-10px', insetBlockEnd: '-10px' },
  disc: { fill: tokens.colorStatusSuccessBackground3, stroke: tokens.colorNeutralBackground1 },
  mark: { stroke: tokens.colorNeutralForegroundStaticInverted },
});

/** The token with its profile. */
export function SuccessDrawing() {
  const styles = useStyles();
  return (
    <div className={styles.drawing} aria-hidden>
      <TokenDrawing width={144} />
      <svg className={styles.tick} width="36" height="36" viewBox="0 0 36 36" fill="none">
        <circle className={styles.disc} cx="18" cy="18" r="16" strokeWidth="3" />
        <path
          className={styles.mark}
          strokeWidth="3"
          strokeLinecap="round"
          strokeLinejoin="round"
          d="m11 18.5 5 5 9-10"
        />
      </svg>
    </div>
  );
}
