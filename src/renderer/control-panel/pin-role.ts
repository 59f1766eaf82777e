import type { PanelPinView, TokenInformationView } from '#shared/control-panel-views.ts';

/** Who logs in, and whose PIN is meant. */
export type PinRole = 'user' | 'administrator';

export const pinRoles: readonly PinRole[] = ['user', 'administrator'];

export const pinOf = (information: TokenInformationView, role: PinRole): PanelPinView =>
  role === 'user' ? information.userPin : information.administratorPin;
