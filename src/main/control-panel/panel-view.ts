import type {
  Obstacle,
  PanelAction,
  PanelPinView,
  PanelView,
  TokenInformationView,
} from '#shared/control-panel-views.ts';
import type { PinRole, PinStatus, TokenInfo } from '#main/token/token-session.ts';
import type { Rights } from './panel-rights.ts';

/** What a login in this insertion has shown of each PIN: whether it is the one of the factory. */
export type KnownDefaults = Readonly<Partial<Record<PinRole, boolean>>>;

/** The control panel's picture of one token. */
export function panelViewOf(
  tokenId: string,
  { info, reader }: { readonly info: TokenInfo; readonly reader: string },
  rights: Rights | undefined,
  defaults: KnownDefaults,
): PanelView {
  return {
    tokenId,
    information: informationView(info, reader, defaults),
    rights: rights ? { role: rights.role, since: rights.since.toISOString() } : null,
    actions: obstacles(info, rights?.role),
  };
}

function informationView(info: TokenInfo, reader: string, defaults: KnownDefaults): TokenInformationView {
  const { serial, label, model, atr, firmware, protocol, totalMemory, freeMemory, layout } = info;
  return {
    label,
    model,
    serial,
    serialDecimal: BigInt(`0x${serial}`).toString(),
    reader,
    atr,
    firmware,
    protocol,
    totalMemory,
    freeMemory,
    userPin: pinView(info.userPin, defaults.user),
    administratorPin: pinView(info.administratorPin, defaults.administrator),
    layout,
  };
}

const pinView = (status: PinStatus, isDefault: boolean | undefined): PanelPinView => ({
  ...status,
  isDefault: isDefault ?? null,
});

/** What stands in the way of each action, in the order in which it has to be got out of it. */
export function obstacles(
  info: TokenInfo,
  role: PinRole | undefined,
): Readonly<Record<PanelAction, Obstacle | null>> {
  if (info.layout === 'half-formatted') {
    // Nothing can be done but finishing it, and nobody is asked for a PIN that is not there any more.
    const nothing = 'half-formatted';
    return {
      'change-user-pin': nothing,
      'change-administrator-pin': nothing,
      unblock: nothing,
      rename: nothing,
      format: null,
      import: nothing,
      delete: nothing,
    };
  }
  const onObjects = role === 'user' ? (info.layout === 'none' ? 'no-layout' : null) : 'needs-user';
  // A blocked administrator PIN is never unblocked: asking for it would lead nowhere.
  const asAdministrator =
    role === 'administrator' ? null : info.administratorPin.blocked ? 'pin-blocked' : 'needs-administrator';
  return {
    'change-user-pin': userPinObstacle(info.userPin, role),
    'change-administrator-pin': asAdministrator,
    unblock: asAdministrator ?? (isBlocked(info.userPin) === false ? 'not-blocked' : null),
    rename: onObjects,
    format: info.administratorPin.blocked ? null : asAdministrator,
    import: onObjects,
    delete: onObjects,
  };
}

function userPinObstacle({ changedBy, blocked }: PinStatus, role: PinRole | undefined): Obstacle | null {
  if (role === undefined) {
    if (changedBy === 'user') return 'needs-user';
    return changedBy === 'administrator' ? 'needs-administrator' : 'needs-login';
  }
  if (changedBy === 'user' && role === 'administrator') return 'changed-by-user-only';
  if (changedBy === 'administrator' && role === 'user') return 'changed-by-administrator-only';
  return blocked ? 'pin-blocked' : null;
}

/** `undefined`: the token does not tell, so that unblocking may be worth a try. */
const isBlocked = ({ blocked, attemptsLeft }: PinStatus): boolean | undefined =>
  blocked ? true : attemptsLeft === null ? undefined : false;
