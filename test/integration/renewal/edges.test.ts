import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { encodeProfileRecord, readProfiles } from '#main/enrolment/profile-record.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { chosenPassword, newCard, openBank } from '#test/support/world.ts';
import { RenewalDesk } from './renewal-desk.ts';

const day = 24 * 3600 * 1000;

describe('a regeneration', () => {
  let bank: RunningBank;
  let desk: RenewalDesk;
  let folder: string;
  let clock = 0;
  const now = () => new Date(Date.now() + clock);

  beforeAll(async () => {
    bank = await openBank({ certificateDays: 40, now });
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-edges-'));
  });
  afterEach(async () => {
    await desk.close();
    rmSync(folder, { recursive: true });
    clock = 0;
  });
  afterAll(() => bank.stop());

  const newPin = (): string => {
    const file = path.join(folder, 'pin.txt');
    bank.renewPin(desk.userId, file);
    return readFileSync(file, 'utf8').trim();
  };

  it('is not needed early, planned from 30 days before the end, and possible at any time', async () => {
    desk = await RenewalDesk.open(bank, { now });
    expect(desk.keySet()).toMatchObject({ status: 'in-use', daysLeft: 40 });
    expect(desk.world.kilt.renewals.plan(desk.keySet().id)).toMatchObject({
      authentication: 'old-key',
      obstacles: [],
    });
    const { expectedAt } = desk.world.kilt.renewals.plan(desk.keySet().id);
    expect(Math.round((Date.parse(expectedAt ?? '') - now().getTime()) / day)).toBe(3);
    clock = 10 * day;
    expect(desk.keySet().status).toBe('planned-renewal');
  });

  it('is remembered without its token', async () => {
    desk = await RenewalDesk.open(bank, { now });
    await desk.pull();
    expect(desk.keySet()).toMatchObject({ status: 'in-use', userId: desk.userId });
    expect(desk.keySet()).not.toHaveProperty('tokenId');
    expect(desk.world.kilt.renewals.plan(desk.keySet().id).obstacles).toMatchObject([
      { id: 'token-removed' },
    ]);
  });

  it('after the end of the certificate goes by ID and a new ПИН', async () => {
    desk = await RenewalDesk.open(bank, { now });
    clock = 45 * day;
    expect(desk.keySet()).toMatchObject({ status: 'planned-renewal' });
    expect(desk.world.kilt.renewals.plan(desk.keySet().id)).toMatchObject({ authentication: 'id-and-pin' });
    await expect(desk.send()).rejects.toMatchObject({
      id: 'input-invalid',
      data: { field: 'registrationPin' },
    });

    const pin = newPin();
    const wrong = await desk.send('AAAAAAAAAA1');
    expect(wrong).toMatchObject({
      error: { id: 'registration-data-refused' },
      needs: { registrationPin: true },
    });
    expect(await desk.continue(pin)).toMatchObject({ readyToTake: true, needs: { registrationPin: true } });
    expect(await desk.continue(pin)).toMatchObject({ state: 'finished' });
    desk.expectOneKeySet();
    await desk.expectSignsIn();
  });

  it('of a revoked key is unplanned, and goes by ID and a new ПИН', async () => {
    desk = await RenewalDesk.open(bank, { now });
    bank.revoke(desk.userId, 'all', 'keyCompromise');
    await desk.world.kilt.renewals.refresh();
    expect(desk.keySet()).toMatchObject({ status: 'unplanned-renewal', reason: { kind: 'revoked' } });
    const pin = newPin();
    expect(await desk.send(pin)).toMatchObject({ readyToTake: true });
    expect(await desk.continue(pin)).toMatchObject({ state: 'finished' });
    desk.expectOneKeySet();
    await desk.expectSignsIn();
    expect(desk.keySet().status).toBe('in-use');
  });

  it('is unplanned when the bank demands it at a sign-in, in its own words, until it is done', async () => {
    desk = await RenewalDesk.open(bank, { now });
    bank.demandRenewal(desk.userId, 'Смена удостоверяющего центра');
    await desk.expectSignsIn();
    expect(desk.keySet()).toMatchObject({
      status: 'unplanned-renewal',
      reason: { kind: 'bank-demand', text: 'Смена удостоверяющего центра' },
    });
    await desk.send();
    expect(await desk.continue()).toMatchObject({ state: 'finished' });
    expect(desk.keySet().status).toBe('in-use');
  });

  it('on a token without room begins nothing, and leaves nothing', async () => {
    desk = await RenewalDesk.open(bank, { now });
    desk.plugged.arm({ do: 'answer', statusWord: '6A84', command: 'CREATE' });
    const view = await desk.send();
    expect(view).toMatchObject({
      state: 'interrupted',
      error: { id: 'renewal-no-room' },
      needs: { tokenPin: false },
    });
    desk.expectOneKeySet();
    expect(await desk.formatBlockers()).toEqual([]);
    await desk.expectSignsIn();

    await desk.world.kilt.renewals.close(view.journalId);
    expect(await desk.send()).toMatchObject({ readyToTake: true });
    expect(await desk.continue()).toMatchObject({ state: 'finished' });
    desk.expectOneKeySet();
  });

  it('never sends the PIN to another token', async () => {
    desk = await RenewalDesk.open(bank, { now });
    await desk.send();
    const { journalId } = desk.renewal();
    await desk.pull();
    const other = newCard();
    await desk.plug(other);
    await expect(
      desk.world.kilt.renewals.continue({
        journalId,
        tokenId: desk.tokenId,
        pin: secretFromText(chosenPassword),
      }),
    ).rejects.toMatchObject({ id: 'token-swapped' });
    expect(other.verifies).toBe(0);
  });

  it('is begun once: a second request for the same keys is refused', async () => {
    desk = await RenewalDesk.open(bank, { now });
    await desk.send();
    await expect(desk.send()).rejects.toMatchObject({ id: 'renewal-unfinished' });
    expect(await desk.continue()).toMatchObject({ state: 'finished' });
    desk.expectOneKeySet();
  });

  it('keeps its keys from being deleted in the control panel, old and new', async () => {
    desk = await RenewalDesk.open(bank, { now });
    await desk.send();
    const { controlPanel, certificates } = desk.world.kilt;
    await controlPanel.login(desk.tokenId, 'user', secretFromText(chosenPassword));
    const { keys } = await certificates.list(desk.tokenId);
    expect(keys).toHaveLength(4);
    for (const { objectId, label } of keys)
      await expect(
        certificates.remove(desk.tokenId, { kind: 'key-pair', objectId }, label),
      ).rejects.toMatchObject({ id: 'renewal-unfinished' });
    expect(await desk.formatBlockers()).toEqual(['unfinished-renewal']);
    expect(await desk.continue()).toMatchObject({ state: 'finished' });
  });

  it('with a certificate for another key is refused by Kilt, and goes on with a right one', async () => {
    desk = await RenewalDesk.open(bank, { now });
    bank.setFault({ next: 'certificate-for-another-key' });
    expect(await desk.send()).toMatchObject({ error: { id: 'ca-certificate-wrong' } });
    await desk.expectSignsIn();
    expect(await desk.continue()).toMatchObject({ readyToTake: true });
    expect(await desk.continue()).toMatchObject({ state: 'finished' });
    desk.expectOneKeySet();
  });

  it('with a certificate for another holder is refused by Kilt, the old keys stay, and it goes on with a right one', async () => {
    desk = await RenewalDesk.open(bank, { now });
    bank.setFault({ next: 'certificate-for-another-holder' });
    expect(await desk.send()).toMatchObject({ error: { id: 'renewal-other-name' }, readyToTake: false });
    await desk.expectSignsIn();
    expect(await desk.continue()).toMatchObject({ readyToTake: true });
    expect(await desk.continue()).toMatchObject({ state: 'finished' });
    desk.expectOneKeySet();
    await desk.expectSignsIn();
  });

  it('writes a record that was damaged meanwhile again, from its journal', async () => {
    desk = await RenewalDesk.open(bank, { now });
    await desk.send();
    const before = await desk.record();
    await desk.onToken(async (session) =>
      session.writeDataObject({
        ...encodeProfileRecord(before, await session.objects()),
        content: new Uint8Array([1, 2, 3]),
      }),
    );
    const found = readProfiles(await desk.onToken((session) => session.objects()));
    expect(found).toEqual({ records: [], damaged: true });
    expect(await desk.formatBlockers()).toEqual(['unfinished-renewal']);
    expect(await desk.continue()).toMatchObject({ state: 'finished' });
    desk.expectOneKeySet();
    await desk.expectSignsIn();
  });

  it('is done year after year on one token', async () => {
    desk = await RenewalDesk.open(bank, { now });
    for (let years = 0; years < 4; years += 1) {
      clock += 35 * day;
      expect(await desk.send()).toMatchObject({ readyToTake: true });
      const { state, error } = await desk.continue();
      expect({ state, error }).toEqual({ state: 'finished', error: undefined });
      desk.expectOneKeySet();
    }
    await desk.expectSignsIn();
  });
});
