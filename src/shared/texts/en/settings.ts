import type { TextsOf } from '../shape.ts';

export const settings: TextsOf<'settings'> = {
  title: 'Settings',
  language: 'Language',
  languages: { ru: 'Русский', kk: 'Қазақша', en: 'English' },
  theme: 'Theme',
  themes: { system: 'As in the system', light: 'Light', dark: 'Dark' },
  appliesAtOnce: 'Changes apply at once.',
  about: 'About',
  version: 'Kilt version',
  electron: 'Electron version',
  transport: 'Token connection',
  transports: { pcsc: 'Smart card service (PC/SC)', 'virtual-reader': 'Virtual reader (for testing)' },
  dataFolder: 'Data folder',
  copyAbout: 'Copy these details',
};
