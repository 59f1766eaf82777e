import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatStages, type FormatView } from '#shared/control-panel-views.ts';
import { Desk, newAdministratorPin, newUserPin, secret, settings } from './desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

describe('a format', () => {
  it('makes a fresh token with the name, PINs and rules that were chosen', async () => {
    const { watched } = await desk.insert();
    await desk.login('administrator');
    const told: FormatView[] = [];
    desk.kilt.controlPanel.onFormatChange((view) => told.push(view));

    const view = await desk.format();

    expect(view).toMatchObject({ state: 'finished', done: [...formatStages] });
    expect(told.map(({ state, done }) => [state, done.length])).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((count) => ['running', count]),
      ['finished', 7],
    ]);
    const panel = await desk.kilt.controlPanel.view(desk.tokenId());
    expect(panel.rights).toBeNull();
    expect(panel.information).toMatchObject({
      label: settings.label,
      layout: 'complete',
      userPin: { changedBy: 'user', minLength: 8, maxAttempts: 5, attemptsLeft: 5, isDefault: false },
      administratorPin: { minLength: 9, maxAttempts: 3, attemptsLeft: 3, isDefault: false },
    });
    expect(desk.kilt.tokensView().tokens[0]).toMatchObject({ kind: 'empty', label: settings.label });
    await desk.login('user', newUserPin);
    await desk.login('administrator', newAdministratorPin);
    expect(watched.refusedVerifies).toBe(0);
    expect(desk.auditLines()).toEqual([
      'login begun',
      'login done',
      'format begun',
      'format done',
      'logout done',
      'login begun',
      'login done',
      'logout done',
      'login begun',
      'login done',
    ]);
    expect(desk.kilt.audit.verify()).toEqual({ state: 'intact' });
    void secret;
  });
});
