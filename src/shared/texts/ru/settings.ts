export const settings = {
  title: 'Настройки',
  language: 'Язык',
  languages: { ru: 'Русский', kk: 'Қазақша', en: 'English' },
  theme: 'Оформление',
  themes: { system: 'Как в системе', light: 'Светлое', dark: 'Темное' },
  appliesAtOnce: 'Изменения применяются сразу.',
  about: 'О программе',
  version: 'Версия Kilt',
  electron: 'Версия Electron',
  transport: 'Связь с токеном',
  transports: {
    pcsc: 'Служба смарт-карт (PC/SC)',
    'virtual-reader': 'Виртуальный считыватель (для проверки)',
  },
  dataFolder: 'Папка данных',
  copyAbout: 'Скопировать сведения',
};
