/** That a certificate ends or has ended: notification, and notice on the start screen. */
export const ends = {
  lastDay: 'Сертификат действует последний день',
  title_one: 'Сертификат закончится через {{count, number}} день',
  title_few: 'Сертификат закончится через {{count, number}} дня',
  title_many: 'Сертификат закончится через {{count, number}} дней',
  title_other: 'Сертификат закончится через {{count, number}} дня',
  text: '{{name}}, токен {{token}}: действует до {{date}}. Позаботьтесь о новом сертификате заранее.',
  ended: 'Срок действия сертификата истек',
  endedText:
    '{{name}}, токен {{token}}: срок истек {{date}}. Ключи на токене целы; обратитесь в банк за новым сертификатом.',
  notice_one: 'Срок действия сертификата подходит к концу',
  notice_few: 'Срок действия сертификатов подходит к концу',
  notice_many: 'Срок действия сертификатов подходит к концу',
  notice_other: 'Срок действия сертификатов подходит к концу',
  line: '{{name}}, токен {{token}}',
  absent: 'токен не подключен',
  tomorrow: 'Напомнить завтра',
  nextWeek: 'Через неделю',
};
