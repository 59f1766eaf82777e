import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import {
  decodeKeptCredentials,
  encodeKeptCredentials,
  holdsKeptCredentials,
} from '#main/enrolment/kept-credentials.ts';

const kept = {
  registrationId: 'r1',
  transaction: { version: 1, transactionId: '00ff' },
  credentials: { registrationPin: secretFromText('ABCDEFGHJK2') },
};

function encoded(): Uint8Array {
  const content = encodeKeptCredentials(kept);
  if (!content) throw new Error('it is not to be kept');
  return content;
}

describe('what a token keeps while the bank decides', () => {
  it('comes back as it went', async () => {
    expect(await decodeKeptCredentials(encoded(), 'r1')).toEqual(kept);
  });

  it('is of no use to another registration', async () => {
    expect(await decodeKeptCredentials(encoded(), 'r2')).toBeUndefined();
  });

  it('survives that its buffer is wiped', async () => {
    const content = encoded();
    const read = await decodeKeptCredentials(content, 'r1');
    content.fill(0);
    expect(read).toEqual(kept);
  });

  it('cut or changed anywhere is not taken for something else', async () => {
    const whole = encoded();
    for (let length = 0; length < whole.length; length += 1)
      expect(await decodeKeptCredentials(whole.subarray(0, length), 'r1')).toBeUndefined();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (rubbish) => {
        expect(await decodeKeptCredentials(rubbish, 'r1')).toBeUndefined();
      }),
    );
  });

  it('with a key container that can not be opened is not used', async () => {
    const content = encodeKeptCredentials({
      ...kept,
      credentials: {
        ...kept.credentials,
        keyContainer: { content: Uint8Array.of(0x30, 0), password: secretFromText('secret') },
      },
    });
    expect(content && (await decodeKeptCredentials(content, 'r1'))).toBeUndefined();
  });

  it('larger than what should be written to a token is not kept', () => {
    const keyContainer = { content: new Uint8Array(20_000), password: secretFromText('secret') };
    expect(
      encodeKeptCredentials({ ...kept, credentials: { ...kept.credentials, keyContainer } }),
    ).toBeUndefined();
  });

  it('is known by the name that everybody can read', () => {
    const objects = { keys: [], certificates: [], dataObjects: [] };
    expect(holdsKeptCredentials(objects)).toBe(false);
    const other = { application: 'Kilt', label: 'another' };
    expect(holdsKeptCredentials({ ...objects, privateData: [other] })).toBe(false);
    const own = { application: 'Kilt', label: 'registration' };
    expect(holdsKeptCredentials({ ...objects, privateData: [other, own] })).toBe(true);
  });
});
