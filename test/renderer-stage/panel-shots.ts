import type { Shot, StageHand } from './shots.ts';

/** Screens of the control panel, and how one comes to each. */

const toPanel = async (hand: StageHand): Promise<void> => {
  await hand.press(hand.t.frame.token);
  await hand.page.getByRole('heading', { level: 1, name: hand.t.controlPanel.title }).waitFor();
};

const panel = (name: string, act?: (hand: StageHand) => Promise<void>): Shot => ({
  name,
  scenario: name,
  act: async (hand) => {
    await toPanel(hand);
    await act?.(hand);
  },
});

const variant = (name: string, scenario: string, act: (hand: StageHand) => Promise<void>): Shot => ({
  ...panel(scenario, act),
  name,
});

type Row = keyof StageHand['t']['controlPanel']['actions'];

/** The button of a row, which is called by its own words and those of the row. */
const choose = async (hand: StageHand, row: Row): Promise<void> => {
  const { button, name } = hand.t.controlPanel.actions[row];
  await hand.press(`${button} ${name}`);
};
const dialog = (hand: StageHand) => hand.page.getByRole('alertdialog');
const inDialog = (hand: StageHand, name: string): Promise<void> =>
  dialog(hand).getByRole('button', { name, exact: true }).click();
const newPin = async (hand: StageHand, typed: string, nth = 0): Promise<void> => {
  const { pin, confirmation } = hand.t.controlPanel.newPin;
  await hand.page.getByLabel(pin, { exact: true }).nth(nth).fill(typed);
  await hand.page.getByLabel(confirmation, { exact: true }).nth(nth).fill(typed);
};
const logIn = async (hand: StageHand): Promise<void> => {
  await hand.page.getByRole('button', { name: hand.t.controlPanel.logIn, exact: true }).first().click();
  await dialog(hand).waitFor();
};
const heading = (hand: StageHand, name: string): Promise<void> =>
  hand.page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

const toLosses = async (hand: StageHand): Promise<void> => {
  await choose(hand, 'format');
  await heading(hand, hand.t.controlPanel.format.losses.title);
};
const toSettings = async (hand: StageHand): Promise<void> => {
  await toLosses(hand);
  await hand.press(hand.t.common.next);
  await heading(hand, hand.t.controlPanel.format.settings.title);
};
const toConfirmation = async (hand: StageHand): Promise<void> => {
  await toSettings(hand);
  await newPin(hand, 'Almaty2027');
  await hand.press(hand.t.common.next);
  await heading(hand, hand.t.controlPanel.format.confirmation.title);
};
const typeName = (hand: StageHand, typed: string): Promise<void> =>
  hand.page.getByRole('main').getByRole('textbox').fill(typed);
const start = async (hand: StageHand): Promise<void> => {
  await toConfirmation(hand);
  await typeName(hand, 'qq111111_qwertyui');
  await hand.press(hand.t.controlPanel.format.confirmation.go);
};

export const panelShots: readonly Shot[] = [
  panel('panel-guest'),
  panel('panel-user'),
  panel('panel-administrator'),
  panel('panel-by-user-only'),
  panel('panel-user-blocked'),
  panel('panel-user-blocked-administrator'),
  panel('panel-administrator-blocked'),
  panel('panel-both-blocked'),
  panel('panel-half-formatted'),
  panel('panel-no-layout'),
  panel('panel-unread'),
  panel('panel-two-tokens'),
  panel('panel-not-ready'),
  variant('panel-no-token', 'no-token', async () => undefined),
  variant('panel-tab-settings', 'panel-guest', async (hand) => {
    await hand.page.getByRole('tab', { name: hand.t.controlPanel.tabs.settings }).click();
  }),
  variant('panel-tab-about', 'panel-guest', async (hand) => {
    await hand.page.getByRole('tab', { name: hand.t.controlPanel.tabs.about }).click();
  }),
  variant('panel-login', 'panel-guest', logIn),
  panel('panel-wrong-pin', async (hand) => {
    await logIn(hand);
    await hand.page.getByRole('radio', { name: hand.t.controlPanel.roles.administrator }).check();
    await hand.page.getByLabel(hand.t.controlPanel.login.pin, { exact: true }).fill('87654320');
    await inDialog(hand, hand.t.common.ok);
    await hand.page.getByRole('alert').waitFor();
  }),
  panel('panel-last-attempt', async (hand) => {
    await logIn(hand);
    await hand.page.getByRole('radio', { name: hand.t.controlPanel.roles.administrator }).check();
    await hand.page.getByLabel(hand.t.controlPanel.login.pin, { exact: true }).fill('87654320');
    await inDialog(hand, hand.t.common.ok);
    await hand.page.getByText(hand.t.controlPanel.login.lastAttempt.title).waitFor();
  }),
  variant('panel-login-blocked', 'panel-administrator-blocked', async (hand) => {
    await logIn(hand);
    await hand.page.getByRole('radio', { name: hand.t.controlPanel.roles.administrator }).check();
  }),
  variant('panel-information', 'panel-guest', (hand) => hand.press(hand.t.controlPanel.information.button)),
  variant('panel-information-silent', 'panel-silent', (hand) =>
    hand.press(hand.t.controlPanel.information.button),
  ),
  variant('panel-change-pin', 'panel-user', (hand) => choose(hand, 'change-user-pin')),
  variant('panel-change-pin-weak', 'panel-user', async (hand) => {
    await choose(hand, 'change-user-pin');
    await newPin(hand, '12345679');
    await inDialog(hand, hand.t.controlPanel.changePin.go);
  }),
  variant('panel-change-pin-layout', 'panel-administrator', async (hand) => {
    await choose(hand, 'change-administrator-pin');
    await newPin(hand, 'пин');
    await inDialog(hand, hand.t.controlPanel.changePin.go);
  }),
  panel('panel-forbids-weak', async (hand) => {
    await choose(hand, 'change-user-pin');
    await newPin(hand, '12345679');
    await inDialog(hand, hand.t.controlPanel.changePin.go);
  }),
  variant('panel-change-pin-refused', 'panel-refuses', async (hand) => {
    await choose(hand, 'change-user-pin');
    await newPin(hand, 'Almaty2027');
    await inDialog(hand, hand.t.controlPanel.changePin.go);
    await hand.page.getByRole('alert').waitFor();
  }),
  variant('panel-pin-changed', 'panel-user', async (hand) => {
    await choose(hand, 'change-user-pin');
    await newPin(hand, 'Almaty2027');
    await inDialog(hand, hand.t.controlPanel.changePin.go);
    await dialog(hand).waitFor({ state: 'detached' });
  }),
  variant('panel-unblock', 'panel-user-blocked-administrator', (hand) => choose(hand, 'unblock')),
  variant('panel-unblocked', 'panel-user-blocked-administrator', async (hand) => {
    await choose(hand, 'unblock');
    await inDialog(hand, hand.t.controlPanel.unblock.go);
    await hand.page.getByText(hand.t.controlPanel.unblock.doneTitle).first().waitFor();
  }),
  variant('panel-rename', 'panel-refuses', (hand) => choose(hand, 'rename')),
  variant('panel-rename-refused', 'panel-refuses', async (hand) => {
    await choose(hand, 'rename');
    await dialog(hand).getByRole('textbox').fill('Office-2');
    await inDialog(hand, hand.t.controlPanel.rename.go);
    await hand.page.getByRole('alert').waitFor();
  }),
  variant('panel-rights-ended', 'panel-user', async (hand) => {
    await hand.page.evaluate(() => {
      (window as unknown as { stage: { panel: { endRights: () => void } } }).stage.panel.endRights();
    });
    await hand.page.getByText(hand.t.controlPanel.rights.endedTitle).waitFor();
  }),
  variant('panel-format-1-losses', 'panel-format', toLosses),
  variant('panel-format-1-nothing', 'panel-format-nothing', toLosses),
  variant('panel-format-1-several', 'panel-format-several', toLosses),
  variant('panel-format-1-unfinished', 'panel-format-unfinished', toLosses),
  variant('panel-format-1-override', 'panel-format-unfinished', async (hand) => {
    await toLosses(hand);
    await hand.press(hand.t.controlPanel.format.blockers.override);
    await hand.press(hand.t.common.next);
  }),
  variant('panel-format-1-unfinished-blocked', 'panel-format-unfinished-blocked', toLosses),
  variant('panel-format-1-administrator-blocked', 'panel-administrator-blocked', toLosses),
  variant('panel-format-2-settings', 'panel-format', toSettings),
  variant('panel-format-2-complaints', 'panel-format', async (hand) => {
    await toSettings(hand);
    await newPin(hand, '876');
    await hand.press(hand.t.common.next);
  }),
  variant('panel-format-2-finishing', 'panel-half-formatted', async (hand) => {
    await hand.press(hand.t.controlPanel.halfFormatted.finish);
    await heading(hand, hand.t.controlPanel.format.settings.title);
  }),
  variant('panel-format-3-confirmation', 'panel-format', toConfirmation),
  variant('panel-format-3-differs', 'panel-format', async (hand) => {
    await toConfirmation(hand);
    await typeName(hand, 'другой токен');
    await hand.press(hand.t.controlPanel.format.confirmation.go);
  }),
  variant('panel-format-3-refused', 'panel-format-refused', async (hand) => {
    await start(hand);
    await hand.page.getByRole('alert').waitFor();
  }),
  variant('panel-format-4-progress', 'panel-format', async (hand) => {
    await start(hand);
    await heading(hand, hand.t.controlPanel.format.progress.title);
  }),
  variant('panel-format-5-finished', 'panel-format-finished', async (hand) => {
    await start(hand);
    await heading(hand, hand.t.controlPanel.format.result.title);
  }),
  variant('panel-format-5-interrupted', 'panel-format-interrupted', async (hand) => {
    await start(hand);
    await heading(hand, hand.t.controlPanel.format.interrupted.title);
  }),
];
