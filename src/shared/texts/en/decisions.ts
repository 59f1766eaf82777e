import type { TextsOf } from '../shape.ts';

export const decisions: TextsOf<'decisions'> = {
  issued: '{{name}}, token {{token}}: press “Get certificate” to change over to the new keys.',
  refused: '{{name}}, token {{token}}: the old keys are in use. “Keys” shows the reason.',
  registered: '{{userId}}: the bank has accepted the registration, you can sign in.',
  stoppedTitle: 'The registration has stopped',
  stopped: '{{userId}}: {{problem}}. Do not format the token: “Profiles” says what to do next.',
};
