import { describe, expect, it } from 'vitest';
import {
  obstacle,
  panelActions,
  type PanelPinView,
  type PanelView,
  type TokenInformationView,
} from '#shared/control-panel-views.ts';
import { createTranslator } from '#shared/texts/i18n.ts';
import { language } from '#shared/views.ts';
import {
  informationGroups,
  informationText,
} from '../../../src/renderer/control-panel/administration/information-facts.ts';
import { obstacleWords } from '../../../src/renderer/control-panel/administration/obstacle-words.ts';
import { newTokenLabel, tokenLabel } from '../../../src/renderer/control-panel/administration/token-label.ts';

const { t } = createTranslator('ru');
const pin: PanelPinView = {
  attemptsLeft: 9,
  maxAttempts: 10,
  minLength: 6,
  blocked: false,
  changedBy: 'both',
  isDefault: null,
};
const blocked: PanelPinView = { ...pin, attemptsLeft: 0, blocked: true };
const information = (changes: Partial<TokenInformationView> = {}): TokenInformationView => ({
  label: 'Office',
  model: 'KAZTOKEN',
  serial: '3A5B7C1D',
  serialDecimal: '979074077',
  reader: 'Reader 0',
  atr: '3B88014B415A544F4B454E82',
  firmware: null,
  protocol: '1',
  totalMemory: 131_072,
  freeMemory: 100,
  userPin: pin,
  administratorPin: { ...pin, changedBy: 'administrator' },
  layout: 'complete',
  ...changes,
});
const panel = (changes: Partial<TokenInformationView> = {}): Pick<PanelView, 'information'> => ({
  information: information(changes),
});

describe('a button that does nothing now', () => {
  it('says whose rights it needs, and leads to that login', () => {
    expect(obstacleWords('needs-administrator', 'unblock', panel(), t)).toEqual({
      text: 'Нужны права Администратора.',
      logInAs: 'administrator',
    });
    expect(obstacleWords('needs-user', 'rename', panel(), t).logInAs).toBe('user');
    expect(obstacleWords('needs-login', 'change-user-pin', panel(), t).logInAs).toBe('any');
  });

  it('proposes no login that the token would refuse', () => {
    const words = obstacleWords('needs-administrator', 'unblock', panel({ administratorPin: blocked }), t);
    expect(words.logInAs).toBeUndefined();
    expect(words.text).toContain('PIN-код администратора заблокирован');
    expect(obstacleWords('needs-login', 'change-user-pin', panel({ userPin: blocked }), t).logInAs).toBe(
      'administrator',
    );
    expect(
      obstacleWords(
        'needs-login',
        'change-user-pin',
        panel({ userPin: blocked, administratorPin: blocked }),
        t,
      ).logInAs,
    ).toBeUndefined();
  });

  it('tells a policy from missing rights', () => {
    expect(obstacleWords('changed-by-user-only', 'change-user-pin', panel(), t)).toEqual({
      text: 'По правилам этого токена его меняет только Пользователь.',
      logInAs: 'user',
    });
    expect(obstacleWords('not-blocked', 'unblock', panel(), t)).toEqual({ text: 'PIN-код не заблокирован.' });
  });

  it.each(language.options)('has words for every obstacle of every action in %s', (name) => {
    const translator = createTranslator(name);
    for (const action of panelActions)
      for (const one of obstacle.options)
        expect(obstacleWords(one, action, panel(), translator.t).text).not.toMatch(/{{|controlPanel/);
  });
});

describe('«Информация…»', () => {
  const facts = (changes: Partial<TokenInformationView> = {}) =>
    Object.fromEntries(informationGroups(information(changes), t)[0]?.facts ?? []);

  it('writes memory in kilobytes where they are whole, else in bytes', () => {
    expect(facts()['Память, всего']).toBe('128 КБ');
    expect(facts()['Память, свободно']).toBe('100 байт');
  });

  it('leaves open what the token does not tell, and says so when copied', () => {
    expect(facts()['Версия прошивки']).toBeNull();
    expect(informationText(informationGroups(information(), t), t)).toContain(
      'Версия прошивки: токен не сообщает',
    );
  });

  it('says of each PIN the attempts left, or that it is blocked', () => {
    const text = informationText(informationGroups(information({ administratorPin: blocked }), t), t);
    expect(text).toContain('PIN-код пользователя\nОсталось попыток: 9 из 10');
    expect(text).toContain('PIN-код администратора\nОсталось попыток: PIN-код заблокирован');
    expect(text).toContain('Может изменять: Пользователь и Администратор');
  });

  it('tells the default PIN only once a login has shown it', () => {
    const text = (isDefault: boolean | null) =>
      informationText(informationGroups(information({ userPin: { ...pin, isDefault } }), t), t);
    expect(text(null)).toContain('Стандартный PIN-код: станет известно после ввода PIN-кода');
    expect(text(true)).toContain('Стандартный PIN-код: да, замените его');
    expect(text(false)).toContain('Стандартный PIN-код: нет');
  });

  it('calls a token without a name by that', () => {
    expect(facts({ label: null })['Имя токена']).toBe('Без имени');
  });
});

describe('a token name', () => {
  const complaint = (label: string) => newTokenLabel('Office').safeParse(label).error?.issues[0]?.message;

  it('is printable Latin of at most 32 characters', () => {
    expect(complaint('Касса-2')).toBe('controlPanel.rename.signs');
    expect(complaint('x'.repeat(33))).toBe('controlPanel.rename.tooLong');
    expect(complaint('Office 2 (front)')).toBeUndefined();
  });

  it('is not asked for twice, nor left out when it is changed', () => {
    expect(complaint(' Office ')).toBe('controlPanel.rename.unchanged');
    expect(complaint('  ')).toBe('controlPanel.rename.empty');
    expect(tokenLabel.safeParse('').success).toBe(true);
  });
});
