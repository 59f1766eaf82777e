import { describe, expect, it } from 'vitest';
import { refusalError } from '#main/pki/cmp/refusal.ts';
import { failureNames, rejected, type FailureName } from '#main/pki/cmp/status.ts';

/** RFC 9810 §5.2.3, written down once more: bit, and what it means with and without registration data in question. */
const bits: readonly (readonly [FailureName, string, string?])[] = [
  ['badAlg', 'ca-request-not-understood'],
  ['badMessageCheck', 'registration-data-refused', 'ca-refused'],
  ['badRequest', 'ca-request-not-understood'],
  ['badTime', 'clock-differs'],
  ['badCertId', 'ca-refused'],
  ['badDataFormat', 'ca-request-not-understood'],
  ['wrongAuthority', 'ca-refused'],
  ['incorrectData', 'ca-refused'],
  ['missingTimeStamp', 'ca-request-not-understood'],
  ['badPOP', 'ca-refused'],
  ['certRevoked', 'ca-signer-revoked'],
  ['certConfirmed', 'ca-refused'],
  ['wrongIntegrity', 'ca-request-not-understood'],
  ['badRecipientNonce', 'ca-refused'],
  ['timeNotAvailable', 'server-failed'],
  ['unacceptedPolicy', 'ca-request-not-understood'],
  ['unacceptedExtension', 'ca-request-not-understood'],
  ['addInfoNotAvailable', 'server-failed'],
  ['badSenderNonce', 'ca-refused'],
  ['badCertTemplate', 'ca-refused'],
  ['signerNotTrusted', 'registration-data-refused', 'ca-refused'],
  ['transactionIdInUse', 'ca-refused'],
  ['unsupportedVersion', 'ca-request-not-understood'],
  ['notAuthorized', 'registration-data-refused', 'ca-refused'],
  ['systemUnavail', 'server-failed'],
  ['systemFailure', 'server-failed'],
  ['duplicateCertReq', 'ca-refused'],
];

describe('a refusal of the CA', () => {
  it('is told for every bit of PKIFailureInfo, in the order of the RFC', () => {
    expect(bits.map(([name]) => name)).toEqual(failureNames);
  });

  it.each(bits.map(([name, id, otherwise = id]) => ({ name, id, otherwise })))(
    'with $name is $id',
    ({ name, id, otherwise }) => {
      const status = rejected('the CA’s words', name);
      const data = { reason: 'the CA’s words', failure: name };
      expect(refusalError(status, true)).toMatchObject({ id, data });
      expect(refusalError(status, false)).toMatchObject({ id: otherwise, data });
    },
  );

  it('without any bit is the bank’s affair', () => {
    expect(refusalError(rejected('no'), true)).toMatchObject({ id: 'ca-refused', data: { failure: '' } });
  });

  it('with several bits is judged by the one that the customer can act on', () => {
    const told = (...failures: FailureName[]) => refusalError(rejected('', ...failures), true).id;
    expect(told('badRequest', 'badMessageCheck')).toBe('registration-data-refused');
    expect(told('badDataFormat', 'badTime')).toBe('clock-differs');
    expect(told('badRequest', 'systemUnavail')).toBe('server-failed');
  });
});
