import { app, BrowserWindow } from 'electron';

// A window for the tester's page and for nothing else. The address is a secret, so it comes by the environment: other
// users of the computer can read a program's arguments.
const address = new URL(process.env['KILT_TESTER_PAGE'] ?? '');
if (address.protocol !== 'http:' || address.hostname !== '127.0.0.1') throw new Error('not a tester’s page');

app.enableSandbox();
if (process.env['KILT_USER_DATA']) app.setPath('userData', process.env['KILT_USER_DATA']);
app.on('window-all-closed', () => app.quit());
app.on('web-contents-created', (_event, contents) => {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
});

void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1280,
    height: 860,
    minWidth: 640,
    minHeight: 480,
    autoHideMenuBar: true,
    title: 'Virtual KAZTOKEN',
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false },
  });
  void window.loadURL(address.href);
});
