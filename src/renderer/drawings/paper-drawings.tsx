import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

/** Where a value is printed: the place is marked with the colour of actions. */
const useStyles = makeStyles({
  drawing: {
    display: 'block',
    width: '100%',
    maxWidth: '200px',
    height: 'auto',
    color: tokens.colorNeutralForeground3,
  },
  paper: { fill: tokens.colorNeutralBackground1, stroke: 'currentColor' },
  line: { stroke: tokens.colorNeutralStroke1 },
  mark: { fill: tokens.colorBrandBackground2, stroke: tokens.colorBrandStroke1 },
  text: {
    fill: tokens.colorBrandForeground2,
    fontFamily: tokens.fontFamilyBase,
    fontSize: '9px',
    fontWeight: tokens.fontWeightSemibold,
  },
  faint: { fill: tokens.colorNeutralForeground3, fontFamily: tokens.fontFamilyBase, fontSize: '8px' },
});

/** The longest label, the Kazakh one, made to fit the marked place. */
const squeezed = { textLength: 84, lengthAdjust: 'spacingAndGlyphs' } as const;

function Drawing({ children }: { children: ReactNode }) {
  const styles = useStyles();
  return (
    <svg aria-hidden className={styles.drawing} viewBox="0 0 200 126" fill="none" strokeWidth="1.5">
      {children}
    </svg>
  );
}

/** The act of acceptance: a sheet of paper with the user ID on it. */
export function ActDrawing({ label }: { label: string }) {
  const styles = useStyles();
  return (
    <Drawing>
      <path className={styles.paper} d="M52 7h72l24 24v88H52z" />
      <path className={styles.paper} d="M124 7v24h24" />
      <path
        className={styles.line}
        strokeLinecap="round"
        d="M64 26h36M64 38h52M64 48h72M64 98h72M64 108h44"
      />
      <rect className={styles.mark} x="54" y="60" width="92" height="26" rx="3" />
      <text className={styles.text} x="100" y="76" textAnchor="middle" {...(label.length > 15 && squeezed)}>
        {label}
      </text>
    </Drawing>
  );
}

/** The OTP card: numbered cells, and ПИН. */
export function OtpCardDrawing({ label }: { label: string }) {
  const styles = useStyles();
  const cells = Array.from({ length: 15 }, (_, i) => ({
    x: 22 + (i % 5) * 32,
    y: 38 + Math.floor(i / 5) * 16,
  }));
  return (
    <Drawing>
      <rect className={styles.paper} x="10" y="8" width="180" height="110" rx="9" />
      <path className={styles.line} strokeLinecap="round" strokeWidth="3" d="M22 24h58" />
      {cells.map(({ x, y }) => (
        <rect key={`${x} ${y}`} className={styles.line} x={x} y={y} width="27" height="11" rx="2" />
      ))}
      <rect className={styles.mark} x="22" y="90" width="156" height="20" rx="3" />
      <text className={styles.text} x="100" y="103" textAnchor="middle">
        {label}
      </text>
    </Drawing>
  );
}

const keyFileName = 'Key.pfx';

/** The USB stick with the key file. */
export function UsbStickDrawing() {
  const styles = useStyles();
  return (
    <Drawing>
      <rect className={styles.paper} x="14" y="47" width="34" height="32" rx="2" />
      <path d="M24 56h10m-10 14h10" stroke="currentColor" strokeWidth="4" />
      <rect className={styles.paper} x="48" y="35" width="138" height="56" rx="9" />
      <rect className={styles.mark} x="64" y="49" width="92" height="28" rx="3" />
      <text className={styles.text} x="110" y="66" textAnchor="middle">
        {keyFileName}
      </text>
      <circle cx="172" cy="63" r="4" stroke="currentColor" />
    </Drawing>
  );
}
