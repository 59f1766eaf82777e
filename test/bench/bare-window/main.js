import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { app, BrowserWindow, protocol } from 'electron';

// The least that a program with Kilt's walls can be: the sandbox, a scheme of its own, one page without scripts. What
// Kilt takes longer than this is Kilt's own.
app.enableSandbox();
app.setPath('userData', process.env['KILT_USER_DATA']);
protocol.registerSchemesAsPrivileged([{ scheme: 'bare', privileges: { standard: true, secure: true } }]);
app.on('window-all-closed', () => app.quit());

// Not awaited here: Electron becomes ready only after this file has come to its end.
void app.whenReady().then(() => {
  protocol.handle('bare', async () => {
    const page = await readFile(path.join(import.meta.dirname, 'page.html'));
    return new Response(new Uint8Array(page), { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
  });
  const window = new BrowserWindow({
    width: 1000,
    height: 680,
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL('bare://app/page.html');
});
