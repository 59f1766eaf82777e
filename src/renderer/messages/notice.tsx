import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircle20Filled } from '@fluentui/react-icons/svg/checkmark-circle';
import { ErrorCircle20Filled } from '@fluentui/react-icons/svg/error-circle';
import { Info20Filled } from '@fluentui/react-icons/svg/info';
import { Warning20Filled } from '@fluentui/react-icons/svg/warning';
import { useEffect, useRef, type ReactNode } from 'react';

export type NoticeIntent = 'info' | 'success' | 'warning' | 'error';

/** Fluent's own dark backgrounds of this kind are so strong that the orange one would pass for the token's colour. */
const faint = (color: string) => `color-mix(in srgb, ${color} 45%, ${tokens.colorNeutralBackground1})`;

const useStyles = makeStyles({
  notice: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr)',
    columnGap: '12px',
    padding: '12px 16px',
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground3,
    marginBlock: '0 16px',
    // Scrolled to, it brings the heading along.
    scrollMarginBlock: '76px 16px',
    animationName: { from: { opacity: 0 }, to: { opacity: 1 } },
    animationDuration: '150ms',
  },
  title: { fontWeight: tokens.fontWeightSemibold },
  body: { minWidth: 0, overflowWrap: 'anywhere', '& p': { margin: '4px 0 0' } },
  info: { '& > svg': { color: tokens.colorBrandForeground1 } },
  success: {
    borderTopColor: tokens.colorStatusSuccessBorder1,
    borderRightColor: tokens.colorStatusSuccessBorder1,
    borderBottomColor: tokens.colorStatusSuccessBorder1,
    borderLeftColor: tokens.colorStatusSuccessBorder1,
    backgroundColor: faint(tokens.colorStatusSuccessBackground1),
    '& > svg': { color: tokens.colorStatusSuccessForeground1 },
  },
  warning: {
    borderTopColor: tokens.colorStatusWarningBorder1,
    borderRightColor: tokens.colorStatusWarningBorder1,
    borderBottomColor: tokens.colorStatusWarningBorder1,
    borderLeftColor: tokens.colorStatusWarningBorder1,
    backgroundColor: faint(tokens.colorStatusWarningBackground1),
    '& > svg': { color: tokens.colorStatusWarningForeground3 },
  },
  error: {
    borderTopColor: tokens.colorStatusDangerBorder1,
    borderRightColor: tokens.colorStatusDangerBorder1,
    borderBottomColor: tokens.colorStatusDangerBorder1,
    borderLeftColor: tokens.colorStatusDangerBorder1,
    backgroundColor: faint(tokens.colorStatusDangerBackground1),
    '& > svg': { color: tokens.colorStatusDangerForeground1 },
  },
});

const icons = {
  info: Info20Filled,
  success: CheckmarkCircle20Filled,
  warning: Warning20Filled,
  error: ErrorCircle20Filled,
} as const;

/** A message on the screen: read out when it appears, scrolled into view, never covering anything. */
export function Notice({
  intent,
  title,
  children,
  live = true,
}: {
  intent: NoticeIntent;
  title: string;
  children?: ReactNode;
  /** False for what belongs to the screen from the start and need not interrupt. */
  live?: boolean;
}) {
  const styles = useStyles();
  const Icon = icons[intent];
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (live) box.current?.scrollIntoView({ block: 'nearest' });
  }, [live, title]);
  const role = intent === 'error' || intent === 'warning' ? 'alert' : 'status';
  return (
    <div ref={box} role={live ? role : undefined} className={mergeClasses(styles.notice, styles[intent])}>
      <Icon aria-hidden />
      <div className={mergeClasses(styles.body, 'selectable')}>
        <div className={styles.title}>{title}</div>
        {children}
      </div>
    </div>
  );
}
