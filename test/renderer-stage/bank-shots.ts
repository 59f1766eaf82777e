import type { Shot, StageHand } from './shots.ts';

/** Banks of the settings, and how one comes to each state. */

const banks = (name: string, scenario = name, act?: (hand: StageHand) => Promise<void>): Shot => ({
  name,
  scenario,
  act: async (hand) => {
    await hand.press(hand.t.frame.settings);
    const heading = hand.page.getByRole('heading', { name: hand.t.banks.title, exact: true });
    await heading.evaluate((element) => {
      element.scrollIntoView({ block: 'start' });
    });
    await act?.(hand);
  },
});
const open = (nth: number) => async (hand: StageHand) => {
  await hand.page.locator('section', { hasText: hand.t.banks.text }).getByRole('button').nth(nth).click();
  await hand.page.getByText(hand.t.banks.facts.file, { exact: true }).first().waitFor();
};
const toImport = async (hand: StageHand): Promise<void> => {
  await hand.press(hand.t.banks.import);
  await hand.page.getByRole('alertdialog').waitFor();
};

export const bankShots: readonly Shot[] = [
  banks('banks'),
  banks('banks-none'),
  banks('banks-usable', 'banks', open(0)),
  banks('banks-in-use', 'banks', open(1)),
  banks('banks-ended', 'banks', open(2)),
  banks('banks-unusable', 'banks', open(3)),
  banks('banks-import', 'banks', toImport),
  banks('banks-import-below', 'banks', async (hand) => {
    await toImport(hand);
    const dialog = hand.page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: hand.t.banks.importing.go }).click();
    await dialog.getByText(hand.t.banks.importing.comparedNeeded).scrollIntoViewIfNeeded();
  }),
  banks('banks-update', 'banks-update', toImport),
  banks('banks-lookalike', 'banks-lookalike', toImport),
  banks('banks-refused', 'banks-refused', async (hand) => {
    await hand.press(hand.t.banks.import);
    await hand.page.getByText(hand.t.errors.catalogue['bank-signer-changed'].title).waitFor();
  }),
  banks('banks-remove', 'banks', async (hand) => {
    await open(0)(hand);
    await hand.page.getByRole('button', { name: hand.t.banks.remove }).first().click();
    await hand.page.getByRole('alertdialog').waitFor();
  }),
];
