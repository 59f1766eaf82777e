import { expect, test } from '@playwright/test';
import { newCard } from '#test/virtual-token/new-card.ts';
import { Desk } from './desk.ts';
import { Journey } from './journey.ts';
import { look } from './look.ts';

let desk: Desk;
test.beforeAll(async () => {
  desk = await Desk.set();
});
test.afterAll(() => desk.clear());

test('a certificate that ends in ten days is told of, also when its token is in a drawer, until it is put off', async () => {
  const { card } = await newCard({ profile: 'expiring', label: 'Kassa-7' });
  const kilt = await desk.openKilt();
  const { page } = kilt;
  const journey = new Journey(page, 'ru');
  const { t } = journey;
  const told = page.getByText(t('ends.notice', { count: 1 }));

  await expect(journey.heading(t('picker.title'))).toBeVisible();
  await expect(told).toBeHidden();
  await desk.insert(card);
  await expect(told).toBeVisible();
  await desk.pull();
  await expect(page.getByText(`Kassa-7 (${t('ends.absent')})`)).toBeVisible();
  await look(page, 'picker-certificate-ends', 'ru');
  for (const [from, to] of [
    ['ru', 'en'],
    ['en', 'kk'],
  ] as const) {
    const spoken = new Journey(page, to);
    await spoken.chooseLanguage(from, to);
    await expect(page.getByText(spoken.t('ends.notice', { count: 1 }))).toBeVisible();
    await look(page, 'picker-certificate-ends', to);
  }
  await journey.chooseLanguage('kk', 'ru');

  await page.getByRole('button', { name: t('ends.tomorrow') }).click();
  await expect(told).toBeHidden();
});
