import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowSync20Regular } from '@fluentui/react-icons/svg/arrow-sync';
import { CheckmarkCircle20Filled } from '@fluentui/react-icons/svg/checkmark-circle';
import { ErrorCircle20Filled } from '@fluentui/react-icons/svg/error-circle';
import { UsbStick20Regular } from '@fluentui/react-icons/svg/usb-stick';
import { Warning20Filled } from '@fluentui/react-icons/svg/warning';
import type { Mood } from './token-condition.ts';

const useStyles = makeStyles({
  icon: { flexShrink: 0 },
  good: { color: tokens.colorStatusSuccessForeground3 },
  calm: { color: tokens.colorBrandForeground1 },
  busy: { color: tokens.colorBrandForeground1 },
  attention: { color: tokens.colorStatusWarningForeground3 },
  bad: { color: tokens.colorStatusDangerForeground3 },
});

const icons = {
  good: CheckmarkCircle20Filled,
  calm: UsbStick20Regular,
  busy: ArrowSync20Regular,
  attention: Warning20Filled,
  bad: ErrorCircle20Filled,
} as const;

export function MoodIcon({ mood }: { mood: Mood }) {
  const styles = useStyles();
  const Icon = icons[mood];
  return <Icon aria-hidden className={mergeClasses(styles.icon, styles[mood])} />;
}
