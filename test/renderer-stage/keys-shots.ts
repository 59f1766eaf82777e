import { accepted, failed, issued, renewed } from './keys-scenarios.ts';
import type { Shot, StageHand } from './shots.ts';

/** «Ключи»: list, every status, every page of a regeneration, and how one comes to each. */

const toKeys = async (hand: StageHand): Promise<void> => {
  await hand.press(hand.t.frame.keys);
  await hand.page.getByRole('heading', { level: 1, name: hand.t.keys.title }).waitFor();
};
const keys = (name: string, scenario = name, act?: (hand: StageHand) => Promise<void>): Shot => ({
  name,
  scenario,
  act: async (hand) => {
    await toKeys(hand);
    await act?.(hand);
  },
});
const title = (hand: StageHand, name: string) => hand.page.getByRole('heading', { level: 1, name }).waitFor();
const toDescription = async (hand: StageHand): Promise<void> => {
  await hand.press(hand.t.keys.toolbar.new);
  await title(hand, hand.t.keys.description.title);
};
const toConsent = async (hand: StageHand): Promise<void> => {
  await toDescription(hand);
  await hand.press(hand.t.common.next);
  await title(hand, hand.t.keys.consent.title);
};
const send = async (hand: StageHand): Promise<void> => {
  await hand.page.getByRole('checkbox').check();
  // The picker's own field is still in the page, hidden.
  await hand.page
    .getByLabel(hand.t.picker.password, { exact: true })
    .filter({ visible: true })
    .fill('Almaty2027');
  await hand.press(hand.t.keys.consent.send);
};
const toProgress = async (hand: StageHand): Promise<void> => {
  await toConsent(hand);
  await send(hand);
  await title(hand, hand.t.keys.progress.title);
};

export const keysShots: readonly Shot[] = [
  keys('keys-empty'),
  keys('keys-in-use'),
  keys('keys-planned'),
  keys('keys-ended'),
  keys('keys-demanded'),
  keys('keys-revoked'),
  keys('keys-accepted'),
  keys('keys-issued'),
  keys('keys-taking'),
  keys('keys-refused'),
  keys('keys-interrupted'),
  keys('keys-absent'),
  keys('keys-many'),
  keys('keys-certificates', 'keys-planned', (hand) => hand.press(hand.t.keys.parameters.more)),
  keys('keys-1-description', 'keys-planned', toDescription),
  keys('keys-1-description-pin', 'keys-ended', toDescription),
  keys('keys-1-no-room', 'keys-no-room', async (hand) => {
    await toDescription(hand);
    await hand.page.getByRole('alert').waitFor();
  }),
  keys('keys-2-consent', 'keys-planned', toConsent),
  keys('keys-2-consent-pin', 'keys-ended', toConsent),
  keys('keys-2-wrong-pin', 'keys-wrong-pin', async (hand) => {
    await toConsent(hand);
    await send(hand);
    await hand.page.getByRole('alert').waitFor();
  }),
  keys('keys-3-progress', 'keys-planned', toProgress),
  keys('keys-3-failed', 'keys-planned', async (hand) => {
    await toProgress(hand);
    await hand.tell('renewals.changed', [failed]);
    await title(hand, hand.t.keys.failed.title);
  }),
  keys('keys-4-accepted', 'keys-planned', async (hand) => {
    await toProgress(hand);
    await hand.tell('renewals.changed', [accepted]);
    await title(hand, hand.t.keys.status.accepted);
  }),
  keys('keys-4-issued', 'keys-planned', async (hand) => {
    await toProgress(hand);
    await hand.tell('renewals.changed', [issued]);
    await title(hand, hand.t.keys.status['new-certificate']);
  }),
  keys('keys-4-refused', 'keys-refused', async (hand) => {
    await hand.press(hand.t.keys.showRefusal);
    await title(hand, hand.t.keys.status.refused);
  }),
  keys('keys-4-refused-password', 'keys-refused-password', async (hand) => {
    await hand.press(hand.t.keys.showRefusal);
    await title(hand, hand.t.keys.status.refused);
  }),
  keys('keys-4-interrupted', 'keys-interrupted', async (hand) => {
    await hand.press(hand.t.keys.toolbar.send);
    await title(hand, hand.t.keys.interrupted.title);
  }),
  keys('keys-5-take', 'keys-issued', async (hand) => {
    await hand.press(hand.t.keys.toolbar.take);
    await title(hand, hand.t.keys.take.title);
  }),
  keys('keys-5-taking', 'keys-taking', async (hand) => {
    await hand.press(hand.t.keys.show);
    await title(hand, hand.t.keys.progress.title);
  }),
  keys('keys-6-done', 'keys-taking', async (hand) => {
    await hand.press(hand.t.keys.show);
    await hand.tell('renewals.changed', [renewed]);
    await title(hand, hand.t.keys.done.title);
  }),
];
