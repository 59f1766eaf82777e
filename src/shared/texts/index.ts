import type { Language } from '../views.ts';
import { en } from './en/index.ts';
import { kk } from './kk/index.ts';
import { ru } from './ru/index.ts';
import type { Texts } from './shape.ts';

/** Every sentence of the program. Russian is the original: its wording is that of the banks' manuals. */
export const texts: Readonly<Record<Language, Texts>> = { ru, kk, en };

export const defaultLanguage: Language = 'ru';
