import type { Page } from '@playwright/test';
import { texts } from '#shared/texts/index.ts';
import type { Language } from '#shared/views.ts';
import { bankShots } from './bank-shots.ts';
import { keysShots } from './keys-shots.ts';
import { driverShots } from './driver-shots.ts';
import { panelShots } from './panel-shots.ts';
import { recordsShots } from './records-shots.ts';
import { siteShots } from './site-shots.ts';
import { finished, interrupted } from './scenarios.ts';

/** A screen, and how one comes to it. */
export interface Shot {
  readonly name: string;
  readonly scenario: string;
  readonly act?: (stage: StageHand) => Promise<void>;
}

/** Drives the page as a user would, by the words on the screen. */
export class StageHand {
  readonly page: Page;
  readonly t: (typeof texts)['ru'];

  constructor(page: Page, language: Language) {
    this.page = page;
    this.t = texts[language];
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  async openToken(password = 'Almaty2027'): Promise<void> {
    await this.page.getByLabel(this.t.picker.password, { exact: true }).fill(password);
    await this.press(this.t.common.ok);
  }

  async toWizard(): Promise<void> {
    await this.openToken('12345678');
    await this.page
      .getByRole('alertdialog')
      .getByRole('button', { name: this.t.common.ok, exact: true })
      .click();
    await this.page.getByRole('heading', { name: this.t.wizard.welcome.title }).waitFor();
  }

  /** With a NUC signature on the token nobody is asked whether a profile is wanted. */
  async toNationalWizard(): Promise<void> {
    await this.openToken('12345678');
    await this.page.getByRole('heading', { name: this.t.wizard.welcome.title }).waitFor();
  }

  async toNationalData(): Promise<void> {
    await this.toNationalWizard();
    await this.press(this.t.common.next);
    await this.page.getByRole('heading', { name: this.t.wizard.data.title }).waitFor();
  }

  async toNationalConfirmation(): Promise<void> {
    await this.toNationalData();
    await this.page.getByLabel(this.t.fields.userId).fill('qq111111_qwertyui');
    await this.page.getByLabel(this.t.fields.registrationPin).first().pressSequentially('a1b2c3d4e5o');
    await this.press(this.t.common.next);
    await this.page.getByRole('heading', { level: 1, name: this.t.wizard.token.title }).waitFor();
    await this.page.getByLabel(this.t.fields.newPassword, { exact: true }).fill('Almaty2027');
    await this.page.getByLabel(this.t.fields.confirmation, { exact: true }).fill('Almaty2027');
    await this.press(this.t.common.next);
    await this.page.getByRole('heading', { level: 1, name: this.t.wizard.confirmation.title }).waitFor();
  }

  async toData(): Promise<void> {
    await this.toWizard();
    await this.press(this.t.common.next);
    await this.page.getByRole('heading', { name: this.t.wizard.data.title }).waitFor();
  }

  async fillData(): Promise<void> {
    await this.page.getByLabel(this.t.fields.userId).fill('qq111111_qwertyui');
    await this.page.getByLabel(this.t.fields.registrationPin).first().pressSequentially('a1b2c3d4e5o');
    await this.page.getByRole('button', { name: this.t.fields.browse }).click();
    await this.page.getByText('Key.pfx', { exact: true }).last().waitFor();
  }

  async toToken(): Promise<void> {
    await this.toData();
    await this.fillData();
    await this.press(this.t.common.next);
    await this.page.getByRole('heading', { level: 1, name: this.t.wizard.token.title }).waitFor();
  }

  async toConfirmation(): Promise<void> {
    await this.toToken();
    await this.page.getByLabel(this.t.fields.newPassword, { exact: true }).fill('Almaty2027');
    await this.page.getByLabel(this.t.fields.confirmation, { exact: true }).fill('Almaty2027');
    await this.press(this.t.common.next);
    await this.page.getByRole('heading', { level: 1, name: this.t.wizard.confirmation.title }).waitFor();
  }

  /** An event of the main process. */
  async tell(name: string, payload: unknown): Promise<void> {
    await this.page.evaluate(
      ([event, value]) => {
        (window as unknown as { stage: { tell: (name: unknown, payload: unknown) => void } }).stage.tell(
          event,
          value,
        );
      },
      [name, payload] as const,
    );
  }
}

const just = (scenario: string): Shot => ({ name: scenario, scenario });

export const shots: readonly Shot[] = [
  just('starting'),
  just('service-off'),
  just('no-reader'),
  just('no-token'),
  just('unsupported'),
  just('in-use'),
  just('reading'),
  just('mute'),
  just('foreign'),
  just('blocked'),
  just('elsewhere'),
  just('empty-token'),
  just('many-tokens'),
  just('two-profiles'),
  just('certificates-end'),
  just('unfinished'),
  just('accepted'),
  {
    name: 'token-chip',
    scenario: 'empty-token',
    act: async (hand) => {
      await hand.page.getByRole('banner').getByRole('button').click();
    },
  },
  {
    name: 'layout-hint',
    scenario: 'empty-token',
    act: async (hand) => {
      await hand.page.getByLabel(hand.t.picker.password, { exact: true }).fill('пароль');
      await hand.press(hand.t.fields.showPassword);
    },
  },
  { name: 'wrong-pin', scenario: 'wrong-pin', act: (hand) => hand.openToken() },
  { name: 'signing-in', scenario: 'signing-in', act: (hand) => hand.openToken() },
  { name: 'last-attempt', scenario: 'last-attempt', act: (hand) => hand.openToken() },
  { name: 'create-profile', scenario: 'empty-token', act: (hand) => hand.openToken('12345678') },
  { name: 'wizard-1-welcome', scenario: 'empty-token', act: (hand) => hand.toWizard() },
  { name: 'wizard-2-data', scenario: 'empty-token', act: (hand) => hand.toData() },
  { name: 'wizard-2-bank-words', scenario: 'bank-words', act: (hand) => hand.toData() },
  {
    name: 'wizard-2-filled',
    scenario: 'two-banks',
    act: async (hand) => {
      await hand.toData();
      await hand.fillData();
    },
  },
  { name: 'nuc-picker', scenario: 'four-banks' },
  { name: 'nuc-welcome-banks', scenario: 'four-banks', act: (hand) => hand.toNationalWizard() },
  { name: 'nuc-welcome-expired', scenario: 'national-expired', act: (hand) => hand.toNationalWizard() },
  { name: 'nuc-welcome-missing', scenario: 'national-missing', act: (hand) => hand.toWizard() },
  { name: 'nuc-data-one', scenario: 'four-banks', act: (hand) => hand.toNationalData() },
  { name: 'nuc-data-two', scenario: 'two-signatures', act: (hand) => hand.toNationalData() },
  { name: 'nuc-confirmation', scenario: 'two-signatures', act: (hand) => hand.toNationalConfirmation() },
  {
    name: 'nuc-resume',
    scenario: 'national-resume',
    act: async (hand) => {
      await hand.openToken();
      await hand.page.getByRole('heading', { name: hand.t.registration.interruptedTitle }).waitFor();
    },
  },
  {
    name: 'wizard-2-complaints',
    scenario: 'empty-token',
    act: async (hand) => {
      await hand.toData();
      await hand.page.getByLabel(hand.t.fields.registrationPin).first().fill('A1');
      await hand.press(hand.t.common.next);
    },
  },
  {
    name: 'wizard-2-0200040',
    scenario: 'wrong-container',
    act: async (hand) => {
      await hand.toData();
      await hand.fillData();
      await hand.press(hand.t.common.next);
      await hand.page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'wizard-3-token',
    scenario: 'empty-token',
    act: async (hand) => {
      await hand.toToken();
      await hand.page.getByLabel(hand.t.fields.newPassword, { exact: true }).fill('Almaty123');
    },
  },
  { name: 'wizard-4-confirmation', scenario: 'empty-token', act: (hand) => hand.toConfirmation() },
  {
    name: 'wizard-4-token-gone',
    scenario: 'empty-token',
    act: async (hand) => {
      await hand.toConfirmation();
      await hand.tell('tokens.changed', { presence: 'no-token', tokens: [], transport: 'pcsc' });
    },
  },
  {
    name: 'wizard-5-progress',
    scenario: 'empty-token',
    act: async (hand) => {
      await hand.toConfirmation();
      await hand.page.getByRole('checkbox').check();
      await hand.press(hand.t.common.next);
      await hand.page.getByRole('heading', { name: hand.t.registration.progressTitle }).waitFor();
    },
  },
  just('waiting'),
  {
    name: 'wizard-5-interrupted',
    scenario: 'running',
    act: async (hand) => {
      await hand.page.getByRole('heading', { name: hand.t.registration.progressTitle }).waitFor();
      await hand.tell('registration.changed', interrupted);
    },
  },
  {
    name: 'wizard-5-resume-data',
    scenario: 'unfinished-data',
    act: async (hand) => {
      await hand.openToken();
      await hand.page.getByRole('heading', { name: hand.t.registration.resumeTitle }).waitFor();
    },
  },
  {
    name: 'wizard-6-done',
    scenario: 'running',
    act: async (hand) => {
      await hand.page.getByRole('heading', { name: hand.t.registration.progressTitle }).waitFor();
      await hand.tell('registration.changed', finished);
      await hand.page.getByRole('heading', { name: hand.t.registration.doneTitle }).waitFor();
    },
  },
  {
    name: 'home',
    scenario: 'home',
    act: async (hand) => {
      await hand.openToken();
      await hand.page.getByRole('heading', { name: hand.t.home.certificates }).waitFor();
    },
  },
  ...panelShots,
  ...bankShots,
  ...keysShots,
  ...driverShots,
  ...recordsShots,
  ...siteShots,
];
