import type { Shot, StageHand } from './shots.ts';

/** Screens of the certificates, the journal and the settings, and how one comes to each. */

const toCertificates = async (hand: StageHand): Promise<void> => {
  await hand.press(hand.t.frame.token);
  await hand.page.getByRole('tab', { name: hand.t.controlPanel.tabs.certificates }).click();
  await hand.page.getByText(hand.t.certificates.text).or(hand.page.getByRole('alert')).waitFor();
};
const onTab = (name: string, scenario = name, act?: (hand: StageHand) => Promise<void>): Shot => ({
  name,
  scenario,
  act: async (hand) => {
    await toCertificates(hand);
    await act?.(hand);
  },
});
const journal = (name: string, scenario = name, act?: (hand: StageHand) => Promise<void>): Shot => ({
  name,
  scenario,
  act: async (hand) => {
    await hand.press(hand.t.frame.journal);
    await hand.page.getByRole('heading', { level: 1, name: hand.t.journal.title }).waitFor();
    await act?.(hand);
  },
});
const settings = (name: string, scenario = 'settings', act?: (hand: StageHand) => Promise<void>): Shot => ({
  name,
  scenario,
  act: async (hand) => {
    await hand.press(hand.t.frame.settings);
    await hand.page.getByRole('heading', { level: 1, name: hand.t.settings.title }).waitFor();
    await act?.(hand);
  },
});

/** Opens the row that is the `nth` of those called so. */
const open = (nth: number) => async (hand: StageHand) => {
  await hand.page.getByRole('table').getByRole('button').nth(nth).click();
  const [begins = ''] = hand.t.certificates.details.label.split('{{');
  await hand.page.getByRole('region', { name: new RegExp(`^${begins}`) }).waitFor();
};
const dialog = (hand: StageHand) => hand.page.getByRole('alertdialog');
const inDialog = (hand: StageHand, name: string) =>
  dialog(hand).getByRole('button', { name, exact: true }).click();
const toPreview = async (hand: StageHand): Promise<void> => {
  await hand.press(hand.t.certificates.import);
  await hand.page.getByLabel(hand.t.certificates.importing.password, { exact: true }).fill('123456');
  await inDialog(hand, hand.t.common.next);
  await dialog(hand).getByRole('checkbox').waitFor();
};
const toDelete = (nth: number) => async (hand: StageHand) => {
  await open(nth)(hand);
  await hand.press(hand.t.certificates.delete);
  await dialog(hand).waitFor();
};

export const recordsShots: readonly Shot[] = [
  onTab('certificates'),
  onTab('certificates-user'),
  onTab('certificates-empty'),
  onTab('certificates-blocked'),
  onTab('certificates-unread'),
  onTab('certificates-registered', 'certificates-user', open(0)),
  onTab('certificates-soon', 'certificates-user', open(2)),
  onTab('certificates-expired', 'certificates-user', open(3)),
  onTab('certificates-key', 'certificates-user', open(4)),
  onTab('certificates-orphaned', 'certificates', open(5)),
  onTab('certificates-authority', 'certificates-user', open(6)),
  onTab('certificates-unreadable', 'certificates-user', open(7)),
  ...(['good', 'revoked', 'unknown', 'untrusted'] as const).map((verdict) =>
    onTab(`certificates-check-${verdict}`, `certificates-check-${verdict}`, async (hand) => {
      await open(0)(hand);
      await hand.press(hand.t.certificates.check.button);
      await hand.page.getByText(hand.t.certificates.check.title[verdict]).waitFor();
    }),
  ),
  onTab('certificates-export', 'certificates-user', async (hand) => {
    await open(0)(hand);
    await hand.press(hand.t.certificates.export);
    await hand.page.getByRole('menuitem').first().waitFor();
  }),
  onTab('certificates-exported', 'certificates-user', async (hand) => {
    await open(0)(hand);
    await hand.press(hand.t.certificates.export);
    await hand.page.getByRole('menuitem').first().click();
    await hand.page.getByText(hand.t.certificates.exporting.done).waitFor();
  }),
  onTab('certificates-import-password', 'certificates-user', async (hand) => {
    await hand.press(hand.t.certificates.import);
    await dialog(hand).waitFor();
  }),
  onTab('certificates-wrong-password', 'certificates-wrong-password', async (hand) => {
    await hand.press(hand.t.certificates.import);
    await hand.page.getByLabel(hand.t.certificates.importing.password, { exact: true }).fill('123456');
    await inDialog(hand, hand.t.common.next);
    await hand.page.getByRole('alert').waitFor();
  }),
  onTab('certificates-import-preview', 'certificates-user', toPreview),
  onTab('certificates-import-consent', 'certificates-user', async (hand) => {
    await toPreview(hand);
    await inDialog(hand, hand.t.certificates.importing.go);
  }),
  onTab('certificates-nothing-new', 'certificates-nothing-new', async (hand) => {
    await hand.press(hand.t.certificates.import);
    await dialog(hand).getByText(hand.t.certificates.importing.nothing).waitFor();
  }),
  onTab('certificates-import-fails', 'certificates-import-fails', async (hand) => {
    await toPreview(hand);
    await dialog(hand).getByRole('checkbox').check();
    await inDialog(hand, hand.t.certificates.importing.go);
    await hand.page.getByRole('alert').waitFor();
  }),
  onTab('certificates-imported', 'certificates-user', async (hand) => {
    await toPreview(hand);
    await dialog(hand).getByRole('checkbox').check();
    await inDialog(hand, hand.t.certificates.importing.go);
    await hand.page.getByText(hand.t.certificates.importing.done).waitFor();
  }),
  onTab('certificates-delete', 'certificates-user', toDelete(3)),
  onTab('certificates-delete-key', 'certificates-user', async (hand) => {
    await toDelete(3)(hand);
    await dialog(hand).getByRole('radio').nth(1).check();
    await inDialog(hand, hand.t.certificates.deleting.go);
  }),
  onTab('certificates-delete-refused', 'certificates-refuses', async (hand) => {
    await toDelete(4)(hand);
    await dialog(hand).getByRole('textbox').fill('forgotten');
    await inDialog(hand, hand.t.certificates.deleting.go);
    await hand.page.getByRole('alert').waitFor();
  }),
  onTab('certificates-deleted', 'certificates-user', async (hand) => {
    await toDelete(4)(hand);
    await dialog(hand).getByRole('textbox').fill('forgotten');
    await inDialog(hand, hand.t.certificates.deleting.go);
    await hand.page.getByText(hand.t.certificates.deleting.doneKey, { exact: true }).waitFor();
  }),
  onTab('certificates-not-saved', 'certificates-refuses', async (hand) => {
    await open(0)(hand);
    await hand.press(hand.t.certificates.export);
    await hand.page.getByRole('menuitem').first().click();
    await hand.page.getByRole('alert').waitFor();
  }),

  journal('journal'),
  journal('journal-empty'),
  journal('journal-broken'),
  journal('journal-unread'),
  journal('journal-details', 'journal', async (hand) => {
    await hand.page.getByRole('button', { name: hand.t.journal.done.format }).click();
  }),
  journal('journal-unfinished', 'journal', async (hand) => {
    await hand.page.getByRole('combobox').nth(1).selectOption('begun');
    await hand.page.getByRole('button', { name: hand.t.journal.begun['import-key-pair'] }).click();
  }),
  journal('journal-none-found', 'journal', async (hand) => {
    await hand.page.getByRole('searchbox').fill('nobody');
    await hand.page.getByText(hand.t.journal.noneFound).waitFor();
  }),
  journal('journal-long', 'journal-long', async (hand) => {
    await hand.page.getByRole('searchbox').fill('rare');
    await hand.page.getByText('5E0C11A2').waitFor();
  }),
  journal('journal-exported', 'journal', async (hand) => {
    await hand.press(hand.t.journal.export);
    await hand.page.getByText(hand.t.journal.exported).waitFor();
  }),

  settings('settings'),
  settings('settings-below', 'settings', async (hand) => {
    await hand.page.getByRole('button', { name: hand.t.settings.showLicences }).scrollIntoViewIfNeeded();
  }),
  settings('settings-refused', 'settings-refused', async (hand) => {
    await hand.press(hand.t.settings.openDataFolder);
    await hand.page.getByRole('alert').waitFor();
  }),
  settings('settings-help', 'settings', async (hand) => {
    await hand.press(hand.t.settings.showHelp);
    await hand.page.getByRole('button', { name: hand.t.help.blocked.question }).click();
  }),
  settings('settings-licences', 'settings', async (hand) => {
    await hand.press(hand.t.settings.showLicences);
    await hand.page.getByRole('button', { name: 'Electron' }).click();
  }),
  settings('settings-licences-refused', 'settings-refused', async (hand) => {
    await hand.press(hand.t.settings.showLicences);
    await hand.page.getByRole('alert').waitFor();
  }),
];
