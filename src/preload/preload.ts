import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import type { CallName, CallResult, EventName, KiltBridge } from '#shared/ipc-contract.ts';

/**
 * The page's only way out: `window.kilt.call` and `window.kilt.on`. No event object, no channel name and no part of
 * Electron gets through. Runs sandboxed in a world of its own; validation happens in the main process.
 */

// Names only: the contract itself would bring the whole schema library into every page load. The compiler keeps both
// lists complete.
// `false`: not the page's to make.
const calls: Readonly<Record<CallName, boolean>> = {
  'app.ready': true,
  'settings.change': true,
  'driver.list': true,
  'driver.choose': true,
  'tokens.list': true,
  'banks.list': true,
  'registrations.list': true,
  'ends.list': true,
  'ends.snooze': true,
  'pressed.take': true,
  'picker.open': true,
  'profile.leave': true,
  'profile.openBank': true,
  'wizard.chooseKeyFile': true,
  'wizard.checkData': true,
  'wizard.start': true,
  'registration.resume': true,
  'wizard.forget': true,
  'panel.token': true,
  'panel.login': true,
  'panel.logout': true,
  'panel.changePin': true,
  'panel.unblock': true,
  'panel.rename': true,
  'panel.runningFormat': true,
  'panel.planFormat': true,
  'panel.format': true,
  'certificates.list': true,
  'certificates.check': true,
  'certificates.export': true,
  'certificates.chooseImport': true,
  'certificates.openImport': true,
  'certificates.import': true,
  'certificates.forgetImport': true,
  'certificates.delete': true,
  'signing.keys': true,
  'signing.chooseDocuments': true,
  'signing.drop': false,
  'signing.forget': true,
  'signing.measure': true,
  'signing.show': true,
  'signing.sign': true,
  'signing.cancel': true,
  'signing.openFolder': true,
  'signing.check': true,
  'audit.list': true,
  'audit.export': true,
  'folders.open': true,
  'about.licences': true,
  'banks.files': true,
  'banks.chooseImport': true,
  'banks.import': true,
  'banks.forgetImport': true,
  'banks.remove': true,
  'renewals.list': true,
  'renewals.refresh': true,
  'renewals.plan': true,
  'renewals.send': true,
  'renewals.continue': true,
  'renewals.close': true,
  'sites.list': true,
  'sites.revoke': true,
  'sites.revokeAll': true,
  'sites.extension': true,
  'sites.switchExtension': true,
  'sites.loopback': true,
  'sites.switchLoopback': true,
  'doctor.look': true,
  'doctor.repair': true,
  'consent.current': true,
  'consent.show': true,
  'consent.agree': true,
  'consent.refuse': true,
  'clipboard.copy': true,
};
const events: Readonly<Record<EventName, true>> = {
  'renewals.changed': true,
  'signing.changed': true,
  'tokens.changed': true,
  'registration.changed': true,
  'settings.changed': true,
  'ends.changed': true,
  'pressed.changed': true,
  'panel.changed': true,
  'format.changed': true,
  'banks.changed': true,
  'sites.changed': true,
  'consent.changed': true,
};

/** The consent window has calls of its own, and no others; every other page has all but those. */
const isConsentPage = process.argv.includes('--kilt-page=consent');
const isForThisPage = (name: string): boolean =>
  name === 'clipboard.copy' || name.startsWith('consent.') === isConsentPage;

const bridge: KiltBridge = {
  async call<Name extends CallName>(name: Name, input: unknown): Promise<CallResult<Name>> {
    if (!isNameIn(calls, name) || !calls[name] || !isForThisPage(name)) throw new TypeError('no such call');
    try {
      // The message is written before invoke returns its promise.
      return await (ipcRenderer.invoke(`kilt:call:${name}`, input) as Promise<CallResult<Name>>);
    } finally {
      wipeCopy(input);
    }
  },
  drop(files) {
    if (isConsentPage) throw new TypeError('no such call');
    // A file that the page has made up itself lies nowhere.
    const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
    return ipcRenderer.invoke('kilt:call:signing.drop', { paths }) as Promise<CallResult<'signing.drop'>>;
  },
  on(name, listener) {
    if (!isNameIn(events, name) || !isForThisPage(name) || typeof listener !== 'function')
      throw new TypeError('no such event');
    const channel = `kilt:event:${name}`;
    const forward = (_event: IpcRendererEvent, payload: Parameters<typeof listener>[0]): void =>
      listener(payload);
    ipcRenderer.on(channel, forward);
    return () => {
      ipcRenderer.removeListener(channel, forward);
    };
  },
};

const isNameIn = (names: object, name: unknown): boolean =>
  typeof name === 'string' && Object.hasOwn(names, name);

/** The bridge copied the page's input into this world: that copy of a secret goes as soon as it is sent. */
function wipeCopy(value: unknown): void {
  if (value instanceof Uint8Array) value.fill(0);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(wipeCopy);
}

contextBridge.exposeInMainWorld('kilt', bridge);
