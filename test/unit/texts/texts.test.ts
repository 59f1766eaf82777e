import { describe, expect, it } from 'vitest';
import { errorCatalogue } from '#shared/errors.ts';
import { texts } from '#shared/texts/index.ts';
import { language } from '#shared/views.ts';

const plural = /_(one|few|many|other)$/;

function flatten(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, inner]) =>
    flatten(inner, path === '' ? key : `${path}.${key}`),
  );
}

const flat = Object.fromEntries(language.options.map((name) => [name, new Map(flatten(texts[name]))]));
const of = (name: string) => flat[name] ?? new Map<string, string>();
const keys = (name: string) =>
  [...new Set([...of(name).keys()].map((key) => key.replace(plural, '')))].sort();
const placeholders = (text: string) => [...text.matchAll(/{{\s*([^},]+)/g)].map((match) => match[1]).sort();

/** The same in every language on purpose: names, and the entry that the manuals show untranslated. */
const sameEverywhere = [
  /^frame\.windowTitle$/,
  /^picker\.(emptyToken|namedEmptyToken)$/,
  /^settings\.languages\./,
  /^frame\.token$/,
  /^controlPanel\.information\.atr$/,
  /^controlPanel\.format\.losses\.algorithms\.rsa$/,
  /^sites\.loopback\.ports\./,
  /^doctor\.browsers\./,
];
/** Words that Russian and Kazakh share. */
const sameInRussianAndKazakh = [
  'banks.facts.bank',
  'banks.facts.file',
  'banks.facts.id',
  'commandLine.info.key',
  'commandLine.info.memorySize',
  'commandLine.info.profile',
  'commandLine.options.loopbackPort',
  'commandLine.plan.token',
  'common.ok',
  'consent.key.label',
  'controlPanel.format.confirmation.destroyedCertificates_one',
  'controlPanel.format.confirmation.token',
  'controlPanel.format.losses.algorithms.gost',
  'controlPanel.information.bytes_one',
  'controlPanel.information.characters_one',
  'controlPanel.information.kilobytes',
  'controlPanel.login.pin',
  'fields.bank',
  'fields.newPassword',
  'frame.journal',
  'journal.facts.certificate',
  'journal.facts.site',
  'journal.filter.token',
  'journal.title',
  'keys.parameters.cryptography',
  'keys.table.cryptography',
  'keys.table.owner',
  'picker.listLabel',
  'picker.password',
  'signing.bytes_one',
  'signing.facts.digest',
  'signing.facts.serial',
  'sites.loopback.port',
  'wizard.confirmation.token',
];

describe.each(language.options)('texts in %s', (name) => {
  it('have the same keys as the Russian ones', () => {
    expect(keys(name)).toEqual(keys('ru'));
  });

  it('have every plural form of the language', () => {
    const forms = new Intl.PluralRules(name).resolvedOptions().pluralCategories;
    const bases = new Set(
      [...of(name).keys()].filter((key) => plural.test(key)).map((key) => key.replace(plural, '')),
    );
    expect(bases.size).toBeGreaterThan(3);
    for (const base of bases)
      for (const form of forms) expect(of(name).has(`${base}_${form}`), `${base}_${form}`).toBe(true);
  });

  it('are none of them empty, shouting, or wearing stray spaces', () => {
    for (const [key, text] of of(name)) {
      expect(text.trim(), key).not.toBe('');
      expect(text, key).toBe(text.trim());
      expect(text, key).not.toContain('!');
      expect(text, key).not.toContain('  ');
    }
  });

  it('fill in the same placeholders as the Russian ones', () => {
    for (const [key, text] of of(name)) {
      const original = of('ru').get(key) ?? of('ru').get(key.replace(plural, '_other'));
      expect(placeholders(text), key).toEqual(placeholders(original ?? ''));
    }
  });

  it('tell of every failure what happened, what it means and what to do', () => {
    for (const id of Object.keys(errorCatalogue)) {
      for (const part of ['title', 'meaning', 'next']) {
        expect(of(name).get(`errors.catalogue.${id}.${part}`), `${id} ${part}`).toMatch(/\p{L}/u);
      }
      expect(of(name).get(`errors.catalogue.${id}.title`), id).not.toMatch(/[.?]$/);
      expect(of(name).get(`errors.catalogue.${id}.next`), id).toMatch(/\.$/);
      expect(of(name).get(`errors.catalogue.${id}.meaning`), id).toMatch(/\.$/);
    }
  });
});

describe('translations', () => {
  const untranslated = (first: string, second: string) =>
    [...of(first)]
      .filter(([key, text]) => of(second).get(key) === text && /\p{L}/u.test(text.replace(/{{.*?}}/g, '')))
      .map(([key]) => key)
      .filter((key) => !sameEverywhere.some((pattern) => pattern.test(key)));

  it('leave nothing in another language', () => {
    expect(untranslated('en', 'ru')).toEqual([]);
    expect(untranslated('en', 'kk')).toEqual([]);
    expect(untranslated('kk', 'ru').sort()).toEqual(sameInRussianAndKazakh);
  });

  it('keep the alphabets apart: no Cyrillic in English, no Kazakh letters in Russian', () => {
    for (const [key, text] of of('en')) {
      if (!/^settings\.languages\./.test(key)) expect(text, key).not.toMatch(/\p{Script=Cyrillic}/u);
    }
    // Russian spelling of the manuals: «е» for «ё».
    for (const [key, text] of of('ru')) expect(text, key).not.toMatch(/ё/i);
    for (const [key, text] of of('ru')) {
      if (!/^settings\.languages\./.test(key)) expect(text, key).not.toMatch(/[әғқңөұүһі]/i);
    }
  });

  it('speak with the manuals’ words', () => {
    expect(texts.ru.picker.createProfile.text).toBe('На данном токене профиль не найден, создать?');
    expect(texts.kk.picker.createProfile.text).toBe('Бұл токенде профиль табылмады, құрайық па?');
    expect(texts.ru.errors.catalogue['key-container-wrong'].title).toBe(
      'Неверный пароль или ключевой контейнер',
    );
    expect(texts.kk.errors.catalogue['key-container-wrong'].title).toBe(
      'Пароль немесе кілттік контейнер дұрыс емес',
    );
    expect(texts.ru.wizard.welcome.title).toBe('Вас приветствует Мастер создания профиля');
    expect(texts.ru.picker.emptyToken).toBe('KAZTOKEN <no label> - ?');
    const { ru, kk } = { ru: texts.ru.controlPanel, kk: texts.kk.controlPanel };
    expect([ru.title, ru.logIn, ru.logOut]).toEqual([
      'Панель управления KAZTOKEN',
      'Ввести PIN-код…',
      'Выйти',
    ]);
    expect([kk.title, kk.logIn, kk.logOut]).toEqual([
      'KAZTOKEN-ді басқару панелі',
      'PIN-кодты енгізу…',
      'Шығу',
    ]);
    expect(ru.unblock.doneTitle).toBe('PIN-код успешно разблокирован');
    expect(kk.unblock.doneTitle).toBe('PIN-код бұғаттан шығарылды');
    expect(ru.format.settings.changedBy).toBe('Изменять PIN-код пользователя может:');
    expect(kk.format.settings.changedBy).toBe('Пайдаланушының PIN-кодын өзгерте алатындар:');
    expect([ru.format.confirmation.go, kk.format.confirmation.go]).toEqual(['Начать', 'Бастау']);
    expect(ru.format.blockers.unfinishedTitle).toBe('Незавершенная регистрация: форматировать нельзя');
    expect(kk.format.blockers.unfinishedTitle).toBe('Тіркеу аяқталмаған: форматтауға болмайды');
  });
});
