import type { TextsOf } from '../shape.ts';

export const common: TextsOf<'common'> = {
  ok: 'ОК',
  cancel: 'Болдырмау',
  next: 'Әрі қарай',
  back: 'Артқа',
  done: 'Дайын',
  clearField: 'Өрісті тазарту',
  close: 'Жабу',
  continue: 'Жалғастыру',
  checkAgain: 'Қайта тексеру',
  checkedAt: 'Тексерілген уақыты: {{time}}',
  copy: 'Көшіру',
  copied: 'Көшірілді',
  copyCode: 'Код пен мәліметтерді көшіру',
  pleaseWait: 'Күте тұрыңыз',
  loading: 'Жүктелуде',
  whatNext: 'Не істеу керек:',
  toProfiles: 'Профильдер тізіміне',
};
