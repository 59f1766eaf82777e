import { describe, expect, it } from 'vitest';
import {
  assertKnownSigner,
  judgeSigner,
  knownSigners,
  type SignerJudgement,
} from '#main/token/pkcs11/library-signer.ts';

const known = knownSigners[0]!;

describe('who has signed a PKCS#11 library, on Windows', () => {
  it.each<[string, string | null, SignerJudgement]>([
    ['Valid', known, 'accepted'],
    ['Valid', 'Somebody Else Ltd', 'signer-unknown'],
    ['Valid', `${known} Ltd`, 'signer-unknown'],
    ['Valid', known.toUpperCase(), 'signer-unknown'],
    ['Valid', null, 'signer-unknown'],
    ['NotSigned', null, 'unsigned'],
    ['HashMismatch', known, 'signature-broken'],
    ['NotTrusted', known, 'signature-broken'],
    ['UnknownError', known, 'signature-broken'],
    ['Incompatible', known, 'signature-broken'],
    ['a word of a later Windows', known, 'signature-broken'],
    ['', known, 'signature-broken'],
  ])('status %s, signer %s: %s', (status, signer, judgement) => {
    expect(judgeSigner({ status, signer }, knownSigners)).toBe(judgement);
  });

  it('may be a firm that the settings name, exactly and beside the known ones', async () => {
    const asked = (signer: string) => () => Promise.resolve({ status: 'Valid', signer });
    await expect(assertKnownSigner('x', asked('Bank JSC'), 'Bank JSC')).resolves.toBeUndefined();
    await expect(assertKnownSigner('x', asked(known), 'Bank JSC')).resolves.toBeUndefined();
    await expect(assertKnownSigner('x', asked('Bank'), 'Bank JSC')).rejects.toMatchObject({
      id: 'driver-not-allowed',
      data: { likelyCause: 'driver-signer-unknown', signer: 'Bank' },
    });
  });

  it('does not become «nobody» by leaving the setting empty', async () => {
    await expect(
      assertKnownSigner('x', () => Promise.resolve({ status: 'Valid', signer: '' }), ''),
    ).rejects.toMatchObject({ data: { likelyCause: 'driver-signer-unknown' } });
  });

  it('is not asked where the system knows no signatures of files', async () => {
    await expect(assertKnownSigner('x', undefined, '')).resolves.toBeUndefined();
  });
});
