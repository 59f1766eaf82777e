import { afterAll, describe, expect, it } from 'vitest';
import { asDer } from '#shared/bytes.ts';
import type { CardState } from '#test/virtual-token/card-state.ts';
import type { UnverifiedBehaviour } from '#test/virtual-token/unverified.ts';
import {
  cutKinds,
  cutOff,
  matrixTable,
  undisturbed,
  type CutKind,
  type CutResult,
  type Login,
} from './format-matrix.ts';
import { derOf, formatUntil, insert, insertAsUser, keyPair, newCard } from './virtual-token-world.ts';

type Atr = 'kaztoken' | 'rutoken';

const starts: Readonly<Record<string, (atr: Atr) => Promise<CardState>>> = {
  'as from the factory': async (atr) => newCard({ atr }).snapshot(),
  'formatted by OpenSC': async (atr) => newCard({ atr, profile: 'formatted' }).snapshot(),
  registered: async (atr) => {
    const { session, card } = await insertAsUser(newCard({ atr }));
    await session.createPkcs15('qq111111');
    await session.generateRsaKeyPair(keyPair);
    await session.storeCertificate({ id: keyPair.id, label: 'Signature', der: asDer(derOf(1200, 1)) });
    await session.writeDataObject({ application: 'Kilt', label: 'profile', content: Uint8Array.of(1) });
    return card.snapshot();
  },
  'half-formatted': async (atr) => {
    const insertion = await insert(newCard({ atr }));
    await formatUntil(insertion, 'user-pin');
    return insertion.card.snapshot();
  },
  'administrator PIN blocked': async (atr) =>
    newCard({ atr, profile: 'administrator-pin-blocked' }).snapshot(),
};

const results: CutResult[] = [];

async function cutEverywhere(
  initial: CardState,
  kinds: readonly CutKind[] = cutKinds,
  login: Login = 'nobody',
): Promise<CutResult[]> {
  const { stageOf, writes } = await undisturbed(initial, login);
  const found: CutResult[] = [];
  for (const kind of kinds) {
    for (let nth = 1; nth <= (kind === 'torn' ? writes : stageOf.length); nth += 1) {
      found.push(await cutOff(initial, { kind, nth }, login));
    }
  }
  return found;
}

function expectSafe(found: readonly CutResult[]): void {
  expect(found.filter(({ trouble }) => trouble !== null)).toEqual([]);
  // Nothing but a cut after the last command leaves a token that is whole without help.
  expect(found.filter(({ outcome }) => outcome === 'complete').map(({ stage }) => stage)).toEqual(['closed']);
  const untouched = found.filter(({ outcome }) => outcome === 'untouched').map(({ stage }) => stage);
  expect(untouched.filter((stage) => stage !== 'before the wipe' && stage !== 'wiped')).toEqual([]);
}

afterAll(() => {
  process.stdout.write(matrixTable('Formatting cut off at every command', results));
});

describe.each(['kaztoken', 'rutoken'] as const)('a format of a %s', (atr) => {
  it.each(Object.keys(starts))(
    'that is cut off anywhere leaves a token that is recognised and made whole (%s)',
    async (start) => {
      const initial = await starts[start]?.(atr);
      if (initial === undefined) throw new Error(start);
      const found = await cutEverywhere(initial);
      results.push(...found);
      expectSafe(found);
    },
    240_000,
  );
});

describe('a format of a token that differs in what no paper tells', () => {
  const behaviours: Partial<UnverifiedBehaviour>[] = [
    { createSelects: 'new-file' },
    { pinFileSelectable: false },
  ];
  it.each(behaviours)(
    'is no less safe: %j',
    async (unverified) => {
      const found = await cutEverywhere(newCard({ unverified }).snapshot());
      expectSafe(found);
    },
    240_000,
  );

  it('is finished without login, although only its administrator may wipe it', async () => {
    const initial = newCard({ unverified: { eraseNeeds: 'administrator' } }).snapshot();
    // A torn PIN would be nobody's PIN; what that means on such a token is written in decision 013.
    const found = await cutEverywhere(initial, ['removed before', 'removed after'], 'administrator');
    expectSafe(found);
  }, 240_000);
});
