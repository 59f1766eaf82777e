import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerCall, type Handlers } from '#main/desktop/call-answer.ts';
import { KiltError } from '#shared/errors.ts';
import { calls, type CallName } from '#shared/ipc-contract.ts';
import { recordingLog } from './recording-log.ts';

const handlersWith = (some: Partial<Handlers>) => async () => some as Handlers;
const pinOf = (text: string) => new TextEncoder().encode(text);
const internal = { ok: false, error: { id: 'internal', code: '0500099', data: {} } };

describe('an answer to a call', () => {
  it('is the handler’s value', async () => {
    const handlers = handlersWith({ 'banks.list': async () => [] });
    expect(await answerCall('banks.list', undefined, handlers, recordingLog().log)).toEqual({
      ok: true,
      value: [],
    });
  });

  it('is the error that the user can act on, with its code and data', async () => {
    const handlers = handlersWith({
      'picker.open': async () => {
        throw new KiltError('wrong-pin', { attemptsLeft: 9 });
      },
    });
    const input = { tokenId: 't', pin: pinOf('12345678') };
    expect(await answerCall('picker.open', input, handlers, recordingLog().log)).toEqual({
      ok: false,
      error: { id: 'wrong-pin', code: '0100020', data: { attemptsLeft: 9 } },
    });
  });

  it('names the field of input that breaks the contract, and the handler never sees it', async () => {
    let seen = false;
    const handlers = handlersWith({
      'picker.open': async () => {
        seen = true;
        throw new KiltError('wrong-pin');
      },
    });
    const answer = await answerCall(
      'picker.open',
      { tokenId: '', pin: pinOf('1') },
      handlers,
      recordingLog().log,
    );
    expect(answer).toEqual({
      ok: false,
      error: { id: 'input-invalid', code: '0500003', data: { field: 'tokenId' } },
    });
    expect(seen).toBe(false);
  });

  it.each([
    ['a PIN as text', 'picker.open', { tokenId: 't', pin: '12345678' }],
    ['a PIN of 257 bytes', 'picker.open', { tokenId: 't', pin: new Uint8Array(257) }],
    ['input where there is none', 'tokens.list', { surprise: true }],
    ['a text that is too long', 'clipboard.copy', { text: 'a'.repeat(5_000) }],
    ['megabytes', 'clipboard.copy', { text: 'a', more: new Uint8Array(4_000_000) }],
    ['thousands of values', 'clipboard.copy', { text: 'a', more: Array.from({ length: 5_000 }, () => ({})) }],
    ['an unknown language', 'settings.change', { language: 'de' }],
  ] satisfies [string, CallName, unknown][])('%s is refused', async (_what, name, input) => {
    const answer = await answerCall(name, input, handlersWith({}), recordingLog().log);
    expect(answer).toMatchObject({ ok: false, error: { id: 'input-invalid' } });
  });

  it('hides a defect behind «internal» and writes it to the log', async () => {
    const { log, entries } = recordingLog();
    const defect = new TypeError('key is undefined in C:\\Users\\aigul');
    const handlers = handlersWith({ 'tokens.list': async () => Promise.reject(defect) });
    expect(await answerCall('tokens.list', undefined, handlers, log)).toEqual(internal);
    expect(entries).toEqual([{ level: 'error', what: 'tokens.list failed', details: defect }]);
  });

  it('leaves out what the contract does not name', async () => {
    const bank = { id: 'demo', name: { ru: 'Д', kk: 'Д', en: 'D' }, authentication: 'initial-key' as const };
    const handlers = handlersWith({ 'banks.list': async () => [{ ...bank, pin: '12345678' }] });
    expect(await answerCall('banks.list', undefined, handlers, recordingLog().log)).toEqual({
      ok: true,
      value: [bank],
    });
  });

  it('is «internal» when the handler breaks the contract', async () => {
    const { log, entries } = recordingLog();
    const handlers = handlersWith({ 'banks.list': async () => 'none' as never });
    expect(await answerCall('banks.list', undefined, handlers, log)).toEqual(internal);
    expect(String(entries[0]?.details)).toContain('breaks the contract');
  });

  it('says why the services could not start, on every call', async () => {
    const noServices = async () => Promise.reject(new KiltError('disk-full'));
    expect(await answerCall('tokens.list', undefined, noServices, recordingLog().log)).toMatchObject({
      error: { id: 'disk-full' },
    });
  });

  it('never rejects, whatever the page sends to whichever call', async () => {
    const names = Object.keys(calls) as CallName[];
    const handlers = async () =>
      Object.fromEntries(names.map((name) => [name, async () => undefined])) as unknown as Handlers;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.anything({ withTypedArray: true, withMap: true, withSet: true, withDate: true }),
        async (name, input) => {
          const answer = await answerCall(name, input, handlers, recordingLog().log);
          expect(typeof answer.ok).toBe('boolean');
        },
      ),
    );
  });
});

describe('secrets in the input', () => {
  const secrets = () => {
    const input = {
      bankId: 'demo',
      userId: 'qq111111',
      registrationPin: pinOf('ABC12DEF345'),
      keyFile: { id: 'f', password: pinOf('key-password') },
    };
    return { input, buffers: [input.registrationPin, input.keyFile.password] };
  };
  const allWiped = (buffers: readonly Uint8Array[]) =>
    buffers.every((buffer) => buffer.every((byte) => byte === 0));

  it('are readable while the handler works, and zero when it has ended', async () => {
    const { input, buffers } = secrets();
    let seen = '';
    const handlers = handlersWith({
      'wizard.checkData': async ({ registrationPin }) => {
        await Promise.resolve();
        seen = new TextDecoder().decode(registrationPin);
        return { draftId: 'd' };
      },
    });
    expect((await answerCall('wizard.checkData', input, handlers, recordingLog().log)).ok).toBe(true);
    expect(seen).toBe('ABC12DEF345');
    expect(allWiped(buffers)).toBe(true);
  });

  it.each([
    ['the handler fails', async () => Promise.reject(new Error('defect'))],
    [
      'the handler throws at once',
      () => {
        throw new Error('defect');
      },
    ],
    ['the answer breaks the contract', async () => ({ draftId: 5 })],
  ])('are wiped when %s', async (_when, handler) => {
    const { input, buffers } = secrets();
    const handlers = handlersWith({ 'wizard.checkData': handler as never });
    await answerCall('wizard.checkData', input, handlers, recordingLog().log);
    expect(allWiped(buffers)).toBe(true);
  });

  it('are wiped when the input is refused, wherever in it they stand', async () => {
    const view = new Uint8Array(new ArrayBuffer(16), 4, 8).fill(0x31);
    const whole = new Uint8Array(view.buffer);
    whole.fill(0x31);
    const inMap = pinOf('1111');
    const input = { wrong: [{ deep: view }, new Map([['pin', inMap]]), new Set([view.buffer])] };
    await answerCall('picker.open', input, handlersWith({}), recordingLog().log);
    expect(allWiped([whole, inMap])).toBe(true);
  });

  it('are wiped when the services are not there', async () => {
    const { input, buffers } = secrets();
    await answerCall(
      'wizard.checkData',
      input,
      async () => Promise.reject(new Error('no')),
      recordingLog().log,
    );
    expect(allWiped(buffers)).toBe(true);
  });

  it('a ring in the input does not keep the call busy for ever', async () => {
    const ring: Record<string, unknown> = { tokenId: 't', pin: pinOf('1234') };
    ring['self'] = ring;
    await answerCall(
      'profile.leave',
      ring,
      handlersWith({ 'profile.leave': async () => undefined }),
      recordingLog().log,
    );
    expect(allWiped([ring['pin'] as Uint8Array])).toBe(true);
  });
});
