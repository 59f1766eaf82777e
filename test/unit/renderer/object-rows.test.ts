import { describe, expect, it } from 'vitest';
import type { StoredCertificateView, StoredKeyView } from '#shared/control-panel-views.ts';
import { deletionsOf } from '../../../src/renderer/control-panel/certificates/deletion.ts';
import {
  certificateState,
  keyPresence,
  objectRows,
} from '../../../src/renderer/control-panel/certificates/object-rows.ts';
import { plainUsage } from '../../../src/renderer/control-panel/certificates/plain-usage.ts';

const now = new Date(2026, 10, 22, 12);
const inDays = (days: number) => new Date(2026, 10, 22 + days, 12).toISOString();

const certificate = (changes: Partial<StoredCertificateView> = {}): StoredCertificateView => ({
  purpose: 'other',
  subjectName: 'Сериккызы Айгерим',
  subject: 'CN=Сериккызы Айгерим',
  issuerName: 'CA',
  issuer: 'CN=CA',
  serialNumber: '01',
  notBefore: inDays(-100),
  notAfter: inDays(100),
  keyOnToken: true,
  fingerprint: 'aa',
  objectId: '45',
  objectLabel: 'label',
  validity: 'valid',
  keyUsage: [],
  extendedKeyUsage: [],
  publicKey: 'RSA 2048',
  isAuthority: false,
  chain: [],
  chainComplete: false,
  ...changes,
});
const key = (changes: Partial<StoredKeyView> = {}): StoredKeyView => ({
  objectId: '45',
  label: 'my key',
  algorithm: 'rsa',
  bits: 2048,
  hasCertificate: true,
  ...changes,
});

describe('what is to be said of a certificate', () => {
  it.each([
    ['valid', {}],
    ['soon', { notAfter: inDays(30) }],
    ['valid', { notAfter: inDays(31) }],
    ['expired', { validity: 'expired', keyOnToken: false }],
    ['not-yet', { validity: 'not-yet' }],
    ['orphaned', { keyOnToken: false }],
    ['orphaned', { keyOnToken: false, notAfter: inDays(3) }],
    ['valid', { keyOnToken: false, isAuthority: true }],
  ] as const)('is «%s» for %j', (state, changes) => {
    expect(certificateState(certificate(changes), now)).toBe(state);
  });

  it('is not that a certification authority lacks a key here', () => {
    expect(keyPresence(certificate({ keyOnToken: false, isAuthority: true }))).toBe('notNeeded');
    expect(keyPresence(certificate({ keyOnToken: false }))).toBe('no');
  });
});

describe('the rows', () => {
  it('begin with what can be used longest and end with what can not be read', () => {
    const rows = objectRows({
      tokenId: 't',
      certificates: [
        certificate({ fingerprint: 'authority', isAuthority: true, keyOnToken: false }),
        certificate({ fingerprint: 'orphaned', keyOnToken: false }),
        certificate({ fingerprint: 'ends first', notAfter: inDays(10) }),
        certificate({ fingerprint: 'ends last', notAfter: inDays(400) }),
      ],
      keys: [key(), key({ objectId: '57', hasCertificate: false })],
      unreadable: [{ objectId: '58', objectLabel: 'damaged' }],
    });
    expect(rows.map(({ id }) => id)).toEqual([
      'c ends last',
      'c ends first',
      'k 57',
      'c orphaned',
      'c authority',
      'u 58 damaged',
    ]);
  });
});

describe('what a certificate is good for', () => {
  it.each([
    [['signing'], { purpose: 'signature' }],
    [['sign-in'], { purpose: 'sign-in' }],
    [['authority'], { isAuthority: true, keyUsage: ['keyCertSign', 'digitalSignature'] }],
    [['signing'], { keyUsage: ['nonRepudiation'] }],
    [['signing'], { keyUsage: ['contentCommitment'] }],
    [['sign-in'], { keyUsage: ['digitalSignature'] }],
    [['sign-in-and-signing'], { keyUsage: ['digitalSignature', 'nonRepudiation'] }],
    [['sign-in', 'encryption'], { keyUsage: ['digitalSignature', 'keyEncipherment'] }],
    [['other'], { keyUsage: [] }],
    [['other'], { keyUsage: ['decipherOnly'] }],
  ] as const)('is %j for %j', (usage, changes) => {
    expect(plainUsage(certificate(changes as Partial<StoredCertificateView>))).toEqual(usage);
  });
});

describe('what can be deleted', () => {
  const view = (...keys: StoredKeyView[]) => ({ tokenId: 't', certificates: [], keys, unreadable: [] });
  const of = (one: StoredCertificateView) => ({ kind: 'certificate', id: 'c', certificate: one }) as const;

  it('of a certificate with its key: it alone, or both; each by its name typed', () => {
    expect(deletionsOf(of(certificate()), view(key()))).toEqual([
      { target: { kind: 'certificate', fingerprint: 'aa' }, phrase: 'Сериккызы Айгерим' },
      { target: { kind: 'key-pair', objectId: '45' }, phrase: 'my key' },
    ]);
  });

  it('of a certificate without its key: nothing but itself, even if a key has the same identifier', () => {
    expect(deletionsOf(of(certificate({ keyOnToken: false })), view(key()))).toHaveLength(1);
  });

  it('always has something to be typed', () => {
    const nameless = certificate({ subjectName: '', objectLabel: 'its label' });
    expect(deletionsOf(of(nameless), view())[0]?.phrase).toBe('its label');
    const lone = { kind: 'key', id: 'k', key: key({ label: '' }) } as const;
    expect(deletionsOf(lone, view())[0]?.phrase).toBe('45');
  });

  it('is nothing of what can not be read', () => {
    const unreadable = { kind: 'unreadable', id: 'u', objectId: '58', label: 'damaged' } as const;
    expect(deletionsOf(unreadable, view())).toEqual([]);
  });
});
