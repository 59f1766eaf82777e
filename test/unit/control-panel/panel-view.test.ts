import { describe, expect, it } from 'vitest';
import { panelView } from '#shared/control-panel-views.ts';
import { asTokenSerial } from '#shared/bytes.ts';
import { obstacles, panelViewOf } from '#main/control-panel/panel-view.ts';
import { pinStatus, tokenInfo } from './bench.ts';

const blocked = { ...pinStatus, attemptsLeft: 0, blocked: true };

describe('what stands in the way of an action', () => {
  it.each([
    [
      'nobody is logged in',
      tokenInfo,
      undefined,
      {
        'change-user-pin': 'needs-login',
        'change-administrator-pin': 'needs-administrator',
        unblock: 'needs-administrator',
        rename: 'needs-user',
        format: 'needs-administrator',
        import: 'needs-user',
        delete: 'needs-user',
      },
    ],
    [
      'the user is logged in',
      tokenInfo,
      'user',
      {
        'change-user-pin': null,
        'change-administrator-pin': 'needs-administrator',
        unblock: 'needs-administrator',
        rename: null,
        format: 'needs-administrator',
        import: null,
        delete: null,
      },
    ],
    [
      'the administrator is logged in and the user PIN is blocked',
      { ...tokenInfo, userPin: blocked },
      'administrator',
      {
        'change-user-pin': 'pin-blocked',
        'change-administrator-pin': null,
        unblock: null,
        rename: 'needs-user',
        format: null,
        import: 'needs-user',
        delete: 'needs-user',
      },
    ],
    [
      'the administrator PIN is blocked: only formatting is left to set it',
      { ...tokenInfo, administratorPin: blocked },
      undefined,
      {
        'change-administrator-pin': 'pin-blocked',
        unblock: 'pin-blocked',
        format: null,
      },
    ],
    [
      'the user PIN is the administrator’s affair',
      { ...tokenInfo, userPin: { ...pinStatus, changedBy: 'administrator' } },
      'user',
      { 'change-user-pin': 'changed-by-administrator-only' },
    ],
    [
      'the user PIN is the user’s affair',
      { ...tokenInfo, userPin: { ...pinStatus, changedBy: 'user' } },
      'administrator',
      { 'change-user-pin': 'changed-by-user-only', unblock: 'not-blocked' },
    ],
    [
      'the token does not tell its tries',
      { ...tokenInfo, userPin: { ...pinStatus, attemptsLeft: null } },
      'administrator',
      { unblock: null },
    ],
    [
      'the token is as from the factory',
      { ...tokenInfo, layout: 'none' },
      'user',
      { 'change-user-pin': null, rename: 'no-layout', import: 'no-layout', delete: 'no-layout' },
    ],
    [
      'a format was interrupted',
      { ...tokenInfo, layout: 'half-formatted' },
      undefined,
      {
        'change-user-pin': 'half-formatted',
        'change-administrator-pin': 'half-formatted',
        unblock: 'half-formatted',
        rename: 'half-formatted',
        format: null,
        import: 'half-formatted',
        delete: 'half-formatted',
      },
    ],
  ] as const)('%s', (_, info, role, expected) => {
    expect(obstacles(info, role)).toMatchObject(expected);
  });
});

describe('«Информация…»', () => {
  it('gives the serial number also as the maker’s own panel prints it', () => {
    const view = panelViewOf(
      't1',
      { info: { ...tokenInfo, serial: asTokenSerial('47738461') }, reader: 'R' },
      undefined,
      {},
    );
    expect(view.information).toMatchObject({ serial: '47738461', serialDecimal: '1198752865' });
  });

  it('leaves untold what the token does not tell', () => {
    const view = panelViewOf('t1', { info: tokenInfo, reader: 'Reader 0' }, undefined, { user: true });
    expect(panelView.parse(view).information).toMatchObject({
      firmware: '30',
      protocol: null,
      freeMemory: null,
      userPin: { isDefault: true },
      administratorPin: { isDefault: null, changedBy: 'administrator' },
    });
  });
});
