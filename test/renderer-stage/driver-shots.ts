import type { Shot, StageHand } from './shots.ts';

/** The token's driver in the settings, and how one comes to each state. */

const driver = (name: string, act?: (hand: StageHand) => Promise<void>): Shot => ({
  name,
  scenario: name,
  act: async (hand) => {
    await hand.press(hand.t.frame.settings);
    await hand.page.getByRole('radio', { name: hand.t.settings.driver.none }).waitFor();
    await act?.(hand);
    const heading = hand.page.getByRole('heading', { name: hand.t.settings.driver.title, exact: true });
    await heading.evaluate((element) => {
      element.scrollIntoView({ block: 'start' });
    });
  },
});

export const driverShots: readonly Shot[] = [
  driver('driver'),
  driver('driver-none-found'),
  driver('driver-refused', async (hand) => {
    await hand.page.getByRole('radio', { name: /kztPKCS11/ }).click();
    await hand.page.getByText(hand.t.errors.catalogue['driver-not-allowed'].title).waitFor();
  }),
  driver('driver-failed', async (hand) => {
    await hand.page.getByText(hand.t.errors.catalogue['driver-failed'].title).waitFor();
  }),
];
