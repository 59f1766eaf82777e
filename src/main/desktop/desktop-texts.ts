import type { Language } from '#shared/views.ts';

/** The few texts that the main process shows by itself: native menus and dialogs, also when the page is not there. */
export interface DesktopTexts {
  readonly undo: string;
  readonly cut: string;
  readonly copy: string;
  readonly paste: string;
  readonly selectAll: string;
  readonly chooseKeyFile: string;
  readonly keyFiles: string;
  readonly allFiles: string;
  /** Title, and what to do, of a failure of the program itself. */
  readonly internalError: string;
  readonly internalErrorAdvice: string;
  readonly close: string;
  readonly restart: string;
}

export const desktopTexts: Readonly<Record<Language, DesktopTexts>> = {
  ru: {
    undo: 'Отменить',
    cut: 'Вырезать',
    copy: 'Копировать',
    paste: 'Вставить',
    selectAll: 'Выделить всё',
    chooseKeyFile: 'Ключевой файл',
    keyFiles: 'Ключевые файлы',
    allFiles: 'Все файлы',
    internalError: 'В работе Kilt произошёл сбой.',
    internalErrorAdvice:
      'Начатая регистрация сохранена и будет продолжена. Перезапустите программу; если сбой повторится, сообщите код в службу поддержки.',
    close: 'Закрыть',
    restart: 'Перезапустить',
  },
  kk: {
    undo: 'Болдырмау',
    cut: 'Қиып алу',
    copy: 'Көшіру',
    paste: 'Қою',
    selectAll: 'Барлығын белгілеу',
    chooseKeyFile: 'Негізгі файл',
    keyFiles: 'Негізгі файлдар',
    allFiles: 'Барлық файлдар',
    internalError: 'Kilt жұмысында іркіліс болды.',
    internalErrorAdvice:
      'Басталған тіркеу сақталды және жалғастырылады. Бағдарламаны қайта іске қосыңыз; іркіліс қайталанса, кодты қолдау қызметіне хабарлаңыз.',
    close: 'Жабу',
    restart: 'Қайта іске қосу',
  },
  en: {
    undo: 'Undo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select all',
    chooseKeyFile: 'Key file',
    keyFiles: 'Key files',
    allFiles: 'All files',
    internalError: 'Kilt has failed.',
    internalErrorAdvice:
      'A registration that was begun is kept and will be continued. Restart the program; if it fails again, tell support the code.',
    close: 'Close',
    restart: 'Restart',
  },
};
