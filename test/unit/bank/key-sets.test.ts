import { describe, expect, it } from 'vitest';
import { KeySets } from '#test/bank/records/key-sets.ts';

const certificates = (name: string, userId = 'u1') => ({
  jti: `jti-${name}`,
  userId,
  signatureCertificate: `signature-${name}`,
  signInCertificate: `sign-in-${name}`,
});

describe('the key sets of a customer', () => {
  const states = (sets: KeySets, userId = 'u1') => sets.of(userId).map(({ state }) => state);

  it('a renewed set stands beside the one in use until somebody signs in with it', () => {
    const sets = new KeySets();
    sets.registered(certificates('a'));
    sets.renewed(certificates('b'));
    expect(states(sets)).toEqual(['in-use', 'new']);
    sets.signedIn('u1', 'sign-in-a');
    expect(states(sets)).toEqual(['in-use', 'new']);
    sets.signedIn('u1', 'sign-in-b');
    expect(states(sets)).toEqual(['replaced', 'in-use']);
  });

  it('signing in with the newest of several ends all the others, not those that came later', () => {
    const sets = new KeySets();
    sets.registered(certificates('a'));
    sets.renewed(certificates('b'));
    sets.renewed(certificates('c'));
    sets.signedIn('u1', 'sign-in-b');
    expect(states(sets)).toEqual(['replaced', 'in-use', 'new']);
    sets.signedIn('u1', 'sign-in-c');
    expect(states(sets)).toEqual(['replaced', 'replaced', 'in-use']);
  });

  it('a sign-in of one customer changes nothing for another', () => {
    const sets = new KeySets();
    sets.registered(certificates('a'));
    sets.registered(certificates('other', 'u2'));
    sets.renewed(certificates('b'));
    sets.signedIn('u1', 'sign-in-b');
    expect(states(sets, 'u2')).toEqual(['in-use']);
  });
});
