import type { TextsOf } from '../shape.ts';

export const ends: TextsOf<'ends'> = {
  lastDay: 'Last day of the certificate',
  title_one: 'The certificate ends in {{count, number}} day',
  title_other: 'The certificate ends in {{count, number}} days',
  text: '{{name}}, token {{token}}: valid until {{date}}. See to a new certificate in good time.',
  ended: 'The certificate has ended',
  endedText:
    '{{name}}, token {{token}}: ended {{date}}. The keys on the token are intact; ask the bank for a new certificate.',
  notice_one: 'A certificate is about to end',
  notice_other: 'Certificates are about to end',
  noticeEnded_one: 'The certificate has ended',
  noticeEnded_other: 'Certificates have ended',
  noticeMixed: 'Certificates have ended or end soon',
  line: '{{name}}, token {{token}}',
  absent: 'token not connected',
  tomorrow: 'Remind me tomorrow',
  nextWeek: 'In a week',
};
