import type { Obstacle, PanelAction } from '#shared/control-panel-views.ts';
import { KiltError } from '#shared/errors.ts';

/** What is said to somebody who asks for an action all the same. */
export function obstacleError(obstacle: Obstacle, action: PanelAction): KiltError {
  switch (obstacle) {
    case 'half-formatted':
      return new KiltError('format-interrupted');
    case 'needs-user':
      return new KiltError('pin-needed', { role: 'user' });
    case 'needs-administrator':
      return new KiltError('pin-needed', { role: 'administrator' });
    case 'needs-login':
      return new KiltError('pin-needed', { role: 'user' });
    case 'changed-by-user-only':
      return new KiltError('pin-not-allowed', { role: 'user', changedBy: 'user' });
    case 'changed-by-administrator-only':
      return new KiltError('pin-not-allowed', { role: 'user', changedBy: 'administrator' });
    case 'pin-blocked':
      return new KiltError('pin-blocked', {
        role: action === 'change-user-pin' ? 'user' : 'administrator',
      });
    case 'not-blocked':
      return new KiltError('pin-not-blocked');
    case 'no-layout':
      return new KiltError('token-layout-damaged', { reason: 'no PKCS#15 application' });
  }
}
