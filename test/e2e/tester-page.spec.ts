import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type ElectronApplication, type Locator, type Page } from '@playwright/test';
import type { CardTransport } from '#main/token/card-transport.ts';
import { createVirtualReaders, type VirtualReaders } from '#main/token/virtual-reader.ts';
import { fromHex, toHex } from '#shared/bytes.ts';
import { electronPath, launch, saveScreenshot, showTheme } from '#test/support/electron-app.ts';
import { tabTo } from './fits.ts';

const root = path.resolve(import.meta.dirname, '../..');
const readerName = 'Aktiv KAZTOKEN 00 00';
const login = '00 20 00 02 08 31 32 33 34 35 36 37 38';
const selectTokenInfo = '00 A4 08 00 04 50 00 50 32 00';

let folder: string;
let readers: VirtualReaders;
let token: ChildProcess;
let app: ElectronApplication;
let page: Page;
let transport: CardTransport;

test.beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-tester-'));
  readers = createVirtualReaders({ port: 0, usbName: 'Aktiv KAZTOKEN' });
  await readers.start();
  const address = await startToken();
  await expect.poll(readersThere).toEqual([readerName]);
  transport = await readers.connect(readerName);
  app = await openWindow(address, 1);
  page = await app.firstWindow();
  await expect(page.getByText('In the reader')).toBeVisible();
});
test.afterEach(async () => {
  await app.close();
  const ended = once(token, 'exit');
  token.kill('SIGTERM');
  await ended;
  await readers.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function startToken(): Promise<string> {
  const program = ['--import', 'tsx', path.join(root, 'test/virtual-token/main.ts'), 'ui', '--json'];
  const [port = 0] = readers.ports();
  const order = ['--profile', 'formatted', '--serial', '3A5B7C1D', '--label', 'Desk token'];
  const place = ['--port', String(port), '--state', path.join(folder, 'token.json')];
  token = spawn(process.execPath, [...program, ...order, ...place], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Asked for above.
  const [line] = (await once(createInterface({ input: token.stdout! }), 'line')) as [string];
  return (JSON.parse(line) as { url: string }).url;
}

const openWindow = (address: string, scale: number): Promise<ElectronApplication> =>
  launch({
    executablePath: electronPath(),
    args: [
      path.join(root, 'test/virtual-token/page/window'),
      `--force-device-scale-factor=${scale}`,
      '--disable-gpu',
    ],
    env: { ...inherited(), KILT_TESTER_PAGE: address, KILT_USER_DATA: path.join(folder, `window-${scale}`) },
    chromiumSandbox: true,
  });

const inherited = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

const readersThere = (): string[] => readers.snapshot().readers.map(({ name }) => name);
const send = async (command: string): Promise<string> => toHex(await transport.transmit(fromHex(command)));
const lines = (filter: { selected?: boolean; name?: string } = {}): Locator =>
  page.getByRole('listbox', { name: 'Exchanges' }).getByRole('option', filter);
const line = (text: string): Locator => lines({ name: text });

test('shows the token: where it is, its PINs, files, keys and what it is asked', async () => {
  await expect(page.getByRole('heading', { name: 'Desk token' })).toBeVisible();
  await expect(page.getByRole('banner').getByText('3A5B7C1D')).toBeVisible();
  await page.getByRole('tab', { name: 'Token' }).click();
  const userPin = page.getByRole('article', { name: 'user PIN' });
  await expect(userPin.getByText('12345678')).toBeVisible();
  await expect(userPin.getByRole('img', { name: '5 of 5 tries left' })).toBeVisible();

  await send(login.replace('38', '39'));
  await expect(userPin.getByRole('img', { name: '4 of 5 tries left' })).toBeVisible();
  await send(login);
  await expect(userPin.getByText('logged in')).toBeVisible();
  await expect(line('VERIFY user 6300 wrong PIN')).toBeVisible();

  await line('VERIFY user 9000 done').click();
  const detail = page.getByLabel('Chosen line');
  await expect(detail).toContainText('logs in with a PIN');
  await expect(detail).toContainText('(8 bytes hidden)');
  await expect(page.getByText('31 32 33 34')).toHaveCount(0);

  await page.getByRole('tab', { name: 'Files' }).click();
  await page.getByRole('treeitem', { name: '5032 TokenInfo' }).click();
  const file = page.getByRole('region', { name: 'File' });
  await expect(file).toContainText('delete the user');
  await expect(file).toContainText('Aktiv Co.');
});

test('pulls the token out and puts it back, and Kilt’s reader goes and comes with it', async () => {
  await transport.close();
  await page.getByRole('button', { name: 'Pull out', exact: true }).click();
  await expect(page.getByText('Pulled out', { exact: true })).toBeVisible();
  await expect.poll(readersThere).toEqual([]);

  await page.getByRole('button', { name: 'Put in' }).click();
  await expect.poll(readersThere).toEqual([readerName]);
  await expect(line('put into the reader')).toBeVisible();
});

test('arms a fault, and it strikes before one’s eyes', async () => {
  await page.getByLabel('Command', { exact: true }).selectOption('GET-DATA');
  await page.getByLabel('What happens to it').selectOption('Is refused with a status word');
  await page.getByLabel('Status word').fill('6A84');
  await expect(page.getByText('Answers 6A84 instead of GET-DATA, next time')).toBeVisible();
  await page.getByRole('button', { name: 'Arm', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'Faults' })).toContainText('1');
  await expect(page.getByRole('listitem')).toContainText('answers 6A84 instead of GET-DATA');

  expect(await send('00 CA 01 81 00')).toBe('6a84');
  await expect(line('Fault: answers 6A84 instead of GET-DATA')).toBeVisible();
  await expect(line('GET-DATA 0181 6A84 not enough memory')).toBeVisible();
  await expect(page.getByText('Nothing: the token does what it should.')).toBeVisible();
  expect(await send('00 CA 01 81 00')).toBe('000000003a5b7c1d9000');
});

test('tears a write: half of it is in the file that the page shows', async () => {
  await page.getByLabel('What happens to it').selectOption('Loses power in the middle of a write');
  await page.getByLabel('Command', { exact: true }).selectOption('UPDATE');
  await page.getByLabel('Stays in the reader, logins lost').check();
  await page.getByRole('button', { name: 'Arm', exact: true }).click();
  await expect(page.getByRole('listitem')).toContainText('UPDATE');

  for (const command of [login, selectTokenInfo]) expect(await send(command)).toMatch(/9000$/);
  expect(await send('00 D6 00 00 04 AA BB CC DD')).toBe('6f00');
  await page.getByRole('tab', { name: 'Files' }).click();
  await page.getByRole('treeitem', { name: '5032 TokenInfo' }).click();
  await expect(page.getByRole('region', { name: 'File' })).toContainText(/0000 AA BB 0\d 0\d /);
});

test('is usable with the keyboard alone', async () => {
  await tabTo(page, page.getByRole('button', { name: 'Pull out', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Put in' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(readersThere).toEqual([readerName]);
  await tabTo(page, page.getByLabel('Status word').or(page.getByLabel('Back after (s)')));
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listitem')).toContainText('leaves the reader before VERIFY, back after 2 s');
  await tabTo(page, page.getByRole('listbox', { name: 'Exchanges' }));
  await page.keyboard.press('End');
  await expect(lines({ selected: true })).toBeVisible();
});

test('filters the trace, holds it still and clears it', async () => {
  await send(selectTokenInfo);
  await send('00 A4 08 00 02 77 77 00');
  await page.getByRole('searchbox', { name: 'Filter the trace' }).fill('no such file');
  await expect(lines()).toHaveCount(1);
  await page.getByRole('searchbox', { name: 'Filter the trace' }).fill('');
  await page.getByRole('button', { name: 'Pause' }).click();
  await send('00 CA 01 81 00');
  await expect(page.getByText('held still; 1 more since')).toBeVisible();
  await expect(line('GET-DATA 0181')).toHaveCount(0);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(line('GET-DATA 0181 9000 done')).toBeVisible();
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await expect(lines()).toHaveCount(0);
});

test('makes another token and puts it in', async () => {
  await page.getByRole('button', { name: 'Swap' }).click();
  await page.getByRole('menuitem', { name: 'For a new token…' }).click();
  await page.getByLabel('What it starts with').selectOption('user pin blocked');
  await page.getByLabel('Serial number').fill('00000042');
  await page.getByRole('button', { name: 'Make it and put it in' }).click();
  await expect(page.getByText('00000042').first()).toBeVisible();
  await page.getByRole('tab', { name: 'Token' }).click();
  await expect(page.getByRole('article', { name: 'user PIN' }).getByText('blocked')).toBeVisible();
  expect(readFileSync(path.join(folder, 'token-00000042.json'), 'utf8')).toContain('"00000042"');
});

test('can be read by everybody, in both themes and at 200 %', async () => {
  for (const command of [login, selectTokenInfo, '00 B0 00 00 40', '00 A4 08 00 02 77 77 00'])
    await send(command);
  await page.getByLabel('Command', { exact: true }).selectOption('CREATE');
  await page.getByRole('button', { name: 'Arm', exact: true }).click();
  await expect(page.getByRole('listitem')).toBeVisible();
  for (const scale of [1, 2]) {
    const window = scale === 1 ? app : await openWindow(page.url(), scale);
    const shown = await window.firstWindow();
    await expect(shown.getByText('In the reader')).toBeVisible();
    expect(await shown.evaluate(() => devicePixelRatio)).toBe(scale);
    for (const theme of ['light', 'dark'] as const) {
      await showTheme(shown, theme);
      for (const tab of ['Faults', 'Token', 'Files', 'Keys']) {
        await shown.getByRole('tab', { name: tab }).click();
        await saveScreenshot(shown, {
          screen: `tester-page-${tab.toLowerCase()}`,
          language: 'en',
          theme,
          scale,
        });
        if (scale > 1) continue;
        const { violations } = await new AxeBuilder({ page: shown })
          // As for Kilt's own window: Fluent's focus guards, and no window of axe's own.
          .exclude('[data-tabster-dummy]')
          .setLegacyMode()
          .analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      }
    }
    expect(await shown.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    if (window !== app) await window.close();
  }
});
