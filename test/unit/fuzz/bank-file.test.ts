import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { isKiltError } from '#shared/errors.ts';
import { reportOnBankFile } from '#main/enrolment/bank-file.ts';
import { BankPublishers } from '../enrolment/bank-publisher.ts';
import { demoBank } from '../enrolment/workshop.ts';
import { cases, parserWithstands, patience } from './fuzz.ts';
import { damaged, damagedJson } from './mutations.ts';

/** What is wrong with a file comes back in a report; nothing at all may be thrown. */
const isExpected = (): boolean => false;

describe(`damaged files of banks, ${cases} cases each`, () => {
  const publishers = new BankPublishers();
  let signed: string;
  beforeAll(() => {
    publishers.add('publisher');
    signed = publishers.file('publisher', JSON.stringify(demoBank));
  });
  afterAll(() => publishers.remove());
  const read = (text: string | Uint8Array, unsigned: 'accept' | 'refuse') =>
    reportOnBankFile(typeof text === 'string' ? new TextEncoder().encode(text) : text, {
      fileName: 'demo.kiltbank',
      unsigned,
    });

  it(
    'JSON that nobody has signed',
    () =>
      parserWithstands(
        fc.oneof(
          { weight: 4, arbitrary: damagedJson(demoBank).map((json) => JSON.stringify(json)) },
          { weight: 1, arbitrary: fc.string().map((text) => `{${text}`) },
        ),
        (text) => {
          const { read: bank, error, problems } = read(text, 'accept');
          expect(bank === undefined).toBe(isKiltError(error, 'bank-file-invalid'));
          expect(bank === undefined).toBe(problems.length > 0);
        },
        { isExpected },
      ),
    patience,
  );

  it(
    'bytes, whatever they are',
    () =>
      parserWithstands(
        damaged(new TextEncoder().encode(JSON.stringify(demoBank)), new TextEncoder().encode(signed)),
        (bytes) => read(bytes, 'accept'),
        { isExpected },
      ),
    patience,
  );

  it(
    'signed: what was changed is never taken for what was signed',
    () =>
      parserWithstands(
        damaged(new TextEncoder().encode(signed)),
        (bytes) => {
          const { read: bank, error } = read(bytes, 'refuse');
          if (bank) expect(bank.bank).toEqual(demoBank);
          else expect(isKiltError(error)).toBe(true);
        },
        { isExpected },
      ),
    patience,
  );
});
