/** What the bank has decided while nobody looked on: notifications. */
export const decisions = {
  issued: '{{name}}, токен {{token}}: нажмите «Получить сертификат», чтобы перейти на новые ключи.',
  refused: '{{name}}, токен {{token}}: прежние ключи в эксплуатации. Причина отказа показана в «Ключах».',
  registered: '{{userId}}: банк принял регистрацию, можно входить.',
  stoppedTitle: 'Регистрация остановилась',
  stopped: '{{userId}}: {{problem}}. Не форматируйте токен: в «Профилях» сказано, что делать дальше.',
};
