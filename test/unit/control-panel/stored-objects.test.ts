import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asDer } from '#shared/bytes.ts';
import { storedObjectsView as contract } from '#shared/control-panel-views.ts';
import { checkRemoval, findRemoval, type RemovalTarget } from '#main/control-panel/certificate-removal.ts';
import { fingerprintOf, storedObjectsView } from '#main/control-panel/stored-objects-view.ts';
import type { BankDirectory } from '#main/enrolment/bank-files.ts';
import { encodeProfileRecord } from '#main/enrolment/profile-record.ts';
import type { JournalledRegistration } from '#main/store/registration-journal.ts';
import type { TokenKey, TokenObjects } from '#main/token/token-session.ts';
import { demoBank, line, record, registration, unsignedBanks } from '../enrolment/workshop.ts';
import { OpensslWorkshop } from '../pki/openssl-workshop.ts';
import { noObjects } from './bench.ts';

let openssl: OpensslWorkshop;
let folder: string;
let banks: BankDirectory;
beforeAll(() => {
  openssl = new OpensslWorkshop();
  for (const name of ['root', 'issuing', 'leaf', 'stranger']) openssl.rsaKey(name);
  openssl.root('root', '/CN=Root');
  openssl.certificate('issuing', 'root', '/CN=Issuing', { extensions: 'ca' });
  openssl.certificate('leaf', 'issuing', '/CN=Айгерим Сапарова');
  // The same name as the true issuer, and another key.
  openssl.root('stranger', '/CN=Issuing');
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-stored-'));
  const bank = { ...demoBank, ca: { ...demoBank.ca, anchors: [openssl.pem('root')] } };
  writeFileSync(path.join(folder, 'bank.json'), JSON.stringify(bank));
  banks = unsignedBanks(folder);
});
afterAll(() => {
  openssl.remove();
  rmSync(folder, { recursive: true });
});

const key = (id: string, label = 'signing key'): TokenKey => ({
  id,
  label,
  algorithm: 'rsa',
  bits: 2048,
  reference: 1,
  usage: ['sign'],
});
const certificate = (id: string, name: string, label = 'from the bank') => ({
  id,
  label,
  der: openssl.der(name),
});
const view = (objects: Partial<TokenObjects>, now = new Date()) =>
  storedObjectsView('t1', { ...noObjects, ...objects }, { banks, language: 'en', now });
const registered = encodeProfileRecord({ ...record, state: 'registered' }, { dataObjects: [] });

describe('tab «Сертификаты»', () => {
  it('tells of a certificate what can be known', async () => {
    const told = contract.parse(
      await view({
        keys: [key('01'), key('02')],
        certificates: [certificate('01', 'leaf'), certificate('0a', 'issuing')],
        dataObjects: [registered],
      }),
    );
    expect(told.certificates[0]).toMatchObject({
      purpose: 'signature',
      subjectName: 'Айгерим Сапарова',
      objectId: '01',
      objectLabel: 'from the bank',
      fingerprint: fingerprintOf(openssl.der('leaf')),
      validity: 'valid',
      keyUsage: ['digitalSignature', 'nonRepudiation'],
      extendedKeyUsage: ['clientAuth', 'emailProtection'],
      publicKey: 'RSA 2048',
      isAuthority: false,
      keyOnToken: true,
      usedByBank: 'Bank',
      chain: [
        { name: 'Issuing', from: 'token' },
        { name: 'Root', from: 'bank' },
      ],
      chainComplete: true,
    });
    expect(told.certificates[1]).toMatchObject({ isAuthority: true, keyOnToken: false, chainComplete: true });
    expect(told.certificates[1]).not.toHaveProperty('usedByBank');
    expect(told.keys).toEqual([
      { objectId: '01', label: 'signing key', algorithm: 'rsa', bits: 2048, hasCertificate: true },
      { objectId: '02', label: 'signing key', algorithm: 'rsa', bits: 2048, hasCertificate: false },
    ]);
  });

  it('ends a chain where the issuer is missing, and is not taken in by one of the same name', async () => {
    const told = await view({ certificates: [certificate('01', 'leaf'), certificate('02', 'stranger')] });
    expect(told.certificates[0]).toMatchObject({ chain: [], chainComplete: false });
    expect(told.certificates[1]).toMatchObject({ chain: [], chainComplete: true });
  });

  it('says when a certificate has run out or is not valid yet', async () => {
    const holding = { certificates: [certificate('01', 'leaf')] };
    expect((await view(holding, new Date('2000-01-01'))).certificates[0]?.validity).toBe('not-yet');
    expect((await view(holding, new Date('2100-01-01'))).certificates[0]?.validity).toBe('expired');
  });

  it('names what can not be read', async () => {
    const told = await view({
      certificates: [{ id: '07', label: 'rubbish', der: asDer(Uint8Array.of(0x30, 0)) }],
    });
    expect(told).toMatchObject({
      certificates: [],
      unreadable: [{ objectId: '07', objectLabel: 'rubbish' }],
    });
  });
});

describe('deleting', () => {
  const leaf = (): RemovalTarget => ({
    kind: 'certificate',
    fingerprint: fingerprintOf(openssl.der('leaf')),
  });
  const pair: RemovalTarget = { kind: 'key-pair', objectId: '01' };
  const holding = (): TokenObjects => ({
    ...noObjects,
    keys: [key('01')],
    certificates: [certificate('01', 'leaf')],
  });
  const check = (
    target: RemovalTarget,
    typed: string,
    objects = holding(),
    journal: readonly JournalledRegistration[] = [],
  ) => {
    const removal = findRemoval(objects, target);
    checkRemoval(removal, typed, objects, journal);
    return removal;
  };

  it.each(['Айгерим Сапарова', 'from the bank', '  from the bank '])(
    'a certificate is confirmed by %j',
    (typed) => {
      expect(check(leaf(), typed)).toMatchObject({ objectId: '01' });
    },
  );

  it('a key pair is confirmed by its own label too, a certificate is not', () => {
    expect(check(pair, 'signing key').certificates).toHaveLength(1);
    expect(() => check(leaf(), 'signing key')).toThrow(
      expect.objectContaining({ id: 'confirmation-differs' }),
    );
  });

  it('is refused when something else, or nothing, was typed', () => {
    for (const typed of ['', 'айгерим сапарова', 'from'])
      expect(() => check(leaf(), typed)).toThrow(expect.objectContaining({ id: 'confirmation-differs' }));
  });

  it('of what is not on the token is refused', () => {
    for (const target of [
      { kind: 'certificate', fingerprint: '00' },
      { kind: 'key-pair', objectId: '09' },
    ] as const)
      expect(() => check(target, 'x')).toThrow(
        expect.objectContaining({ id: 'input-invalid', data: { field: 'target' } }),
      );
  });

  it('of a registered profile’s key or certificate is refused as long as the token is registered', () => {
    const objects = { ...holding(), dataObjects: [registered] };
    for (const target of [leaf(), pair])
      expect(() => check(target, 'from the bank', objects)).toThrow(
        expect.objectContaining({ id: 'certificate-in-use', data: { bank: 'demo' } }),
      );
    const other = { ...objects, certificates: [certificate('0a', 'leaf')] };
    expect(check(leaf(), 'from the bank', other)).toMatchObject({ objectId: '0a' });
  });

  it('of an unfinished registration’s key is refused, told by the token or by this computer’s journal', () => {
    const begun = { ...holding(), dataObjects: [encodeProfileRecord(record, { dataObjects: [] })] };
    const refused = expect.objectContaining({ id: 'registration-unfinished' }) as Error;
    expect(() => check(pair, 'signing key', begun)).toThrow(refused);
    const cut = encodeProfileRecord(record, { dataObjects: [] });
    const damaged = { ...holding(), dataObjects: [{ ...cut, content: cut.content.slice(0, 20) }] };
    const journal = [registration({ lines: [line('token-prepared', 'done')] })];
    expect(() => check(pair, 'signing key', damaged, journal)).toThrow(refused);
  });
});
