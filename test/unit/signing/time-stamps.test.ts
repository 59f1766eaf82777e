import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DerBytes } from '#shared/bytes.ts';
import { integer, parseSequence, readOid, sequence, tag } from '#main/pki/asn1.ts';
import { digestOf, digestOfSigner } from '#main/pki/digest-algorithms.ts';
import { oids } from '#main/pki/oids.ts';
import { requestTimestamp } from '#main/pki/timestamp/client.ts';
import {
  readTimestampAnswer,
  timestampRequest,
  type TimestampQuestion,
} from '#main/pki/timestamp/request.ts';
import { createHttpClient, type HttpClient } from '#main/enrolment/http.ts';
import { flipped } from './hand-made-cms.ts';
import { SigningDesk } from './signing-desk.ts';
import { TimeStampAuthority } from './time-stamp-authority.ts';

let desk: SigningDesk;
let authority: TimeStampAuthority;
let http: HttpClient;
beforeAll(async () => {
  desk = new SigningDesk();
  authority = await TimeStampAuthority.start(desk.openssl);
  authority.certify('loose', 'loose_extensions');
  authority.certify('nobody', 'tsa_extensions', 'stranger');
  http = createHttpClient([]);
});
afterEach(() => {
  authority.tamper = {};
  authority.signer = 'tsa';
  authority.status = 200;
});
afterAll(async () => {
  await http.close();
  await authority.stop();
  desk.remove();
});

const { digest: sha256 } = digestOfSigner('rsa-sha256');
const stamp = (stamped: Uint8Array, policy?: string): Promise<DerBytes> =>
  requestTimestamp({ url: authority.url, post: http.post, stamped, digest: sha256, policy });

/** The same question with something else in it. */
function asked(query: Uint8Array, changes: Partial<TimestampQuestion>): Uint8Array {
  const fields = parseSequence(query);
  fields.integer();
  const imprint = fields.sequence();
  imprint.any();
  const policy = fields.optional(tag.oid);
  return timestampRequest({
    digest: sha256,
    imprint: imprint.octets(),
    policy: policy && readOid(policy),
    nonce: fields.integer(),
    ...changes,
  });
}
const signStamped = async (folder: string, who = 'aigul') => {
  const at = desk.folder(folder);
  desk.openssl.write(at('act.txt'), 'act');
  const view = await desk.sign([at('act.txt')], 'detached', { stamp: (signature) => stamp(signature), who });
  return { at, view, file: at('act.txt.p7s') };
};

describe('a time-stamp on a signature', () => {
  it('says when, proven by the authority; OpenSSL accepts signature and stamp', async () => {
    const before = Date.now() - 1000;
    const { at, file } = await signStamped('stamped');
    const { verdict, signers } = await desk.check(file);
    expect(verdict).toBe('valid');
    expect(signers).toMatchObject([
      {
        form: 'cades-t',
        timestamp: { authorityName: 'tsa', trusted: true },
        notes: ['revocation-not-checked'],
      },
    ]);
    expect(Date.parse(signers[0]?.timestamp?.at ?? '')).toBeGreaterThanOrEqual(before - (before % 1000));
    desk.opensslVerify(file, '-cades', '-content', at('act.txt'));
  });

  it('is one that `openssl ts` accepts for these bytes and for no others', async () => {
    const stamped = new TextEncoder().encode('the signature');
    desk.openssl.write('token.tst', await stamp(stamped, '1.2.398.3.3.2.6.2'));
    desk.openssl.write('stamped.bin', stamped);
    const verify = (data: string) =>
      desk.openssl.run(
        ...['ts', '-verify', '-data', data, '-in', 'token.tst', '-token_in', '-CAfile', 'ca.crt'],
        ...['-untrusted', 'tsa.crt'],
      );
    expect(verify('stamped.bin')).toContain('Verification: OK');
    desk.openssl.write('other.bin', 'another signature');
    expect(() => verify('other.bin')).toThrow();
    expect(desk.openssl.run('ts', '-reply', '-in', 'token.tst', '-token_in', '-text')).toContain(
      '1.2.398.3.3.2.6.2',
    );
  });

  it('keeps a signature good after its certificate has ended', async () => {
    const { file } = await signStamped('later');
    const now = new Date(Date.now() + 90 * 24 * 3600 * 1000);
    expect(await desk.check(file, { now })).toMatchObject({ verdict: 'valid' });
  });

  it('of an authority that nobody vouches for proves nothing about an ended certificate', async () => {
    authority.signer = 'nobody';
    const { file } = await signStamped('nobody-stamped');
    expect(await desk.check(file)).toMatchObject({
      verdict: 'valid',
      signers: [{ timestamp: { trusted: false }, notes: ['timestamp-untrusted', 'revocation-not-checked'] }],
    });
    const now = new Date(Date.now() + 90 * 24 * 3600 * 1000);
    expect(await desk.check(file, { now })).toMatchObject({
      verdict: 'doubtful',
      signers: [{ problem: 'certificate-expired' }],
    });
  });

  it('of another signature is told and does not count', async () => {
    const at = desk.folder('moved');
    desk.openssl.write(at('a'), 'a');
    const elsewhere = await stamp(new TextEncoder().encode('another signature'));
    await desk.sign([at('a')], 'detached', { stamp: () => Promise.resolve(elsewhere) });
    expect(await desk.check(at('a.p7s'))).toMatchObject({
      verdict: 'valid',
      signers: [{ form: 'cades-bes', notes: ['timestamp-wrong', 'revocation-not-checked'] }],
    });
  });
});

describe('an answer of a time-stamping authority is not taken when', () => {
  const stamped = new TextEncoder().encode('the signature');
  const refused = async (id: string, reason?: string): Promise<void> => {
    await expect(stamp(stamped)).rejects.toMatchObject({
      id,
      ...(reason === undefined ? {} : { data: { reason } }),
    });
  };

  it('it is for something else', async () => {
    authority.tamper.query = (query) => asked(query, { imprint: digestOf(sha256, new Uint8Array(3)) });
    await refused('timestamp-invalid', 'imprint-differs');
  });
  it('it is an older one for the same bytes', async () => {
    let first: Buffer | undefined;
    authority.tamper.answer = (answer) => (first ??= answer);
    await stamp(stamped);
    await refused('timestamp-invalid', 'nonce-differs');
  });
  it('it is under another policy than was asked for', async () => {
    authority.tamper.query = (query) => asked(query, { policy: undefined });
    await expect(stamp(stamped, '1.2.398.3.3.2.6.2')).rejects.toMatchObject({
      data: { reason: 'policy-differs' },
    });
  });
  it('a certificate that is for other things as well has signed it', async () => {
    authority.tamper.answer = (answer) => {
      const token = readTimestampAnswer(answer);
      if (token.outcome !== 'granted') throw new Error(token.outcome);
      const { openssl } = desk;
      openssl.write('token.tst', token.token);
      openssl.run(
        ...[
          'cms',
          '-verify',
          '-noverify',
          '-inform',
          'DER',
          '-in',
          'token.tst',
          '-binary',
          '-out',
          'info.der',
        ],
      );
      openssl.run(
        ...['cms', '-sign', '-binary', '-nodetach', '-cades', '-in', 'info.der', '-outform', 'DER'],
        ...['-econtent_type', oids.timeStampInfo, '-signer', 'loose.crt', '-inkey', 'loose.key'],
        ...['-out', 'loose.tst'],
      );
      return sequence(sequence(integer(0)), openssl.read('loose.tst'));
    };
    await refused('timestamp-invalid', 'not-an-authority');
  });
  it('a bit of it is another', async () => {
    authority.tamper.answer = (answer) => flipped(answer, -1);
    await refused('timestamp-invalid', 'signature-wrong');
  });
  it('it is none', async () => {
    authority.tamper.answer = () => new TextEncoder().encode('<html>log in to the hotel</html>');
    await refused('timestamp-invalid', 'unreadable');
  });
  it('the authority refuses', async () => {
    authority.tamper.query = (query) => {
      // A hash that it does not know.
      const changed = Buffer.from(query);
      changed[changed.indexOf(Buffer.from('0609608648016503040201', 'hex')) + 10] = 9;
      return changed;
    };
    await refused('timestamp-refused', 'PKIStatus 2');
  });
  it('the server fails', async () => {
    authority.status = 503;
    await refused('server-failed');
  });
  it('so the document is told to be unsigned, and nothing is saved', async () => {
    authority.status = 503;
    const { view, file } = await signStamped('unstamped');
    expect(view.documents).toMatchObject([{ outcome: 'failed', error: { id: 'server-failed' } }]);
    await expect(desk.check(file)).rejects.toMatchObject({ id: 'document-unreadable' });
  });
});
