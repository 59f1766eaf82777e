import type { PanelAction } from '#shared/control-panel-views.ts';
import type { PinRole } from './pin-role.ts';

/** The dialog that stands open over the panel. */
export type PanelTask =
  /** `then`: what the login is wanted for, and goes on with. */
  | { readonly kind: 'login'; readonly role?: PinRole; readonly then?: PanelTask }
  | { readonly kind: 'information' }
  | { readonly kind: 'change-pin'; readonly role: PinRole }
  | { readonly kind: 'unblock' }
  | { readonly kind: 'unblocked' }
  | { readonly kind: 'rename' };

/** The action that a dialog leads to: when something comes to stand in its way, the dialog goes. */
export function actionOf(task: PanelTask): PanelAction | undefined {
  switch (task.kind) {
    case 'change-pin':
      return task.role === 'user' ? 'change-user-pin' : 'change-administrator-pin';
    case 'unblock':
    case 'rename':
      return task.kind;
    case 'login':
    case 'information':
    case 'unblocked':
      return undefined;
  }
}
