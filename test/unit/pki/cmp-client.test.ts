import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText, toHex } from '#shared/bytes.ts';
import type { KiltError } from '#shared/errors.ts';
import { buildErrorBody, buildPkiConfBody, buildPollRepBody, buildResponseBody } from '#main/pki/cmp/body.ts';
import { CmpClient, type CmpProtection } from '#main/pki/cmp/client.ts';
import { macProtector } from '#main/pki/cmp/protection.ts';
import { accepted, rejected, type FailureName } from '#main/pki/cmp/status.ts';
import { CmpAuthority, caName, fileSigner, pin, type Answer } from './cmp-authority.ts';
import { OpensslWorkshop } from './openssl-workshop.ts';

const openssl = new OpensslWorkshop();
let authority: CmpAuthority;

beforeAll(() => {
  openssl.rsaKey('ca');
  openssl.root('ca', '/C=KZ/CN=Demo CA');
  openssl.rsaKey('cmp');
  openssl.certificate('cmp', 'ca', '/C=KZ/CN=CMP server', { extensions: 'cmp_server' });
  openssl.rsaKey('user');
  openssl.certificate('user', 'ca', '/C=KZ/CN=Customer');
  openssl.rsaKey('neighbour');
  openssl.certificate('neighbour', 'ca', '/C=KZ/CN=Neighbour');
  // For our key as well, but not what was asked for.
  for (const [name, subject, extensions] of [
    ['somebody', '/C=KZ/CN=Somebody', 'ee'],
    ['authority', '/C=KZ/CN=Customer', 'ca_pathlen0'],
  ] as const) {
    openssl.write(`${name}.key`, openssl.read('user.key'));
    openssl.certificate(name, 'ca', subject, { extensions });
  }
});
afterAll(() => {
  openssl.remove();
});
beforeEach(() => {
  authority = new CmpAuthority(openssl);
});

const byPin: CmpProtection = { type: 'mac', reference: '00012345', secret: secretFromText(pin) };
const bySignature = (): CmpProtection => ({
  type: 'signature',
  signer: { ...fileSigner(openssl, 'neighbour'), certificate: openssl.der('neighbour'), chain: [] },
});

function client(options: { url?: string; now?: () => Date } = {}): CmpClient {
  return new CmpClient({
    url: options.url ?? 'https://ca.test/cmp',
    post: authority.post,
    recipient: caName,
    anchors: [openssl.pem('ca')],
    ...(options.now ? { now: options.now } : {}),
  });
}

const order = (protection: CmpProtection = byPin, kind: 'ir' | 'cr' | 'kur' = 'ir') => ({
  kind,
  subject: 'CN=Customer,C=KZ',
  keyPair: fileSigner(openssl, 'user'),
  protection,
  transactionId: Uint8Array.from({ length: 16 }, (_, i) => i),
});

async function failure(work: Promise<unknown>): Promise<KiltError> {
  return work.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => error as KiltError,
  );
}

const ask = (protection: CmpProtection = byPin) => client().requestCertificate(order(protection));

/** The authority's answers to requests are changed, its later ones are not. */
function changeFirst(change: (answer: Answer) => void): void {
  authority.change = (answer, { body }) => {
    if (body.type === 'ir') change(answer);
  };
}

describe('an answer is believed only', () => {
  it('when nothing about it is odd', async () => {
    const outcome = await ask();
    expect(outcome.status).toBe('issued');
    await client().confirm(outcome.state, byPin);
    expect(authority.seen).toEqual(['ir', 'certConf']);
  });

  it.each<[string, string, (answer: Answer) => void]>([
    [
      'with our transaction ID',
      'transaction-id',
      (a) => (a.header = { ...a.header, transactionId: new Uint8Array(16) }),
    ],
    [
      'with our nonce',
      'recipient-nonce',
      (a) => (a.header = { ...a.header, recipientNonce: new Uint8Array(16) }),
    ],
    [
      'with any nonce of ours',
      'recipient-nonce',
      (a) => (a.header = { ...a.header, recipientNonce: undefined }),
    ],
    [
      'with a nonce of its own',
      'sender-nonce-missing',
      (a) => (a.header = { ...a.header, senderNonce: new Uint8Array() }),
    ],
    ['when it is protected', 'unprotected', (a) => (a.protector = undefined)],
    [
      'under the shared secret',
      'mac-wrong',
      (a) => (a.protector = macProtector(secretFromText('other'), { iterations: 500 })),
    ],
    [
      'with enough iterations',
      'protection-unsupported',
      (a) => (a.protector = macProtector(secretFromText(pin), { iterations: 99 })),
    ],
    [
      'without endless iterations',
      'protection-unsupported',
      (a) => (a.protector = macProtector(secretFromText(pin), { iterations: 100_001 })),
    ],
    ['unchanged after it was protected', 'mac-wrong', (a) => (a.distort = (m) => withLastSaltOf(m))],
    [
      'from somebody entitled',
      'signer-not-entitled',
      (a) => {
        authority.signedBy(a, 'neighbour');
      },
    ],
    ['with a body that fits', 'unexpected-answer', (a) => (a.body = buildPkiConfBody())],
    [
      'to this request',
      'unexpected-answer',
      (a) => (a.body = buildResponseBody('ip', [{ certReqId: 1, status: accepted }])),
    ],
    [
      'of the right kind',
      'unexpected-answer',
      (a) =>
        (a.body = buildResponseBody('cp', [
          { certReqId: 0, status: accepted, certificate: openssl.der('user') },
        ])),
    ],
    [
      'with a certificate',
      'certificate-missing',
      (a) => (a.body = buildResponseBody('ip', [{ certReqId: 0, status: accepted }])),
    ],
  ])('%s', async (_, reason, change) => {
    changeFirst(change);
    expect(await failure(ask())).toMatchObject({ id: 'ca-answer-invalid', data: { reason } });
  });

  it('with as many iterations as are allowed', async () => {
    changeFirst((answer) => {
      answer.protector = macProtector(secretFromText(pin), { iterations: 100_000 });
    });
    expect((await ask()).status).toBe('issued');
  });

  it('also when a CA that shares no secret signs it', async () => {
    changeFirst((answer) => {
      authority.signedBy(answer, 'cmp');
    });
    expect((await ask()).status).toBe('issued');
  });

  it('when signed, if we signed too: a MAC proves nothing then', async () => {
    expect(await failure(ask(bySignature()))).toMatchObject({ data: { reason: 'protection-unsupported' } });
  });

  it('when the signature covers what arrived', async () => {
    changeFirst((answer) => {
      authority.signedBy(answer, 'cmp');
      answer.distort = (message) => withLastSaltOf(message);
    });
    expect(await failure(ask(bySignature()))).toMatchObject({ data: { reason: 'signature-wrong' } });
  });
});

/** Changes a byte in the middle of the nonce that the answer carries for us to send back. */
function withLastSaltOf(message: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(message);
  // senderNonce [5] OCTET STRING of 16 bytes
  const at = Buffer.from(changed).indexOf(Buffer.from('a5120410', 'hex'));
  changed[at + 8] = (changed[at + 8] ?? 0) ^ 1;
  return changed;
}

describe('words nobody vouches for', () => {
  const error = buildErrorBody(rejected('Call +7 000 to unlock', 'badMessageCheck'));

  it('are not shown when the error is unprotected', async () => {
    changeFirst((answer) => {
      answer.body = error;
      answer.protector = undefined;
    });
    const thrown = await failure(ask());
    expect(thrown).toMatchObject({ id: 'ca-answer-invalid', data: { reason: 'unprotected', body: 'error' } });
    expect(JSON.stringify(thrown.data)).not.toContain('+7');
  });

  it('are not shown when the error is under another secret; that it is, is the message', async () => {
    changeFirst((answer) => {
      answer.body = error;
      answer.protector = macProtector(secretFromText('other'), { iterations: 500 });
    });
    const thrown = await failure(ask());
    expect(thrown).toMatchObject({ id: 'registration-data-refused', data: { verified: false } });
    expect(JSON.stringify(thrown.data)).not.toContain('+7');
  });
});

describe('a refusal that the CA vouches for', () => {
  it.each<[string, FailureName, string]>([
    ['badMessageCheck', 'badMessageCheck', 'registration-data-refused'],
    ['signerNotTrusted', 'signerNotTrusted', 'registration-data-refused'],
    ['registration pin wrong', 'notAuthorized', 'registration-data-refused'],
    ['Registration PIN locked', 'notAuthorized', 'registration-pin-locked'],
    ['come back later', 'systemUnavail', 'server-failed'],
    ['wrong subject', 'badCertTemplate', 'ca-refused'],
    ['proof wrong', 'badPOP', 'ca-refused'],
    ['your clock is late', 'badTime', 'clock-differs'],
    ['revoked yesterday', 'certRevoked', 'ca-signer-revoked'],
    ['no such algorithm', 'badAlg', 'ca-request-not-understood'],
    ['protected otherwise', 'wrongIntegrity', 'ca-request-not-understood'],
  ])('%s (%s) is %s', async (text, name, id) => {
    changeFirst((answer) => {
      authority.signedBy(answer, 'cmp');
      answer.body = buildErrorBody(rejected(text, name));
    });
    expect(await failure(ask())).toMatchObject({ id, data: { reason: text, failure: name } });
    changeFirst((answer) => {
      answer.body = buildResponseBody('ip', [{ certReqId: 0, status: rejected(text, name) }]);
    });
    expect(await failure(ask())).toMatchObject({ id, data: { reason: text, failure: name } });
  });

  it('is one line of bounded length, whatever the CA wrote', async () => {
    changeFirst((answer) => {
      answer.body = buildErrorBody(rejected(`no\n\u202eyes\u0000${'x'.repeat(1000)}`, 'badRequest'));
    });
    const { data } = await failure(ask());
    expect(String(data['reason'])).toMatch(/^no yes x+$/);
    expect(String(data['reason']).length).toBeLessThanOrEqual(300);
  });

  it('of a later certificate says nothing about the registration data', async () => {
    authority.change = (answer) => {
      authority.signedBy(answer, 'cmp');
      answer.body = buildErrorBody(rejected('certificate revoked', 'signerNotTrusted'));
    };
    const thrown = await failure(client().requestCertificate(order(bySignature(), 'cr')));
    expect(thrown.id).toBe('ca-refused');
  });
});

describe('an issued certificate', () => {
  it('for another key is rejected, and the CA is told', async () => {
    changeFirst((answer) => (answer.body = authority.issue('ir', 'neighbour')));
    expect(await failure(ask())).toMatchObject({
      id: 'ca-certificate-wrong',
      data: { reason: 'another-key' },
    });
    const told = authority.requests[1]?.body;
    expect(told?.type === 'certConf' && told.statuses[0]?.status).toMatchObject({ status: 'rejection' });
  });

  it.each([
    ['in another name', 'somebody', 'another-name'],
    ['that makes a CA of the customer', 'authority', 'usage'],
  ])('%s is rejected, and the CA is told', async (_, certificate, reason) => {
    changeFirst((answer) => (answer.body = authority.issue('ir', certificate)));
    expect(await failure(ask())).toMatchObject({ id: 'ca-certificate-wrong', data: { reason } });
    const told = authority.requests.at(-1)?.body;
    expect(told?.type === 'certConf' && told.statuses[0]?.status).toMatchObject({ status: 'rejection' });
  });

  it('is refused even when the CA does not hear of it', async () => {
    authority.change = (answer, { body }) => {
      if (body.type === 'ir') answer.body = authority.issue('ir', 'neighbour');
      else throw new Error('the network is gone');
    };
    expect((await failure(ask())).id).toBe('ca-certificate-wrong');
  });

  it('that has expired is refused', async () => {
    const inAYear = () => new Date(Date.now() + 365 * 24 * 3600 * 1000);
    const work = client({ now: inAYear }).requestCertificate(order());
    expect(await failure(work)).toMatchObject({ id: 'ca-certificate-wrong', data: { reason: 'expired' } });
  });

  it('is accepted on a computer whose clock is a few minutes slow, not a day', async () => {
    const before = (ms: number) => () => new Date(Date.now() - ms);
    const minutes = client({ now: before(5 * 60_000) }).requestCertificate(order());
    // The root is as young as the certificate here; in a bank it is years old.
    expect((await minutes).status).toBe('issued');
    const aDay = client({ now: before(24 * 3600_000) }).requestCertificate(order());
    expect(await failure(aDay)).toMatchObject({ id: 'clock-differs', data: { reason: 'not-yet-valid' } });
  });

  it('is not refused to the CA by a computer whose clock is a month behind: the same one is taken later', async () => {
    const aMonthAgo = new Date(Date.now() - 30 * 24 * 3600_000);
    const thrown = await failure(client({ now: () => aMonthAgo }).requestCertificate(order()));
    expect(thrown).toMatchObject({
      id: 'clock-differs',
      data: { computerTime: aMonthAgo.toISOString() },
    });
    expect(authority.seen).toEqual(['ir']);
    expect((await ask()).status).toBe('issued');
  });

  it('signed by a CA that is not valid yet by this computer’s clock is no reason to doubt the CA', async () => {
    authority.change = (answer) => authority.signedBy(answer, 'cmp');
    const aMonthAgo = new Date(Date.now() - 30 * 24 * 3600_000);
    const thrown = await failure(client({ now: () => aMonthAgo }).requestCertificate(order(bySignature())));
    expect(thrown).toMatchObject({
      id: 'clock-differs',
      data: { reason: 'signer-not-yet-valid', computerTime: aMonthAgo.toISOString() },
    });
    const inAYear = () => new Date(Date.now() + 365 * 24 * 3600_000);
    const late = await failure(client({ now: inAYear }).requestCertificate(order(bySignature())));
    expect(late).toMatchObject({ id: 'ca-answer-invalid', data: { reason: 'signer-untrusted' } });
  });

  it('that changed on the way to us is told by its confirmation', async () => {
    const outcome = await ask();
    await client().confirm(outcome.state, byPin);
    const confirmation = authority.requests[1]?.body;
    const status = confirmation?.type === 'certConf' ? confirmation.statuses[0] : undefined;
    const digest = openssl.run('x509', '-in', 'user.crt', '-noout', '-fingerprint', '-sha256');
    expect(status && toHex(status.certHash)).toBe(
      digest.split('=')[1]?.trim().replaceAll(':', '').toLowerCase(),
    );
    expect(status?.status).toBeUndefined();
  });
});

describe('a transaction', () => {
  it('goes on from its JSON, and holds no secret', async () => {
    changeFirst((answer) => {
      answer.body = buildResponseBody('ip', [
        { certReqId: 0, status: { status: 'waiting', text: ['later'], failures: [] } },
      ]);
    });
    const waiting = await ask();
    expect(waiting).toMatchObject({ status: 'waiting', checkAfter: 0 });
    const journal = JSON.stringify(waiting.state);
    expect(journal).not.toContain(pin);
    expect(journal).not.toContain(Buffer.from(pin).toString('base64').slice(0, 10));

    const still = await client().poll(JSON.parse(journal), byPin);
    expect(still).toMatchObject({ status: 'waiting', checkAfter: 60 });

    authority.change = (answer, { body }) => {
      if (body.type === 'pollReq') answer.body = authority.issue('ir');
    };
    const outcome = await client().poll(JSON.parse(JSON.stringify(still.state)), byPin);
    expect(outcome.status).toBe('issued');
    await client().confirm(JSON.parse(JSON.stringify(outcome.state)), byPin);
    expect(authority.seen).toEqual(['ir', 'pollReq', 'pollReq', 'certConf']);
  });

  it('uses one ID, a new nonce every time, and returns the nonces of the CA', async () => {
    const theirs: string[] = [];
    authority.change = ({ header }) => theirs.push(toHex(header.senderNonce));
    const outcome = await ask();
    await client().confirm(outcome.state, byPin);
    const [first, second] = authority.requests.map(({ header }) => header);
    expect(second?.transactionId).toEqual(first?.transactionId);
    expect(second?.senderNonce).not.toEqual(first?.senderNonce);
    expect(second?.recipientNonce && toHex(second.recipientNonce)).toBe(theirs[0]);
  });

  it('accepts the late answer to its first message, as RFC 9483 has it after polling', async () => {
    changeFirst((answer) => {
      answer.body = buildResponseBody('ip', [
        { certReqId: 0, status: { status: 'waiting', text: [], failures: [] } },
      ]);
    });
    const waiting = await ask();
    authority.change = (answer) => {
      answer.body = authority.issue('ir');
      answer.header = { ...answer.header, recipientNonce: authority.requests[0]?.header.senderNonce };
    };
    expect((await client().poll(waiting.state, byPin)).status).toBe('issued');
  });

  it.each([
    [0, 1],
    [10 ** 12, 30 * 24 * 3600],
  ])('does not follow a pause of %d seconds to the letter', async (asked, used) => {
    changeFirst((answer) => {
      answer.body = buildPollRepBody({ certReqId: 0, checkAfter: asked, reason: [] });
    });
    expect(await ask()).toMatchObject({ status: 'waiting', checkAfter: used });
  });

  it('may be confirmed twice', async () => {
    const outcome = await ask();
    await client().confirm(outcome.state, byPin);
    authority.change = (answer) => {
      answer.body = buildErrorBody(rejected('already', 'certConfirmed'));
    };
    await expect(client().confirm(outcome.state, byPin)).resolves.toBeUndefined();
  });

  it('whose confirmation is refused says so', async () => {
    const outcome = await ask();
    authority.change = (answer) => {
      answer.body = buildErrorBody(rejected('too late', 'badCertId'));
    };
    expect(await failure(client().confirm(outcome.state, byPin))).toMatchObject({ id: 'ca-refused' });
  });

  it('may be ended by us with a reason', async () => {
    const outcome = await ask();
    await client().confirm(outcome.state, byPin, { accept: false, reason: 'token lost' });
    const told = authority.requests[1]?.body;
    expect(told?.type === 'certConf' && told.statuses[0]?.status?.text).toEqual(['token lost']);
  });

  it.each([[undefined], [{}], [{ version: 2 }], ['text']])('is not made of %j', async (state) => {
    expect((await failure(client().poll(state, byPin))).id).toBe('internal');
    expect((await failure(client().confirm(state, byPin))).id).toBe('internal');
  });
});

describe('the ПИН as registration token', () => {
  it('goes along in the request and is wiped from the message afterwards', async () => {
    const bodies: Uint8Array[] = [];
    const { post } = authority;
    const spying = new CmpClient({
      url: 'https://ca.test/cmp',
      post: (request) => {
        bodies.push(request.body);
        return post(request);
      },
      recipient: caName,
      anchors: [openssl.pem('ca')],
    });
    authority.change = (answer) => {
      authority.signedBy(answer, 'cmp');
    };
    await spying.requestCertificate({ ...order(bySignature()), registrationToken: secretFromText(pin) });
    const request = authority.requests[0]?.body;
    const token = request?.type === 'ir' ? request.requests[0]?.controls.registrationToken : undefined;
    expect(token && new TextDecoder().decode(token)).toBe(pin);
    expect(bodies[0]?.every((byte) => byte === 0)).toBe(true);
  });

  it('does not leave over a connection that everybody can read', async () => {
    const work = client({ url: 'http://ca.test/cmp' }).requestCertificate({
      ...order(bySignature()),
      registrationToken: secretFromText(pin),
    });
    expect((await failure(work)).id).toBe('internal');
    expect(authority.requests).toEqual([]);
  });
});
