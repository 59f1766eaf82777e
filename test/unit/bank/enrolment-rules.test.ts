import { describe, expect, it } from 'vitest';
import { courseOf, decisionFor, isLocked, type RequestedKey } from '#test/bank/cmp/enrolment-rules.ts';
import type { Customer, Enrolment } from '#test/bank/records/entries.ts';

const request: RequestedKey = {
  transactionId: 'aa',
  userId: 'u1',
  purpose: 'signature',
  publicKey: 'K1',
  basis: undefined,
  pinNumber: 1,
};
const known = (change: Partial<Enrolment> = {}): Enrolment => ({
  ...request,
  status: 'issued',
  certificate: 'C',
  ...change,
});
const customer = (change: Partial<Customer> = {}): Customer => ({
  userId: 'u1',
  name: 'N',
  organisation: 'O',
  iin: '000000000000',
  sealedPin: '',
  pinRequired: true,
  hold: false,
  decision: undefined,
  reason: undefined,
  expectedAt: undefined,
  renewalDemand: undefined,
  pinNumber: 1,
  wrongAttempts: [],
  initialCertificate: '',
  admittedAt: '2026-11-22T00:00:00.000Z',
  ...change,
});

describe('requests for a certificate', () => {
  it('the first request of a customer is new', () => {
    expect(courseOf(request, undefined, [])).toEqual({ kind: 'new', supersedes: [] });
  });

  it.each(['requested', 'issued', 'confirmed', 'declined'] as const)(
    'the same transaction with the same key is answered again when %s',
    (status) => {
      const enrolment = known({ status });
      expect(courseOf(request, enrolment, [enrolment])).toEqual({ kind: 'again', enrolment });
    },
  );

  it('the same key in another transaction continues the first one', () => {
    const enrolment = known({ transactionId: 'bb', status: 'confirmed' });
    expect(courseOf(request, undefined, [enrolment])).toEqual({ kind: 'continued', enrolment });
  });

  it('another key takes the place of one that was never confirmed', () => {
    const enrolment = known({ transactionId: 'bb', publicKey: 'K2' });
    expect(courseOf(request, undefined, [enrolment])).toEqual({ kind: 'new', supersedes: ['bb'] });
  });

  it('another key is refused once one is confirmed', () => {
    const enrolment = known({ transactionId: 'bb', publicKey: 'K2', status: 'confirmed' });
    expect(() => courseOf(request, undefined, [enrolment])).toThrow('finished with another key');
  });

  it('another key is taken with a new ПИН, and what was never confirmed before falls away', () => {
    const confirmed = known({ transactionId: 'bb', publicKey: 'K2', status: 'confirmed' });
    const lost = known({ transactionId: 'cc', publicKey: 'K3' });
    const later = { ...request, pinNumber: 2 };
    expect(courseOf(later, undefined, [confirmed, lost])).toEqual({ kind: 'new', supersedes: ['cc'] });
  });

  it('a key update is not made twice with a new ПИН', () => {
    const first = known({ transactionId: 'first', status: 'confirmed' });
    const updated = known({ transactionId: 'dd', publicKey: 'K2', basis: 'first', status: 'confirmed' });
    const again = { ...request, publicKey: 'K3', basis: 'first', pinNumber: 2 };
    expect(() => courseOf(again, undefined, [first, updated])).toThrow('key update is finished');
  });

  it('a confirmed signature key does not stand in the way of the sign-in key', () => {
    const enrolment = known({ transactionId: 'bb', status: 'confirmed' });
    const signIn = { ...request, purpose: 'sign-in', publicKey: 'K2' } as const;
    expect(courseOf(signIn, undefined, [enrolment])).toEqual({ kind: 'new', supersedes: [] });
  });

  describe('a key update', () => {
    const update = { ...request, publicKey: 'K2', basis: 'first' };
    const first = known({ transactionId: 'first', status: 'confirmed' });

    it('stands beside the confirmed key that it is signed with', () => {
      expect(courseOf(update, undefined, [first])).toEqual({ kind: 'new', supersedes: [] });
    });

    it('is not repeated with a third key once it is confirmed', () => {
      const updated = known({ ...update, transactionId: 'second', status: 'confirmed' });
      const third = { ...update, publicKey: 'K3' };
      expect(() => courseOf(third, undefined, [first, updated])).toThrow('key update is finished');
    });

    it('takes the place of one that was never confirmed', () => {
      const lost = known({ ...update, transactionId: 'lost', publicKey: 'K3' });
      expect(courseOf(update, undefined, [first, lost])).toEqual({ kind: 'new', supersedes: ['lost'] });
    });

    it('lets its certificate ask for a sign-in certificate of its own', () => {
      const signIn = known({
        ...request,
        transactionId: 'old',
        purpose: 'sign-in',
        basis: 'first',
        status: 'confirmed',
      });
      const another = { ...request, purpose: 'sign-in', publicKey: 'K4', basis: 'second' } as const;
      expect(courseOf(another, undefined, [first, signIn])).toEqual({ kind: 'new', supersedes: [] });
    });
  });

  it.each([
    ['another key', { publicKey: 'K2' }],
    ['another customer', { userId: 'u2' }],
    ['another certificate that signed it', { basis: 'other' }],
    ['another purpose', { purpose: 'sign-in' as const }],
    ['a request that was superseded', { status: 'superseded' as const }],
  ])('a transaction of %s is refused', (_what, change) => {
    expect(() => courseOf(request, known(change), [])).toThrow('belongs to another request');
  });
});

describe('decisions about a customer', () => {
  it.each([
    ['auto', {}, 'approved'],
    ['auto', { hold: true }, 'held'],
    ['manual', {}, 'held'],
    ['manual', { decision: 'approved' as const }, 'approved'],
    ['auto', { hold: true, decision: 'refused' as const }, 'refused'],
  ] as const)('approval %s, customer %o: %s', (approval, change, decision) => {
    expect(decisionFor(customer(change), approval)).toBe(decision);
  });

  it('registration data are locked from the fifth wrong attempt on', () => {
    expect(isLocked(customer({ wrongAttempts: ['1', '2', '3', '4'] }))).toBe(false);
    expect(isLocked(customer({ wrongAttempts: ['1', '2', '3', '4', '5'] }))).toBe(true);
  });
});
