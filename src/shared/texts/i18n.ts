import { createInstance, type i18n } from 'i18next';
import type { Language } from '../views.ts';
import { formatNumber } from './formats.ts';
import { defaultLanguage, texts } from './index.ts';
import type { ru } from './ru/index.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof ru };
  }
}

/**
 * A translator with all texts, ready at once. The page shares one through React; main and the command line call
 * `createTranslator(language).t('errors.catalogue.disk-full.title')`.
 */
export function createTranslator(
  language: Language,
  plugins: readonly Parameters<i18n['use']>[0][] = [],
): i18n {
  const translator = createInstance();
  for (const plugin of plugins) translator.use(plugin);
  void translator.init({
    lng: language,
    fallbackLng: defaultLanguage,
    resources: {
      ru: { translation: texts.ru },
      kk: { translation: texts.kk },
      en: { translation: texts.en },
    },
    initAsync: false,
    // React and the terminal escape by themselves.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  translator.services.formatter?.add('number', (value: number) => formatNumber(value));
  return translator;
}
