import type { TextsOf } from '../shape.ts';

export const settings: TextsOf<'settings'> = {
  title: 'Баптаулар',
  language: 'Тіл',
  languages: { ru: 'Русский', kk: 'Қазақша', en: 'English' },
  theme: 'Безендіру',
  themes: { system: 'Жүйедегідей', light: 'Ашық', dark: 'Күңгірт' },
  appliesAtOnce: 'Өзгерістер бірден қолданылады.',
  about: 'Бағдарлама туралы',
  version: 'Kilt нұсқасы',
  electron: 'Electron нұсқасы',
  transport: 'Токенмен байланыс',
  transports: {
    pcsc: 'Смарт-карта қызметі (PC/SC)',
    'virtual-reader': 'Виртуалды оқу құрылғысы (тексеруге арналған)',
  },
  dataFolder: 'Деректер қалтасы',
  copyAbout: 'Мәліметтерді көшіру',
};
