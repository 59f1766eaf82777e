import { describe, expect, it } from 'vitest';
import { createTranslator } from '#shared/texts/i18n.ts';
import type { BankView, NationalFit, NationalSignatureView } from '#shared/views.ts';
import {
  bankFit,
  fittingSignatures,
  inOrderOfFit,
  misfitText,
} from '../../../src/renderer/wizard/bank-fit.ts';

const bank = (
  id: string,
  authentication: BankView['authentication'],
  nationalOwner?: BankView['nationalOwner'],
): BankView => ({
  id,
  name: { ru: id, kk: id, en: id },
  authentication,
  ...(nationalOwner && { nationalOwner }),
});
const star = bank('star', 'national-signature', 'person');
const firms = bank('firms', 'national-signature', 'organisation');
const keyFile = bank('key-file', 'initial-key');
const mobile = bank('mobile', 'id-and-pin');

const signature = (serialNumber: string, fits: Record<string, NationalFit>): NationalSignatureView => ({
  serialNumber,
  owner: 'person',
  name: 'АЙГЕРИМ',
  algorithm: 'rsa',
  issuerName: 'NUC',
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2027-01-01T00:00:00Z',
  fits,
});
const ofPerson = { national: [signature('01', { star: 'fits', firms: 'other-owner' })] };
const ids = (banks: readonly BankView[]) => banks.map(({ id }) => id);

describe('the banks that the wizard offers', () => {
  it('begin with those that the NUC signature on the token is for, and end with those that do not fit', () => {
    const known = [firms, keyFile, star, mobile];
    expect(ids(inOrderOfFit(known, ofPerson))).toEqual(['star', 'key-file', 'mobile', 'firms']);
    expect(ids(inOrderOfFit(known, {}))).toEqual(['key-file', 'mobile', 'firms', 'star']);
  });

  it('all fit any token but those that take NUC signatures', () => {
    expect([keyFile, mobile].map((one) => bankFit(one, undefined))).toEqual(['fits', 'fits']);
    expect(bankFit(star, {})).toBe('national-missing');
    expect(bankFit(firms, ofPerson)).toBe('other-owner');
  });

  it('fit as soon as one of several signatures does', () => {
    const national = [signature('01', { star: 'expired' }), signature('02', { star: 'fits' })];
    expect(bankFit(star, { national })).toBe('fits');
    expect(fittingSignatures(star, { national }).map(({ serialNumber }) => serialNumber)).toEqual(['02']);
    expect(fittingSignatures(keyFile, { national })).toEqual([]);
  });

  it('say why they do not fit: whose signature it would have to be', () => {
    const { t } = createTranslator('ru');
    expect(misfitText(firms, 'other-owner', t)).toBe(
      'Нужна ЭЦП НУЦ организации, а на токене — подпись физического лица.',
    );
    expect(misfitText(star, 'other-owner', t)).toContain('Нужна ЭЦП НУЦ физического лица');
    expect(misfitText(star, 'national-missing', t)).toContain('нет ЭЦП НУЦ');
    expect(misfitText(star, 'expired', t)).toBe('Срок действия ЭЦП НУЦ на токене истек.');
  });
});
