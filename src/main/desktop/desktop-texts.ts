import type { Language } from '#shared/views.ts';
import type { FileToSave } from './application.ts';

/** The few texts that the main process shows by itself: native menus and dialogs, also when the page is not there. */
export interface DesktopTexts {
  readonly undo: string;
  readonly cut: string;
  readonly copy: string;
  readonly paste: string;
  readonly selectAll: string;
  readonly chooseKeyFile: string;
  readonly keyFiles: string;
  readonly chooseImportFile: string;
  readonly certificateFiles: string;
  readonly chooseDocuments: string;
  readonly chooseSignature: string;
  readonly signatures: string;
  readonly chooseBankFile: string;
  readonly bankFiles: string;
  readonly allFiles: string;
  readonly saveTitles: Readonly<Record<FileToSave['kind'], string>>;
  readonly savedFiles: Readonly<Record<FileToSave['kind'], string>>;
  readonly openKilt: string;
  readonly noToken: string;
  readonly quit: string;
  /** Of the icon in the notification area, by the number of tokens present. */
  readonly trayTip: (tokens: number) => string;
  /** That a certificate on a token ends, or has ended, on a day. */
  readonly ends: (words: { readonly name: string; readonly date: string }) => string;
  readonly hasEnded: (words: { readonly name: string; readonly date: string }) => string;
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
    selectAll: 'Выделить все',
    chooseKeyFile: 'Ключевой файл',
    keyFiles: 'Ключевые файлы',
    chooseImportFile: 'Импорт сертификата',
    certificateFiles: 'Сертификаты и ключевые контейнеры',
    chooseDocuments: 'Документы',
    chooseSignature: 'Подпись',
    signatures: 'Подписи',
    chooseBankFile: 'Импорт банка',
    bankFiles: 'Файлы банков',
    allFiles: 'Все файлы',
    saveTitles: {
      'certificate-pem': 'Экспорт сертификата',
      'certificate-der': 'Экспорт сертификата',
      audit: 'Экспорт журнала',
    },
    savedFiles: {
      'certificate-pem': 'Сертификат (PEM)',
      'certificate-der': 'Сертификат (DER)',
      audit: 'Журнал действий (JSON Lines)',
    },
    openKilt: 'Открыть Kilt',
    noToken: 'Токен не подключен',
    quit: 'Выход',
    trayTip: (tokens) => (tokens === 0 ? 'Kilt: токен не подключен' : `Kilt, токенов: ${tokens}`),
    ends: ({ name, date }) => `${name}: сертификат до ${date}`,
    hasEnded: ({ name, date }) => `${name}: срок сертификата истек ${date}`,
    internalError: 'В работе Kilt произошел сбой.',
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
    chooseImportFile: 'Сертификатты импорттау',
    certificateFiles: 'Сертификаттар мен кілттік контейнерлер',
    chooseDocuments: 'Құжаттар',
    chooseSignature: 'Қолтаңба',
    signatures: 'Қолтаңбалар',
    chooseBankFile: 'Банкті импорттау',
    bankFiles: 'Банк файлдары',
    allFiles: 'Барлық файлдар',
    saveTitles: {
      'certificate-pem': 'Сертификатты экспорттау',
      'certificate-der': 'Сертификатты экспорттау',
      audit: 'Журналды экспорттау',
    },
    savedFiles: {
      'certificate-pem': 'Сертификат (PEM)',
      'certificate-der': 'Сертификат (DER)',
      audit: 'Әрекеттер журналы (JSON Lines)',
    },
    openKilt: 'Kilt ашу',
    noToken: 'Токен қосылмаған',
    quit: 'Шығу',
    trayTip: (tokens) => (tokens === 0 ? 'Kilt: токен қосылмаған' : `Kilt, токендер: ${tokens}`),
    ends: ({ name, date }) => `${name}: сертификат ${date} дейін`,
    hasEnded: ({ name, date }) => `${name}: сертификат мерзімі ${date} бітті`,
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
    chooseImportFile: 'Import a certificate',
    certificateFiles: 'Certificates and key containers',
    chooseDocuments: 'Documents',
    chooseSignature: 'Signature',
    signatures: 'Signatures',
    chooseBankFile: 'Import a bank',
    bankFiles: 'Banks’ files',
    allFiles: 'All files',
    saveTitles: {
      'certificate-pem': 'Export the certificate',
      'certificate-der': 'Export the certificate',
      audit: 'Export the journal',
    },
    savedFiles: {
      'certificate-pem': 'Certificate (PEM)',
      'certificate-der': 'Certificate (DER)',
      audit: 'Journal of actions (JSON Lines)',
    },
    openKilt: 'Open Kilt',
    noToken: 'No token connected',
    quit: 'Quit',
    trayTip: (tokens) => (tokens === 0 ? 'Kilt: no token connected' : `Kilt, tokens: ${tokens}`),
    ends: ({ name, date }) => `${name}: certificate until ${date}`,
    hasEnded: ({ name, date }) => `${name}: certificate ended ${date}`,
    internalError: 'Kilt has failed.',
    internalErrorAdvice:
      'A registration that was begun is kept and will be continued. Restart the program; if it fails again, tell support the code.',
    close: 'Close',
    restart: 'Restart',
  },
};
