import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect } from 'vitest';
import { processorTimeOf } from '#test/support/processor-time.ts';

/** Cases of each parser: `npm run test:fuzz` asks for many more than a run of the suite. */
export const cases = Number(process.env['KILT_FUZZ_CASES'] ?? 2_000);
/** For a whole test; ten milliseconds a case are much. */
export const patience = 60_000 + 40 * cases;

const longestMilliseconds = 1_000;

/**
 * Gives a parser all of these inputs. It may refuse one, with an error of the kinds that it documents, within a second
 * of work, and without a secret in anything that could be logged.
 *
 * @param secrets what must not turn up in an error
 */
export async function parserWithstands<Input>(
  inputs: fc.Arbitrary<Input>,
  parse: (input: Input) => unknown,
  expected: {
    readonly isExpected: (error: unknown) => boolean;
    readonly secrets?: readonly string[];
    /** For what takes more than a parser: fewer than {@link cases}. */
    readonly runs?: number;
  },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      const spent = await processorTimeOf(async () => {
        try {
          await parse(input);
        } catch (error) {
          expect(expected.isExpected(error), inspect(error)).toBe(true);
          if (expected.secrets) expectNoSecret(error, expected.secrets);
        }
      });
      expect(spent).toBeLessThan(longestMilliseconds);
    }),
    { numRuns: expected.runs ?? cases },
  );
}

function expectNoSecret(error: unknown, secrets: readonly string[]): void {
  const told = inspect(error, { depth: 8, showHidden: true, maxStringLength: null, maxArrayLength: null });
  for (const secret of secrets) expect(told.includes(secret), `an error tells ${secret}`).toBe(false);
}
