export const frame = {
  windowTitle: 'Kilt',
  navigation: 'Разделы',
  profiles: 'Профили',
  token: 'KAZTOKEN',
  settings: 'Настройки',
  chip: {
    label: 'Состояние токена: {{state}}',
    serial: '№ {{serial}}',
    reader: 'Считыватель: {{reader}}',
    more_one: 'и еще {{count, number}} токен',
    more_few: 'и еще {{count, number}} токена',
    more_many: 'и еще {{count, number}} токенов',
    more_other: 'и еще {{count, number}} токена',
    showProfiles: 'Открыть список профилей',
    showRegistration: 'Показать ход регистрации',
    showControlPanel: 'Открыть панель управления',
  },
};
