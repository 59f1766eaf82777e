import type { TFunction } from 'i18next';
import type { Obstacle, PanelAction, PanelView } from '#shared/control-panel-views.ts';
import type { PinRole } from '../pin-role.ts';

/** Why an action is not offered, and who would have to log in for it. */
export interface ObstacleWords {
  readonly text: string;
  /** `any`: either may. Absent where a login does not help. */
  readonly logInAs?: PinRole | 'any';
}

/** Actions of the tab «Администрирование». */
export type AdministrationAction = Exclude<PanelAction, 'import' | 'delete'>;

/** Puts an obstacle into words. A login that the token would refuse, because that PIN is blocked, is not proposed. */
export function obstacleWords(
  obstacle: Obstacle,
  action: PanelAction,
  { information }: Pick<PanelView, 'information'>,
  t: TFunction,
): ObstacleWords {
  if (obstacle === 'pin-blocked') return { text: t(`controlPanel.pinBlocked.${blockedRole(action)}`) };
  const logInAs = loginFor(obstacle);
  const text = t(`controlPanel.obstacles.${obstacle}`);
  if (logInAs === undefined) return { text };
  const { userPin, administratorPin } = information;
  if (logInAs === 'any') {
    if (!userPin.blocked) return { text, logInAs };
    return administratorPin.blocked
      ? { text: `${text} ${t('controlPanel.pinBlocked.administrator')}` }
      : { text, logInAs: 'administrator' };
  }
  if (logInAs === 'user' && userPin.blocked) return { text: `${text} ${t('controlPanel.pinBlocked.user')}` };
  if (logInAs === 'administrator' && administratorPin.blocked)
    return { text: `${text} ${t('controlPanel.pinBlocked.administrator')}` };
  return { text, logInAs };
}

/** Whose blocked PIN stands in the way. */
const blockedRole = (action: PanelAction): PinRole =>
  action === 'unblock' || action === 'change-administrator-pin' || action === 'format'
    ? 'administrator'
    : 'user';

function loginFor(obstacle: Exclude<Obstacle, 'pin-blocked'>): PinRole | 'any' | undefined {
  switch (obstacle) {
    case 'needs-user':
    case 'changed-by-user-only':
      return 'user';
    case 'needs-administrator':
    case 'changed-by-administrator-only':
      return 'administrator';
    case 'needs-login':
      return 'any';
    case 'half-formatted':
    case 'not-blocked':
    case 'no-layout':
      return undefined;
  }
}
