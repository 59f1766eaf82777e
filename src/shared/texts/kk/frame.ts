import type { TextsOf } from '../shape.ts';

export const frame: TextsOf<'frame'> = {
  windowTitle: 'Kilt',
  navigation: 'Бөлімдер',
  profiles: 'Профильдер',
  signing: 'Қол қою',
  keys: 'Кілттер',
  token: 'KAZTOKEN',
  journal: 'Журнал',
  settings: 'Баптаулар',
  chip: {
    label: 'Токеннің күйі: {{state}}',
    serial: '№ {{serial}}',
    reader: 'Оқу құрылғысы: {{reader}}',
    more_one: 'және тағы {{count, number}} токен',
    more_other: 'және тағы {{count, number}} токен',
    showProfiles: 'Профильдер тізімін ашу',
    showRegistration: 'Тіркеу барысын көрсету',
    showControlPanel: 'Басқару панелін ашу',
  },
};
