import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KiltError } from '#shared/errors.ts';
import { renewalSteps, type RenewalStep } from '#shared/renewal-views.ts';
import { isReadyToTake, isSent, renewalView } from '#main/enrolment/renewal/renewal-view.ts';
import { ownStatus } from '#main/enrolment/renewal/key-set-view.ts';
import { StepRunner } from '#main/enrolment/step-runner.ts';
import { openDatabase, type KiltDatabase } from '#main/store/database.ts';
import { RenewalJournal } from '#main/store/renewal-journal.ts';

/** A token, as far as a regeneration changes it, and a bank that knows which keys sign in. */
interface Model {
  oldKey: boolean;
  newKey: boolean;
  inUse: 'old' | 'new';
  bankTakes: Set<'old' | 'new'>;
}

let folder: string;
let database: KiltDatabase;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-journey-'));
  database = openDatabase(folder);
  database.pragma('synchronous = OFF');
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const openIn = (journal: RenewalJournal, id: string) =>
  journal.open({
    id,
    bankId: 'demo',
    userId: 'qq111111_qwertyui',
    label: 'token',
    tokenSerial: '01',
    facts: {
      signatureKeyId: '03',
      signInKeyId: '04',
      oldSignatureKeyId: '01',
      oldSignInKeyId: '02',
      oldSignatureCertificate: '',
      authentication: 'old-key',
      record: {},
      signatureTransactionId: '00',
      signInTransactionId: '01',
    },
  });

describe('the steps of a regeneration', () => {
  it('in whatever way they are cut and taken up again, never leave the user without a key that signs in', async () => {
    const cut = fc.record({
      step: fc.constantFrom(...renewalSteps),
      after: fc.boolean(),
      take: fc.boolean(),
    });
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { maxLength: 12 }), async (cuts) => {
        number += 1;
        const id = `renewal-${String(number)}`;
        const journal = new RenewalJournal(database);
        openIn(journal, id);
        const model: Model = { oldKey: true, newKey: false, inUse: 'old', bankTakes: new Set(['old']) };
        const effect: Partial<Record<RenewalStep, () => void>> = {
          'new-sign-in-key-made': () => (model.newKey = true),
          'new-keys-registered-in-bank': () => model.bankTakes.add('new'),
          'new-keys-in-use': () => (model.inUse = 'new'),
          'signed-in-with-new-keys': () => (model.bankTakes = new Set(['new'])),
          'old-keys-removed': () => (model.oldKey = false),
        };
        const expectSomeKeySignsIn = () => {
          const isThere = model.inUse === 'old' ? model.oldKey : model.newKey;
          expect(isThere && model.bankTakes.has(model.inUse)).toBe(true);
        };
        const run = async (stop: { step: RenewalStep; after: boolean } | undefined, take: boolean) => {
          const runner = new StepRunner({ journal, steps: renewalSteps, settled: {}, tell: () => undefined });
          runner.run(id, () => ({
            perform: (step) => {
              if (stop?.step === step && !stop.after) return Promise.reject(new KiltError('token-removed'));
              effect[step]?.();
              expectSomeKeySignsIn();
              if (stop?.step === step) return Promise.reject(new KiltError('token-removed'));
              return Promise.resolve(undefined);
            },
            pausesBefore: (step) => step === 'new-signature-certificate-stored' && !take,
            finish: () => journal.setState(id, 'finished'),
            close: () => Promise.resolve(),
          }));
          await runner.ended(id);
          expectSomeKeySignsIn();
        };
        for (const { take, ...stop } of cuts) {
          if (journal.get(id).state === 'finished') break;
          await run(stop, take);
        }
        if (journal.get(id).state !== 'finished') await run(undefined, true);
        expect(journal.get(id).state).toBe('finished');
        expect(model).toMatchObject({ oldKey: false, newKey: true, inUse: 'new' });
      }),
      { numRuns: 60 },
    );
  });
});

describe('a regeneration in the journal', () => {
  it('is sent once the CA has it, ready when it has issued, and neither after a refusal', () => {
    const journal = new RenewalJournal(database);
    openIn(journal, 'a');
    expect(isSent(journal.get('a'))).toBe(false);
    journal.learn('a', { signatureTransaction: {}, waitingUntil: new Date().toISOString() });
    expect(isSent(journal.get('a'))).toBe(true);
    expect(isReadyToTake(journal.get('a'))).toBe(false);
    journal.learn('a', { said: { state: 'issued' } });
    expect(isReadyToTake(journal.get('a'))).toBe(true);
    journal.learn('a', { refusal: { id: 'renewal-refused', code: '0600024', data: {} } });
    expect(renewalView(journal.get('a'))).toMatchObject({
      readyToTake: false,
      error: { id: 'renewal-refused' },
    });
  });

  it('holds nothing on the token once it is undone', () => {
    const journal = new RenewalJournal(database);
    openIn(journal, 'a');
    expect(journal.heldOnToken('01')).toHaveLength(1);
    journal.learn('a', { undone: true });
    expect(journal.heldOnToken('01')).toEqual([]);
    expect(renewalView(journal.get('a')).needs.tokenPin).toBe(false);
  });

  it('stands beside registrations and is not mistaken for one', () => {
    const journal = new RenewalJournal(database);
    openIn(journal, 'a');
    expect(database.prepare('SELECT kind FROM registrations').all()).toEqual([{ kind: 'renewal' }]);
  });
});

describe('what a key set needs', () => {
  it.each([
    [31, undefined, undefined, 'in-use'],
    [30, undefined, undefined, 'planned-renewal'],
    [0, undefined, undefined, 'planned-renewal'],
    [-5, undefined, undefined, 'planned-renewal'],
    [300, { state: 'revoked', since: '' }, undefined, 'unplanned-renewal'],
    [300, { state: 'suspended', since: '' }, undefined, 'unplanned-renewal'],
    [300, undefined, { reason: 'because' }, 'unplanned-renewal'],
    [3, undefined, { reason: undefined }, 'unplanned-renewal'],
  ] as const)('with %i days left, %o against it and %o demanded', (days, standing, demand, status) => {
    expect(ownStatus({ standing }, demand, days)).toBe(status);
  });
});
