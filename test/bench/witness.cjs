/* global process */
// Loaded into the main process of either program by `NODE_OPTIONS=--require`. It writes one line when the window is on
// the screen and the selected element of its page could be clicked, then ends the program as a user would.
// Nothing is attached to the program: a debugger would slow both down and make them look alike.
const { selector, mark } = JSON.parse(process.env['KILT_BENCH_WITNESS']);
delete process.env['KILT_BENCH_WITNESS'];

/** Runs in the page: comes back in the second frame after the element became visible and enabled. */
const untilUsable = `new Promise((resolve) => {
  const look = () => {
    const element = document.querySelector(${JSON.stringify(selector)});
    const usable =
      document.visibilityState === 'visible' &&
      element?.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.matches(':enabled') &&
      element.getBoundingClientRect().width > 0;
    if (usable) requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
    else requestAnimationFrame(look);
  };
  look();
})`;

/** Electron's own modules are not there yet when Node loads this file. */
function whenElectronIsThere(then) {
  let electron;
  try {
    electron = require('electron');
  } catch {
    electron = undefined;
  }
  if (electron?.app) then(electron);
  else setImmediate(whenElectronIsThere, then);
}

whenElectronIsThere(({ app, BrowserWindow }) => {
  app.once('web-contents-created', (_event, contents) => {
    contents.once('dom-ready', async () => {
      await contents.executeJavaScript(untilUsable);
      const window = BrowserWindow.fromWebContents(contents);
      if (!window.isVisible()) await new Promise((resolve) => window.once('show', resolve));
      process.stdout.write(`${mark}\n`);
      app.quit();
    });
  });
});
