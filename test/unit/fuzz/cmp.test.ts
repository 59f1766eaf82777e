import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asDer, secretFromText } from '#shared/bytes.ts';
import { isKiltError, type ErrorId } from '#shared/errors.ts';
import { DerError, parseDer } from '#main/pki/asn1.ts';
import { CmpClient } from '#main/pki/cmp/client.ts';
import {
  buildCertConfBody,
  buildErrorBody,
  buildPollRepBody,
  buildResponseBody,
  readBody,
} from '#main/pki/cmp/body.ts';
import { parseMessage } from '#main/pki/cmp/message.ts';
import { macProtector, pbmIterationLimits } from '#main/pki/cmp/protection.ts';
import { refusalError } from '#main/pki/cmp/refusal.ts';
import { rejected } from '#main/pki/cmp/status.ts';
import type { Signer } from '#main/pki/signer.ts';
import { CmpAuthority, caName, fileSigner, pin, type Answer } from '../pki/cmp-authority.ts';
import { OpensslWorkshop } from '../pki/openssl-workshop.ts';
import { cases, parserWithstands, patience } from './fuzz.ts';
import { damaged } from './mutations.ts';

/** What a client may say of a CA whose answer is not as it should be. */
const documented: readonly ErrorId[] = [
  'ca-answer-invalid',
  'ca-certificate-wrong',
  'ca-refused',
  'ca-request-not-understood',
  'ca-signer-revoked',
  'clock-differs',
  'registration-data-refused',
  'registration-pin-locked',
  'server-failed',
];

describe(`damaged CMP, ${cases} cases each`, () => {
  const openssl = new OpensslWorkshop();
  let authority: CmpAuthority;
  let client: CmpClient;
  let keyPair: Signer;
  const ask = (change: (answer: Answer) => void) => {
    authority.change = (answer) => {
      answer.protector = macProtector(secretFromText(pin), { iterations: pbmIterationLimits.least });
      change(answer);
    };
    return client.requestCertificate({
      kind: 'ir',
      subject: 'CN=Customer,C=KZ',
      keyPair,
      protection: { type: 'mac', reference: '00012345', secret: secretFromText(pin) },
      transactionId: Uint8Array.from({ length: 16 }, (_, i) => i),
    });
  };
  beforeAll(() => {
    openssl.ecKey('ca');
    openssl.root('ca', '/C=KZ/CN=Demo CA');
    openssl.ecKey('user');
    openssl.certificate('user', 'ca', '/C=KZ/CN=Customer');
    authority = new CmpAuthority(openssl);
    keyPair = fileSigner(openssl, 'user');
    const anchors = [openssl.pem('ca')];
    client = new CmpClient({ url: 'https://ca.test/cmp', post: authority.post, recipient: caName, anchors });
  });
  afterAll(() => openssl.remove());

  it(
    'messages',
    async () => {
      const messages: Uint8Array[] = [];
      await ask((answer) => {
        answer.distort = (message) => {
          messages.push(message);
          return message;
        };
      });
      const isExpected = (error: unknown) => error instanceof DerError;
      await parserWithstands(damaged(...messages), parseMessage, { isExpected });
    },
    patience,
  );

  const bodies = () => [
    authority.issue('ir'),
    buildErrorBody(rejected('no', 'badRequest'), 7, 'details'),
    buildPollRepBody({ certReqId: 0, checkAfter: 60, reason: ['wait'] }),
    buildResponseBody('ip', [{ certReqId: 0, status: rejected('no', 'badTime', 'badPOP') }]),
    buildCertConfBody({ certReqId: 0, certHash: new Uint8Array(32) }),
  ];

  it(
    'bodies, and what the user is told of a refusal in them',
    () =>
      parserWithstands(
        damaged(...bodies()),
        (bytes) => {
          const body = readBody(parseDer(bytes));
          if (body.type === 'error') expect(isKiltError(refusalError(body.status, true))).toBe(true);
        },
        { isExpected: (error) => error instanceof DerError },
      ),
    patience,
  );

  // Every case is a whole transaction with signatures and MACs.
  it(
    'answers that a CA vouches for',
    () =>
      parserWithstands(damaged(...bodies()), (body) => ask((answer) => (answer.body = asDer(body))), {
        isExpected: (error) => isKiltError(error) && documented.includes(error.id),
        secrets: [pin],
        runs: Math.ceil(cases / 20),
      }),
    patience,
  );
});
