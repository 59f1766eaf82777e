import type { SiteLanguage, SiteText, SiteTexts } from '../site-texts.ts';

const island = document.getElementById('texts')?.textContent ?? '{}';
const { texts } = JSON.parse(island) as { readonly language: SiteLanguage; readonly texts: SiteTexts };

/** A text of the page's language; `{{name}}` in it is filled in. */
export const t = (name: SiteText, values: Readonly<Record<string, string>> = {}): string =>
  Object.entries(values).reduce((text, [key, value]) => text.replace(`{{${key}}}`, value), texts[name]);
