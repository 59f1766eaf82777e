import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowDownload16Filled } from '@fluentui/react-icons/svg/arrow-download';
import { CheckmarkCircle16Filled } from '@fluentui/react-icons/svg/checkmark-circle';
import { ErrorCircle16Filled } from '@fluentui/react-icons/svg/error-circle';
import { Hourglass16Filled } from '@fluentui/react-icons/svg/hourglass';
import { Warning16Filled } from '@fluentui/react-icons/svg/warning';
import { useTranslation } from 'react-i18next';
import type { KeySetStatus } from '#shared/renewal-views.ts';

const useStyles = makeStyles({
  badge: {
    display: 'inline-grid',
    gridTemplateColumns: '16px minmax(0, 1fr)',
    alignItems: 'start',
    columnGap: '6px',
    padding: '2px 10px 2px 6px',
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    '& > svg': { marginBlockStart: '2px' },
  },
  'in-use': { '& > svg': { color: tokens.colorStatusSuccessForeground1 } },
  'planned-renewal': { '& > svg': { color: tokens.colorStatusWarningForeground3 } },
  'unplanned-renewal': { '& > svg': { color: tokens.colorStatusDangerForeground1 } },
  accepted: { '& > svg': { color: tokens.colorBrandForeground1 } },
  'new-certificate': { '& > svg': { color: tokens.colorBrandForeground1 } },
  refused: { '& > svg': { color: tokens.colorStatusDangerForeground1 } },
});

const icons = {
  'in-use': CheckmarkCircle16Filled,
  'planned-renewal': Warning16Filled,
  'unplanned-renewal': Warning16Filled,
  accepted: Hourglass16Filled,
  'new-certificate': ArrowDownload16Filled,
  refused: ErrorCircle16Filled,
} as const satisfies Record<KeySetStatus, unknown>;

/** The status of a key set in the manual's words. */
export function StatusBadge({ status }: { status: KeySetStatus }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const Icon = icons[status];
  return (
    <span className={mergeClasses(styles.badge, styles[status])}>
      <Icon aria-hidden />
      <span>{t(`keys.status.${status}`)}</span>
    </span>
  );
}
