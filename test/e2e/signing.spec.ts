import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { saveScreenshot, type RunningKilt } from '#test/support/electron-app.ts';
import { registerCard } from '#test/virtual-token/registered/register-card.ts';
import { Desk } from './desk.ts';
import { misfits, resize } from './fits.ts';
import { Journey } from './journey.ts';
import { look } from './look.ts';

const password = 'Tulpar7Asyq';
const order = 'Платежное поручение № 17\nСумма: 100 000 тенге\nПолучатель: ТОО «Ромашка»\n';

let desk: Desk;
test.beforeAll(async () => {
  desk = await Desk.set();
});
test.afterEach(() => desk.tidyUp());
test.afterAll(() => desk.clear());

/** Several files at once, as the dialog lets the user mark them. */
async function answerFileDialog({ app }: RunningKilt, files: readonly string[]): Promise<void> {
  await app.evaluate(
    ({ dialog }, chosen) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: chosen });
    },
    [...files],
  );
}

/** The bank's root and the certificate that its customers' are issued with, for OpenSSL. */
function authorities(folder: string): string {
  const { ca } = JSON.parse(readFileSync(desk.bank.bankFile, 'utf8')) as { ca: { anchors: string[] } };
  const keys = readFileSync(path.join(path.dirname(desk.bank.bankFile), 'bank-keys.json'), 'utf8');
  const { certificate } = (JSON.parse(keys) as { issuing: { certificate: string } }).issuing;
  const lines = certificate.replaceAll(/.{64}/g, '$&\n');
  const file = path.join(folder, 'authorities.pem');
  const issuing = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  writeFileSync(file, `${ca.anchors.join('\n')}\n${issuing}`);
  return file;
}

/** A token with a profile at the bank, which the Kilt of this data folder knows. */
async function registeredToken(dataFolder: string) {
  const token = desk.newToken({ serial: '3A5B7C1D' });
  const bank = { bank: desk.bank, now: () => new Date(), stop: () => Promise.resolve() };
  await registerCard(token.watched.card, bank, { old: '12345678', new: password, label: 'Asel', dataFolder });
  return token;
}

for (const language of ['ru', 'kk', 'en'] as const) {
  test(`documents are looked at, signed with one password, and checked (${language})`, async () => {
    const userData = mkdtempSync(path.join(tmpdir(), 'kilt-user-'));
    const { faults, watched } = await registeredToken(userData);

    const folder = path.join(desk.folder, `documents-${language}`);
    mkdirSync(folder);
    const file = (name: string) => path.join(folder, name);
    writeFileSync(file('order.txt'), order);
    writeFileSync(file('order.xml'), '<?xml version="1.0"?>\n<order sum="100000"/>\n');
    writeFileSync(file('act.zip'), Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0));
    const names = ['order.txt', 'order.xml', 'act.zip', 'scan.png'];

    const kilt = await desk.openKilt({ locale: language, userData });
    try {
      const { page } = kilt;
      const journey = new Journey(page, language);
      const { t } = journey;
      await page.screenshot({ path: file('scan.png') });
      const seen = (screen: string) => look(page, `signing-${screen}`, language);
      if (language !== 'ru') await journey.chooseLanguage('ru', language);

      await journey.button(t('frame.signing')).click();
      await expect(page.getByText(t('signing.noToken.text'))).toBeVisible();
      await seen('no-token');
      await desk.insert(faults);
      await expect(journey.field(t('picker.password'))).toBeVisible();
      await answerFileDialog(kilt, names.map(file));
      await journey.button(t('signing.choose')).click();

      // What you see is what you sign.
      await expect(page.getByText('Сумма: 100 000 тенге')).toBeVisible();
      const hash = createHash('sha256').update(order).digest('hex');
      await expect(page.getByText(hash)).toBeVisible();
      await seen('text');
      const list = page.getByRole('list', { name: t('signing.documents') });
      await list.getByRole('button', { name: 'scan.png' }).first().click();
      await expect(
        page.getByRole('img', { name: t('signing.preview.picture', { name: 'scan.png' }) }),
      ).toBeVisible();
      await seen('picture');
      await list.getByRole('button', { name: 'act.zip' }).first().click();
      await expect(page.getByText(t('signing.preview.none.title'))).toBeVisible();
      await seen('not-shown');

      const verifiesBefore = watched.verifies;
      await journey.field(t('picker.password')).fill(password);
      await journey.button(t('signing.sign', { count: 4 })).click();
      await expect(page.getByText(t('signing.result.title', { signed: 4, count: 4 }))).toBeVisible();
      await seen('result');
      expect(watched.verifies - verifiesBefore).toBe(1);
      const trusted = authorities(folder);
      for (const name of names) {
        execFileSync(
          'openssl',
          [
            ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', file(`${name}.p7s`)],
            ...['-content', file(name), '-CAfile', trusted, '-purpose', 'any', '-out', file('verified')],
          ],
          { stdio: 'pipe' },
        );
      }

      await page.getByRole('tab', { name: t('signing.tabs.check') }).click();
      await answerFileDialog(kilt, [file('order.txt.p7s')]);
      await journey.button(t('signing.check.choose')).click();
      await expect(page.getByText(t('signing.verdicts.valid.title'))).toBeVisible();
      await seen('valid');
      writeFileSync(file('order.txt'), order.replace('100 000', '900 000'));
      await journey.button(t('signing.check.choose')).click();
      await expect(page.getByText(t('signing.problems.document-changed'))).toBeVisible();
      await seen('changed');

      // The document that is signed is the one that was seen.
      await page.getByRole('tab', { name: t('signing.tabs.sign') }).click();
      await journey.button(t('signing.result.again')).click();
      await answerFileDialog(kilt, [file('order.xml')]);
      await journey.button(t('signing.choose')).click();
      await expect(page.getByText('sum="100000"')).toBeVisible();
      writeFileSync(file('order.xml'), '<order sum="900000"/>\n');
      await journey.field(t('picker.password')).fill(password);
      await journey.button(t('signing.sign', { count: 1 })).click();
      await expect(page.getByText(t('errors.catalogue.document-changed.title'))).toBeVisible();
      expect(watched.verifies - verifiesBefore).toBe(1);

      // Each has its line in the journal, and no name of a file.
      await journey.button(t('frame.journal')).click();
      await expect(page.getByText(t('journal.done.sign-document')).first()).toBeVisible();
      await expect(page.getByText(/order\.(txt|xml)/).filter({ visible: true })).toHaveCount(0);
      expect(watched.refusedVerifies).toBe(0);
    } finally {
      await kilt.close();
      rmSync(userData, { recursive: true, force: true });
    }
  });
}

test('a PDF is shown page by page before it is signed, and one that can not be shown says so', async () => {
  const userData = mkdtempSync(path.join(tmpdir(), 'kilt-user-'));
  const { faults } = await registeredToken(userData);
  const folder = path.join(desk.folder, 'documents-pdf');
  mkdirSync(folder);
  const file = (name: string) => path.join(folder, name);
  writeFileSync(
    file('act.html'),
    '<meta charset="utf-8"><h1>Акт № 17</h1><p>Сумма: 100 000 тенге</p><h1 style="break-before: page">Лист 2</h1>',
  );
  execFileSync(
    '/usr/bin/chromium',
    [
      '--headless',
      '--disable-gpu',
      `--user-data-dir=${file('browser')}`,
      `--print-to-pdf=${file('act.pdf')}`,
      file('act.html'),
    ],
    { stdio: 'pipe' },
  );
  const whole = readFileSync(file('act.pdf'));
  writeFileSync(file('cut.pdf'), whole.subarray(0, whole.length / 3));
  const kilt = await desk.openKilt({ locale: 'ru', userData });
  try {
    const { page } = kilt;
    const journey = new Journey(page, 'ru');
    const { t } = journey;
    await desk.insert(faults);
    await journey.button(t('frame.signing')).click();
    await answerFileDialog(kilt, [file('act.pdf'), file('cut.pdf')]);
    await journey.button(t('signing.choose')).click();
    await expect(page.getByText(t('signing.preview.pdf.pages', { count: 2 }))).toBeVisible();
    const first = page.getByRole('img', { name: t('signing.preview.pdf.page', { page: 1, count: 2 }) });
    await expect(first).toHaveAttribute('aria-busy', 'false');
    expect(await first.evaluate(inkOn)).toBeGreaterThan(100);
    await look(page, 'signing-pdf', 'ru');
    await page
      .getByRole('list', { name: t('signing.documents') })
      .getByRole('button', { name: 'cut.pdf' })
      .first()
      .click();
    await expect(page.getByText(t('signing.preview.none.pdf'))).toBeVisible();
  } finally {
    await kilt.close();
    rmSync(userData, { recursive: true, force: true });
  }
});

/** How many points of a drawing are dark. Runs in the page. */
function inkOn(canvas: Element): number {
  const { width, height } = canvas as HTMLCanvasElement;
  const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at]! < 100 && data[at + 3]! > 200) dark += 1;
  return dark;
}

test('an XML document has its signature inside where the user wants it there', async () => {
  const userData = mkdtempSync(path.join(tmpdir(), 'kilt-user-'));
  const { faults } = await registeredToken(userData);
  const folder = path.join(desk.folder, 'documents-xml');
  mkdirSync(folder);
  const file = (name: string) => path.join(folder, name);
  writeFileSync(file('order.xml'), '<?xml version="1.0"?>\n<order sum="100000"/>\n');
  writeFileSync(file('note.txt'), 'Заметка');
  const kilt = await desk.openKilt({ locale: 'ru', userData });
  try {
    const { page } = kilt;
    const journey = new Journey(page, 'ru');
    const { t } = journey;
    await desk.insert(faults);
    await journey.button(t('frame.signing')).click();
    await answerFileDialog(kilt, [file('order.xml'), file('note.txt')]);
    await journey.button(t('signing.choose')).click();
    const inside = page.getByRole('radio', { name: t('signing.form.xml') });
    await expect(page.getByRole('radio', { name: t('signing.form.attached') })).toBeVisible();
    await expect(inside).toHaveCount(0);
    await journey.button(t('signing.remove', { name: 'note.txt' })).click();
    await inside.click();
    await expect(page.getByText(t('signing.noTimestampInXml'))).toBeVisible();
    await look(page, 'signing-xml', 'ru');
    await journey.field(t('picker.password')).fill(password);
    await journey.button(t('signing.sign', { count: 1 })).click();
    await expect(page.getByText(t('signing.result.title', { signed: 1, count: 1 }))).toBeVisible();
    // xmlsec takes one certificate from a file.
    const trusted =
      readFileSync(authorities(folder), 'utf8').match(/-----BEGIN[^]+?-----END [^\n]+\n/g) ?? [];
    const anchors = trusted.flatMap((pem, place) => {
      writeFileSync(file(`authority-${place}.pem`), pem);
      return ['--trusted-pem', file(`authority-${place}.pem`)];
    });
    execFileSync('xmlsec1', ['--verify', ...anchors, file('order.signed.xml')], { stdio: 'pipe' });
    await page.getByRole('tab', { name: t('signing.tabs.check') }).click();
    await answerFileDialog(kilt, [file('order.signed.xml')]);
    await journey.button(t('signing.check.choose')).click();
    await expect(page.getByText(t('signing.verdicts.valid.title'))).toBeVisible();
  } finally {
    await kilt.close();
    rmSync(userData, { recursive: true, force: true });
  }
});

test('at 200 % and in Kazakh nothing is cut off while documents are signed and checked', async () => {
  const userData = mkdtempSync(path.join(tmpdir(), 'kilt-user-'));
  const { faults: card } = await registeredToken(userData);
  const file = path.join(desk.folder, 'Бухгалтерия бойынша орындалған жұмыстар актісі 2026.txt');
  writeFileSync(file, order);
  const kilt = await desk.openKilt({ scale: 2, locale: 'kk', userData });
  try {
    const { page } = kilt;
    const journey = new Journey(page, 'kk');
    const { t } = journey;
    const faults: string[] = [];
    const fits = async (screen: string) => {
      for (const size of [
        { width: 1000, height: 680 },
        { width: 840, height: 560 },
      ]) {
        await resize(kilt, size);
        for (const fault of await misfits(page)) faults.push(`${screen} at ${size.width}: ${fault}`);
        const place = {
          screen: `signing-${screen}-${size.width}`,
          language: 'kk',
          theme: 'light',
          scale: 2,
        } as const;
        await saveScreenshot(page, place);
      }
    };
    await journey.chooseLanguage('ru', 'kk');
    await desk.insert(card);
    await journey.button(t('frame.signing')).click();
    await expect(journey.field(t('picker.password'))).toBeVisible();
    await fits('empty');
    await answerFileDialog(kilt, [file]);
    await journey.button(t('signing.choose')).click();
    await expect(page.getByText('Сумма: 100 000 тенге')).toBeVisible();
    await fits('text');
    await journey.field(t('picker.password')).fill(password);
    await journey.button(t('signing.sign', { count: 1 })).click();
    await expect(page.getByText(t('signing.result.title', { signed: 1, count: 1 }))).toBeVisible();
    await fits('result');
    await page.getByRole('tab', { name: t('signing.tabs.check') }).click();
    await answerFileDialog(kilt, [`${file}.p7s`]);
    await journey.button(t('signing.check.choose')).click();
    await expect(page.getByText(t('signing.verdicts.valid.title'))).toBeVisible();
    await fits('valid');
    expect(faults).toEqual([]);
  } finally {
    await kilt.close();
    rmSync(userData, { recursive: true, force: true });
  }
});
