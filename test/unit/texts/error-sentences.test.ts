import { describe, expect, it } from 'vitest';
import { errorCatalogue, type ErrorId } from '#shared/errors.ts';
import { errorSentences } from '#shared/texts/error-sentences.ts';
import { createTranslator } from '#shared/texts/i18n.ts';
import { language, type ErrorView } from '#shared/views.ts';

const view = (id: ErrorId, data: ErrorView['data'] = {}): ErrorView => ({
  id,
  code: errorCatalogue[id].code,
  data,
});

describe('a failure in words', () => {
  it('says how many attempts are left, in the right plural form', () => {
    const meaning = (name: 'ru' | 'kk' | 'en', attemptsLeft: number) =>
      errorSentences(view('wrong-pin', { attemptsLeft, role: 'user' }), createTranslator(name)).meaning;
    expect(meaning('ru', 9)).toContain('Осталось 9 попыток.');
    expect(meaning('ru', 2)).toContain('Осталось 2 попытки.');
    expect(meaning('ru', 1)).toContain('Осталась 1 попытка.');
    expect(meaning('kk', 9)).toContain('9 әрекет қалды.');
    expect(meaning('en', 1)).toContain('1 attempt left.');
    expect(meaning('en', 9)).toContain('9 attempts left.');
  });

  it('brings the manual’s check list with 0200040 and with nothing else', () => {
    const russian = createTranslator('ru');
    const wrong = errorSentences(view('key-container-wrong', { likelyCause: 'password' }), russian);
    expect(wrong.checks).toHaveLength(4);
    expect(wrong.code).toBe('Код 0200040');
    expect(wrong.meaning).toContain('не подошел пароль');
    expect(errorSentences(view('disk-full'), russian).checks).toEqual([]);
  });

  it.each([
    ['ru', 'В набранном ПИНе не 11 символов. В ПИНе есть знаки, которые легко спутать: 0 и O, 1 и I.'],
    ['kk', 'Терілген ДСН-де 11 таңба емес. ДСН-де шатастыруға оңай таңбалар бар: 0 мен O, 1 мен I.'],
    [
      'en',
      'does not have 11 characters. There are characters in the registration PIN that are easily confused',
    ],
  ] as const)('tells in %s what stands out in what was typed', (name, told) => {
    const data = { likelyCause: 'password', suspicions: 'pin-length,pin-lookalikes,unheard-of' };
    const { meaning } = errorSentences(view('key-container-wrong', data), createTranslator(name));
    expect(meaning).toContain(told);
    expect(meaning).not.toContain('unheard');
  });

  it('tells the bank’s own words and the status word last', () => {
    const { details } = errorSentences(
      view('ca-refused', { reason: 'Client is blocked', httpStatus: 403 }),
      createTranslator('en'),
    );
    expect(details).toEqual(['Reason: Client is blocked', 'Server answer: 403']);
  });

  it.each(language.options)('leaves no hole and no key in %s', (name) => {
    const translator = createTranslator(name);
    for (const id of Object.keys(errorCatalogue) as ErrorId[]) {
      const { title, meaning, next } = errorSentences(view(id), translator);
      for (const sentence of [title, meaning, next]) {
        expect(sentence).not.toMatch(/{{|errors\./);
      }
    }
  });
});
