import type { TextsOf } from '../shape.ts';

export const home: TextsOf<'home'> = {
  title: 'Сіз {{bank}} жүйесіне кірдіңіз',
  customer: '{{name}}, пайдаланушының ID: {{userId}}',
  signedInAt: 'Кірген уақыты: {{date}}, {{time}}',
  certificates: 'Сертификаттар',
  noCertificates: 'Токенде бұл профильдің сертификаттары жоқ.',
  purpose: { signature: 'Құжаттарға қол қою', 'sign-in': 'Банк жүйесіне кіру', other: 'Басқа мақсат' },
  owner: 'Иесі',
  issuer: 'Кім берген',
  validity: 'Қолданылу мерзімі',
  serialNumber: 'Сертификаттың нөмірі',
  keyOnToken: 'Кілті токенде',
  keyMissing: 'Кілті токенде жоқ',
  operations: 'Соңғы операциялар',
  noOperations: 'Операциялар әлі болған жоқ.',
  operation: {
    registered: 'Профильді тіркеу',
    'signed-in': 'Банк жүйесіне кіру',
    renewed: 'Кілттерді қайта генерациялау',
  },
  result: { done: 'сәтті', failed: 'орындалмады' },
  openBank: 'Банктің бетін ашу',
  leave: 'Шығу',
  defaultPin: 'Токенде стандарт пароль тұр',
  defaultPinText: 'Оны бәрі біледі. Ауыстырыңыз: басқару панелінде ол пайдаланушының PIN-коды деп аталады.',
  changePin: 'Басқару панелінде ауыстыру',
};
