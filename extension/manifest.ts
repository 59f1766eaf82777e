import { firefoxExtensionId } from '../src/shared/extension-constants.ts';

export type Browser = 'chromium' | 'firefox';

/**
 * Public half of the key that gives the extension the same id in every Chromium (`chromiumExtensionId`), loaded from a folder
 * as well as from a store. Its private half was not kept: nothing is signed with it.
 */
const chromiumKey =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuUK2XkRuf8zayXHrFX5eQsHgLIqTtc9UllQwHtt1clLiZzSR43spnpx5H+94UTBX' +
  'iiytYwDtCB1urJB/S4NJQ3cWBhHNYopVfrRHBo3sAPE+X45V9UlRJMH5kF1rcqTGhm/2nl9OmauGUNXcpyvsvQWKTRObltLExrGnHj5GdkCA' +
  'NvMR44ymxQvJeooRCYMRI42R37/IAmbsS1wQ47pebTwKOIu1iHfK6z/QsVleIkuFw8LLT5NYvS6iyDL7NnwIKEdRPW3EeDxMnB8TPC701TX8' +
  'FJzSA8p/HdpaVxl2iaHkK1ti8SXMqTGV+4QMDtBIrw8Y3ozFOG+tUxJ/0dr5dQIDAQAB';

/** Sizes of the icons in pixels, `icons/<size>.png`. */
export const iconSizes = [16, 32, 48, 128] as const;

/** Words of the extension's own, for the browser's list of extensions. */
export const locales = {
  ru: {
    name: 'Kilt: подпись в браузере',
    description: 'Страница банка просит программу Kilt о входе и подписи; решаете вы, в окне Kilt.',
  },
  kk: {
    name: 'Kilt: браузердегі қолтаңба',
    description:
      'Банк парағы Kilt бағдарламасынан кіруді және қол қоюды сұрайды; шешімді Kilt терезесінде сіз қабылдайсыз.',
  },
  en: {
    name: 'Kilt: signing in the browser',
    description:
      'A bank’s page asks Kilt to sign you in or to sign documents; you decide, in Kilt’s own window.',
  },
} as const;

/** The extension's manifest (MV3). It may talk to Kilt, and stands ready in https pages; nothing else. */
export function manifestFor(browser: Browser, version: string): object {
  const icons = Object.fromEntries(iconSizes.map((size) => [String(size), `icons/${size}.png`]));
  return {
    manifest_version: 3,
    name: '__MSG_name__',
    description: '__MSG_description__',
    version,
    default_locale: 'ru',
    icons,
    permissions: ['nativeMessaging'],
    content_scripts: [
      // Top frame only: what lies in a frame of somebody else's page is not what the user sees in the address bar.
      { matches: ['https://*/*'], js: ['content.js'], run_at: 'document_start', all_frames: false },
    ],
    content_security_policy: { extension_pages: "default-src 'none'; script-src 'self'" },
    ...(browser === 'chromium'
      ? { key: chromiumKey, minimum_chrome_version: '116', background: { service_worker: 'background.js' } }
      : {
          browser_specific_settings: { gecko: { id: firefoxExtensionId, strict_min_version: '121.0' } },
          background: { scripts: ['background.js'] },
        }),
  };
}
