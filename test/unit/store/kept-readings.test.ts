import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type KiltDatabase } from '#main/store/database.ts';
import { KeptReadings } from '#main/store/kept-readings.ts';
import { RegistrationJournal } from '#main/store/registration-journal.ts';

describe('kept readings', () => {
  let folder: string;
  let ours: KiltDatabase;
  /** As another program has it open. */
  let theirs: KiltDatabase;
  let readings: KeptReadings<unknown>;
  let read: number;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-readings-'));
    ours = openDatabase(folder);
    theirs = openDatabase(folder);
    readings = new KeptReadings(ours);
    read = 0;
    ours.exec('CREATE TABLE things (name TEXT)');
  });
  afterEach(() => {
    ours.close();
    theirs.close();
    rmSync(folder, { recursive: true });
  });

  const write = (database: KiltDatabase, name = 'x') =>
    database.prepare('INSERT INTO things VALUES (?)').run(name);
  const count = (): unknown =>
    readings.get('count', () => {
      read += 1;
      return ours.prepare('SELECT count(*) FROM things').pluck().get();
    });

  it('are read once while nothing changes', () => {
    expect([count(), count(), count()]).toEqual([0, 0, 0]);
    expect(read).toBe(1);
  });

  it('are read anew after a change of ours, and of another program', () => {
    count();
    write(ours);
    expect(count()).toBe(1);
    write(theirs);
    expect(count()).toBe(2);
    expect(read).toBe(3);
  });

  it('are not kept from within a transaction, which may be undone', () => {
    const undone = ours.transaction(() => {
      write(ours);
      expect(count()).toBe(1);
      throw new Error('undone');
    });
    expect(undone).toThrow('undone');
    expect(count()).toBe(0);
  });

  it('are what the disk says, whoever wrote in whatever order', () => {
    const step = fc.constantFrom('ours', 'theirs', 'undone', 'read');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        for (const who of steps) {
          if (who === 'ours') write(ours);
          else if (who === 'theirs') write(theirs);
          else if (who === 'read') count();
          else {
            const undone = ours.transaction(() => {
              write(ours);
              count();
              throw new Error('undone');
            });
            expect(undone).toThrow('undone');
          }
        }
        expect(count()).toBe(theirs.prepare('SELECT count(*) FROM things').pluck().get());
      }),
      { numRuns: 50 },
    );
  });

  it('give a journal what another Kilt has written into it', () => {
    const journals = [ours, theirs].map((database) => new RegistrationJournal(database));
    const [here, there] = journals as [RegistrationJournal, RegistrationJournal];
    const facts = {
      signatureKeyId: '01',
      signInKeyId: '02',
      signatureTransactionId: '00'.repeat(16),
      signInTransactionId: '11'.repeat(16),
    };
    here.open({ id: 'r1', bankId: 'demo', userId: 'qq111111', label: '', tokenSerial: '3A5B7C1D', facts });
    expect(here.get('r1').state).toBe('interrupted');
    there.setState('r1', 'abandoned');
    expect(here.get('r1').state).toBe('abandoned');
    expect(here.unfinished()).toEqual([]);
  });
});
