import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { nationalCard } from '#test/support/national-customer.ts';
import { nationalOwnerIin } from '#test/virtual-token/national/national-profile.ts';
import { Desk } from './desk.ts';
import { Journey } from './journey.ts';
import { look } from './look.ts';

const factoryPin = '12345678';
const password = 'Tulpar7Asyq';

/** The manuals' two ways with a NUC signature: StarBanking of a person, Internet-Banking of a legal person. */
const systems = [
  { manual: 'S1', owner: 'person', algorithm: 'gost' },
  { manual: 'S2', owner: 'organisation', algorithm: 'rsa' },
] as const;

for (const { manual, owner, algorithm } of systems) {
  test.describe(`${manual}, the NUC signature of ${owner === 'person' ? 'a person' : 'an organisation'}`, () => {
    let authority: string;
    let desk: Desk;
    test.beforeAll(async () => {
      authority = mkdtempSync(path.join(tmpdir(), 'kilt-authority-'));
      desk = await Desk.set({
        authentication: 'national-signature',
        national: { authorityFolder: authority, owner },
      });
    });
    test.afterAll(async () => {
      await desk.clear();
      rmSync(authority, { recursive: true, force: true });
    });

    for (const language of ['ru', 'kk', 'en'] as const) {
      test(`makes a profile beside the national keys (${language})`, async () => {
        const kilt = await desk.openKilt({ locale: language });
        const { page } = kilt;
        const journey = new Journey(page, language);
        const { t } = journey;
        const seen = (screen: string) => look(page, `${manual.toLowerCase()}-${screen}`, language);
        if (language !== 'ru') await journey.chooseLanguage('ru', language);

        const label = owner === 'person' ? 'SAPAROVA AIGERIM' : 'TULPAR LLP';
        const { watched, faults } = await nationalCard(authority, { label, nationalOwner: owner });
        await desk.insert(faults);
        await expect(journey.tokenRow(`${label}${t('picker.register')}`)).toBeVisible();
        await seen('picker');

        // Whoever chose «Зарегистрировать» is not asked once more whether a profile is wanted.
        const customer = desk.bank.admitNational({ iin: nationalOwnerIin, name: 'Айгерим Сапарова' });
        await journey.openToken(factoryPin);
        await expect(journey.heading(t('wizard.welcome.title'))).toBeVisible();
        await expect(page.getByText(t('wizard.welcome.national'))).toBeVisible();
        await expect(page.getByText(t('wizard.welcome.stick'))).toBeHidden();
        await seen('wizard-welcome');
        await journey.next();

        await expect(journey.heading(t('wizard.data.title'))).toBeVisible();
        const kind = t(`controlPanel.format.losses.algorithms.${algorithm}`);
        await page.getByRole('radio', { name: kind }).check();
        await journey.fillRegistrationData({
          userId: customer.userId,
          otpPin: Buffer.from(customer.pin).toString(),
          withoutFile: true,
        });
        await seen('wizard-data');
        await journey.next();
        await expect(journey.heading(t('wizard.token.title'))).toBeVisible();
        await journey.chooseNewPassword(password);
        await seen('wizard-token');
        await journey.next();
        await expect(journey.heading(t('wizard.confirmation.title'))).toBeVisible();
        await expect(page.getByText('САПАРОВА АЙГЕРИМ СЕРИКОВНА')).toBeVisible();
        await expect(page.getByText('ТОО «ТҰЛПАР»')).toHaveCount(owner === 'organisation' ? 1 : 0);
        await journey.confirmData();
        await seen('wizard-confirmation');
        watched.card.minimumKeyGenerationMs = 1500;
        await journey.next();
        await journey.waitForStep('sign-in-key-made');
        await seen('wizard-progress');
        await journey.waitUntilDone();
        await seen('wizard-done');
        await journey.finish();

        await expect(journey.tokenRow(customer.userId)).toBeVisible();
        await seen('picker-registered');
        await journey.openToken(password);
        const bank = desk.bank.system.name[language];
        await expect(journey.heading(t('home.title', { bank }))).toBeVisible();
        await seen('home');
        const registered = desk.bank.registrations().filter(({ userId }) => userId === customer.userId);
        expect(registered).toHaveLength(1);
        // Three of the national authority's, two of the bank's.
        expect(watched.keyFiles()).toEqual({ privateKeys: 5, publicKeys: 5, empty: 0 });
        expect(watched.refusedVerifies).toBe(0);
        await desk.pull();
        await kilt.close();
      });
    }

    test('a signature that the national authority has revoked makes no profile; the other one on the token does (ru)', async () => {
      const kilt = await desk.openKilt({ locale: 'ru' });
      const { page } = kilt;
      const journey = new Journey(page, 'ru');
      const { t } = journey;
      const { watched, faults } = await nationalCard(authority, { nationalOwner: owner });
      await desk.insert(faults);
      const customer = desk.bank.admitNational({ iin: nationalOwnerIin, name: 'Айгерим Сапарова' });
      await journey.openToken(factoryPin);
      await journey.next();
      const signature = (kind: 'rsa' | 'gost') =>
        page.getByRole('radio', { name: t(`controlPanel.format.losses.algorithms.${kind}`) });
      desk.bank.revokeNational(await signature(algorithm).inputValue(), 'keyCompromise');
      await signature(algorithm).check();
      await journey.fillRegistrationData({
        userId: customer.userId,
        otpPin: Buffer.from(customer.pin).toString(),
        withoutFile: true,
      });
      await journey.next();
      await journey.expectError('national-signature-unusable', { likelyCause: 'revoked' });
      await look(page, `${manual.toLowerCase()}-wizard-revoked`, 'ru');
      expect(watched.keyFiles().privateKeys).toBe(3);

      // What was typed stands there still.
      await signature(algorithm === 'rsa' ? 'gost' : 'rsa').check();
      await journey.next();
      await journey.chooseNewPassword(password);
      await journey.next();
      await journey.confirmData();
      await journey.next();
      await journey.waitUntilDone();
      await journey.finish();
      await expect(journey.tokenRow(customer.userId)).toBeVisible();
      expect(watched.keyFiles().privateKeys).toBe(5);
      expect(watched.refusedVerifies).toBe(0);
      await desk.pull();
      await kilt.close();
    });

    test('a token without a NUC signature learns what is missing before anything is typed (ru)', async () => {
      const kilt = await desk.openKilt({ locale: 'ru' });
      const { page } = kilt;
      const journey = new Journey(page, 'ru');
      const { t } = journey;
      const { faults, watched } = desk.newToken();
      await desk.insert(faults);
      await journey.openToken(factoryPin);
      await journey.agreeToCreateProfile();
      await expect(page.getByRole('alert')).toContainText(t('wizard.banks.nationalMissing'));
      await expect(page.getByRole('alert')).toContainText(t('wizard.banks.obtainNational'));
      await expect(journey.button(t('common.next'))).toBeDisabled();
      await look(page, `${manual.toLowerCase()}-wizard-missing`, 'ru');
      expect(watched.keyFiles().privateKeys).toBe(0);
      await desk.pull();
      await kilt.close();
    });
  });
}
