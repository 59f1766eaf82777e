import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBankSystem } from '#main/enrolment/bank-system.ts';
import { processorTimeOf } from '#test/support/processor-time.ts';
import { demoBank } from './workshop.ts';

const problems = (json: unknown) => {
  const answer = readBankSystem(json);
  return 'problems' in answer ? answer.problems : [];
};
const fields = (json: unknown) => problems(json).map(({ field }) => field);
const { ca, api } = demoBank;
const [pem = ''] = ca.anchors;
const national = {
  ...demoBank,
  authentication: 'national-signature',
  national: { anchors: [pem], owner: 'any' },
};

describe('a bank system', () => {
  it('is what its file says', () => {
    expect(readBankSystem(demoBank)).toEqual({ bank: demoBank });
    expect(problems(national)).toEqual([]);
  });

  it.each([
    ['has an id that is no name for a file', { ...demoBank, id: '../evil' }, 'id'],
    ['counts its versions in no whole numbers', { ...demoBank, version: 1.5 }, 'version'],
    ['has no Kazakh name', { ...demoBank, name: { ru: 'Банк', en: 'Bank' } }, 'name.kk'],
    [
      'has a name that turns the direction of text around',
      { ...demoBank, name: { ...demoBank.name, ru: 'Kilt \u202eknab' } },
      'name.ru',
    ],
    [
      'has a description of two lines',
      { ...demoBank, description: { ...demoBank.description, en: 'a\nb' } },
      'description.en',
    ],
    ['ends at a time that is none', { ...demoBank, notAfter: 'next year' }, 'notAfter'],
    ['wants a NUC signature and does not say whose', { ...national, national: undefined }, 'national'],
    [
      'wants an initial key and says whose NUC signature it takes',
      { ...national, authentication: 'initial-key' },
      'national',
    ],
    [
      'wants a NUC signature without the PIN that binds it to a customer',
      { ...national, ca: { ...ca, registrationToken: false } },
      'ca.registrationToken',
    ],
    [
      'takes NUC signatures of others than its customers',
      { ...national, customers: 'person' },
      'national.owner',
    ],
    ['lacks its trust anchors', { ...demoBank, ca: { ...ca, anchors: [] } }, 'ca.anchors'],
    [
      'has a trust anchor that is no certificate',
      { ...demoBank, ca: { ...ca, anchors: [pem, 'pem'] } },
      'ca.anchors.1',
    ],
    [
      'has a trust anchor that is damaged',
      { ...demoBank, api: { ...api, tlsAnchors: [pem.replace(/\n[^\n]{20}/, '\n')] } },
      'api.tlsAnchors.0',
    ],
    [
      'names a CA for revocation that can not be read',
      { ...demoBank, revocation: { check: 'required', authorities: ['-----BEGIN CERTIFICATE-----'] } },
      'revocation.authorities.0',
    ],
    [
      'names a CA for the revocation of NUC signatures that can not be read',
      {
        ...demoBank,
        national: { anchors: [pem], owner: 'any', revocation: { check: 'off', authorities: ['x'] } },
      },
      'national.revocation.authorities.0',
    ],
    ['names its CA as nobody is named', { ...demoBank, ca: { ...ca, name: 'the CA' } }, 'ca.name'],
    [
      'sends the PIN of the OTP card in clear',
      { ...demoBank, ca: { ...ca, url: 'http://ca.example/cmp' } },
      'ca.url',
    ],
    ['has its API without TLS', { ...demoBank, api: { ...api, url: 'http://bank.example/api' } }, 'api.url'],
    [
      'hides a name in an address',
      { ...demoBank, api: { ...api, url: 'https://bank.example@evil.example/' } },
      'api.url',
    ],
    [
      'binds the sign-in to another origin than it asks',
      { ...demoBank, api: { ...api, url: 'https://evil.example/api' } },
      'api.origin',
    ],
    [
      'has an origin with a path',
      { ...demoBank, api: { ...api, origin: 'https://bank.example/' } },
      'api.origin',
    ],
    ['opens a page of another site', { ...demoBank, site: 'https://bank.example.evil/' }, 'site'],
    ['opens a page without TLS', { ...demoBank, site: 'http://bank.example/' }, 'site'],
    ['asks for one subject for everybody', { ...demoBank, subject: 'CN=User,C=KZ' }, 'subject'],
    ['has keys that are too short', { ...demoBank, keys: { bits: 1024 } }, 'keys.bits'],
    ['is of a format that is not known yet', { ...demoBank, format: 2 }, 'format'],
    ['misspells a member', { ...demoBank, ca: { ...ca, registrationTokn: true } }, 'ca.registrationTokn'],
    ['names a next signer by half a fingerprint', { ...demoBank, nextSigners: ['ab12'] }, 'nextSigners.0'],
  ])('is refused when it %s, and told where', (_, json, field) => {
    expect(fields(json)).toContain(field);
  });

  it('is told everything that is wrong, each thing in words that say what must be there', () => {
    const { name: _, ...withoutName } = demoBank;
    const wrong = { ...withoutName, colour: 'teal', keys: { bits: 0 }, site: 'ftp://bank.example/' };
    expect(problems(wrong)).toEqual([
      { field: 'name', reason: 'is missing' },
      { field: 'site', reason: 'must be https' },
      { field: 'keys.bits', reason: 'must be 2048 or 4096' },
      { field: 'colour', reason: 'is no member that this format has' },
    ]);
  });

  it('is never read from anything else, and never by a crash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.constantFrom(...Object.keys(demoBank)), async (value, name) => {
        expect(fields(value).length).toBeGreaterThan(0);
        const spent = await processorTimeOf(() => readBankSystem({ ...demoBank, [name]: value }));
        expect(spent).toBeLessThan(1_000);
      }),
      { numRuns: 2_000 },
    );
  });
});
