import type { Shot, StageHand } from './shots.ts';

/** The consent window and «Сайты» of the settings, and how one comes to each state. */

const consent = (name: string, act?: (hand: StageHand) => Promise<void>): Shot => ({
  name,
  scenario: name,
  act: async (hand) => {
    await hand.page.getByRole('heading', { level: 1 }).waitFor();
    // Its buttons wait for a moment.
    await hand.page
      .getByRole('button', { name: hand.t.consent.refuse })
      .and(hand.page.locator(':not([aria-disabled="true"])'))
      .waitFor();
    await act?.(hand);
  },
});
const sites = (name: string): Shot => ({
  name,
  scenario: name,
  act: async (hand) => {
    await hand.press(hand.t.frame.settings);
    const heading = hand.page.getByRole('heading', { name: hand.t.sites.title, exact: true });
    await heading.evaluate((element) => {
      element.scrollIntoView({ block: 'start' });
    });
    await hand.page.getByRole('switch', { name: hand.t.sites.loopback.label }).waitFor();
  },
});

export const siteShots: readonly Shot[] = [
  consent('consent-first'),
  consent('consent-lookalike'),
  consent('consent-sign'),
  consent('consent-many'),
  consent('consent-hash'),
  consent('consent-xml'),
  consent('consent-wrong-pin', async (hand) => {
    await hand.page.getByLabel(hand.t.picker.password, { exact: true }).fill('Almaty2027');
    await hand.press(hand.t.consent.agree.sign);
    await hand.page.getByText(hand.t.errors.catalogue['wrong-pin'].title).first().waitFor();
  }),
  consent('consent-sign-in'),
  consent('consent-certificate'),
  consent('consent-no-token'),
  sites('sites'),
  sites('sites-none'),
  sites('sites-port-taken'),
  sites('sites-not-trusted'),
];
