import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson, StrictJsonError } from '#main/pki/strict-json.ts';
import { processorTimeOf } from '#test/support/processor-time.ts';

describe('JSON that names each member once', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(0, 2), (text, indent) => {
        const value: unknown = JSON.parse(text);
        expect(parseStrictJson(JSON.stringify(value, undefined, indent))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['side by side', '{"a":1,"a":2}', 'a'],
    ['far below', '{"x":[{"y":{"a":1,"b":[{"a":0}],"a":2}}]}', 'a'],
    ['in another spelling', '{"ab":1,"\\u0061b":2}', 'ab'],
    ['of a name that holds quotes and braces', String.raw`{"{\"":1,"{\"":2}`, '{"'],
    ['of a name that objects have by themselves', '{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('is not one with a member twice, %s', (_, text, name) => {
    expect(() => parseStrictJson(text)).toThrow(new StrictJsonError(`member "${name}" stands twice`));
  });

  it.each([
    ['the same name in two objects', '[{"a":1},{"a":{"a":2}}]'],
    ['strings that look like members', '["a:", "{\\"a\\":1,", ":"]'],
  ])('may hold %s', (_, text) => {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text));
  });

  it('is not any other text', () => {
    for (const text of ['', '{', '{"a":1,}', "{'a':1}", '{"a":1}{', 'NaN'])
      expect(() => parseStrictJson(text)).toThrow(new StrictJsonError('not JSON'));
  });

  it('keeps its time with whatever is put in', async () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    const long = `{"a":"${'\\"'.repeat(100_000)}"}`;
    const spent = await processorTimeOf(() => {
      for (const text of [deep, long, '"'.repeat(200_000), '{"a":'.repeat(40_000)]) {
        try {
          parseStrictJson(text);
        } catch (error) {
          expect(error).toBeInstanceOf(StrictJsonError);
        }
      }
    });
    expect(spent).toBeLessThan(1_000);
  });
});
