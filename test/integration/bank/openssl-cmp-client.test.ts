import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAdmission, type AdmissionOrder } from '#test/bank/admission.ts';
import { startBank, type RunningBank } from '#test/bank/start-bank.ts';
import { opensslIn, type OpensslTool } from './openssl.ts';

/**
 * A foreign client, OpenSSL's own, enrols at the demo bank. It can not send a registration token, so customers who
 * come with their initial key are admitted with `pinRequired: false` here; the ПИН beside the initial key is tested
 * with Kilt's client.
 */
describe('openssl cmp at the demo bank', () => {
  let folder: string;
  let bank: RunningBank;
  let openssl: OpensslTool;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bank-openssl-'));
    bank = await startBank({ dataDir: join(folder, 'data'), checkAfterSeconds: 1 });
    openssl = opensslIn(folder);
    for (const key of ['k1.key', 'k2.key']) await openssl('genrsa', '-out', key, '2048');
    writeFileSync(join(folder, 'wrong.txt'), 'WRONGWRONG1');
  });
  afterAll(async () => {
    await bank.stop();
    rmSync(folder, { recursive: true });
  });

  let number = 0;
  /** Admits a customer with the files in a folder of its own; returns ID and that folder's name. */
  async function admit(order: AdmissionOrder = {}): Promise<{ userId: string; home: string }> {
    const home = `customer-${String(++number)}`;
    const admission = await bank.admit(order);
    writeAdmission(admission, join(folder, home));
    return { userId: admission.userId, home };
  }
  const issuingCa = '/C=KZ/O=Kilt Demo Bank/CN=Kilt Demo Issuing CA';
  const cmpArguments = (args: readonly string[]) => [
    ...['cmp', '-batch', '-server', bank.urls.http, '-trusted', 'data/root.pem', '-certout', 'unused.crt'],
    ...args,
  ];
  const cmp = (...args: string[]) => openssl(...cmpArguments(args));
  const byPinArguments = ({ userId, home }: { userId: string; home: string }) => [
    ...['-cmd', 'ir', '-path', '.well-known/cmp', '-ref', userId, '-secret', `file:${home}/pin.txt`],
    ...byPinRequest,
  ];
  const byPin = (customer: { userId: string; home: string }, ...args: string[]) =>
    cmp(...byPinArguments(customer), ...args);
  const byPinRequest = ['-recipient', issuingCa, '-subject', '/CN=anything', '-newkey', 'k1.key'];
  const fields = async (certificate: string) =>
    (await openssl('x509', '-in', certificate, '-noout', '-text', '-nameopt', 'utf8,-esc_msb')).output;

  it('enrols with ID and ПИН, and the certificate leads to the demo root', async () => {
    const customer = await admit({ name: 'Айгерим Сапарова', userId: 'qq111111_first' });
    const run = await byPin(
      customer,
      ...[
        '-mac',
        'hmacWithSHA256',
        '-certout',
        'first.crt',
        '-cacertsout',
        'ca.pem',
        '-out_trusted',
        'data/root.pem',
      ],
    );
    expect(run.output).toContain('received PKICONF');
    expect(run.code).toBe(0);
    const verify = ['verify', '-purpose', 'smimesign', '-CAfile', 'data/root.pem'];
    expect((await openssl(...verify, '-untrusted', 'data/issuing.pem', 'first.crt')).output).toBe(
      'first.crt: OK\n',
    );
    const text = await fields('first.crt');
    expect(text).toContain('CN=Айгерим Сапарова');
    expect(text).toContain('UID=qq111111_first');
    expect(text).toContain('Digital Signature, Non Repudiation');
    expect(readFileSync(join(folder, 'ca.pem'), 'utf8').trim()).toBe(bank.system.ca.anchors[0]?.trim());
  });

  it('serves a MAC with SHA-1 too, which is what OpenSSL sends unasked', async () => {
    expect((await byPin(await admit(), '-certout', 'sha1.crt')).code).toBe(0);
  });

  it.each(['3des', 'rc2', 'aes'] as const)('enrols with a Key.pfx of the kind %s', async (pfx) => {
    const { home } = await admit({ pinRequired: false, pfx });
    const pem = `${home}/key.pem`;
    const opened = await openssl(
      ...['pkcs12', ...(pfx === 'rc2' ? ['-legacy'] : []), '-in', `${home}/Key.pfx`],
      ...['-passin', `file:${home}/pin.txt`, '-nodes', '-out', pem],
    );
    expect(opened).toEqual({ code: 0, output: '' });
    const run = await cmp(
      ...[
        '-cmd',
        'ir',
        '-path',
        'pkix/',
        '-cert',
        pem,
        '-key',
        pem,
        '-newkey',
        'k1.key',
        '-subject',
        '/CN=x',
      ],
      ...['-certout', `${home}/o.crt`],
    );
    expect(run.output).toContain('received PKICONF');
    expect(run.code).toBe(0);
  });

  it('gives the sign-in certificate to the holder of the first one', async () => {
    const customer = await admit();
    const first = `${customer.home}/first.crt`;
    await byPin(customer, '-certout', first);
    const second = `${customer.home}/second.crt`;
    const run = await cmp(
      ...['-cmd', 'cr', '-cert', first, '-key', 'k1.key', '-untrusted', 'data/issuing.pem'],
      ...['-newkey', 'k2.key', '-subject', '/CN=x', '-certout', second],
    );
    expect(run.code).toBe(0);
    const text = await fields(second);
    expect(text).toContain(`UID=${customer.userId}`);
    expect(text).toContain('TLS Web Client Authentication');
    expect(text).not.toContain('Non Repudiation');
  });

  describe('a key update', () => {
    /** Enrols a customer with `k1.key`; returns the arguments of an update of that key by `k2.key`. */
    async function enrolled(order: AdmissionOrder = {}) {
      const customer = await admit(order);
      const old = `${customer.home}/old.crt`;
      expect((await byPin(customer, '-certout', old)).code).toBe(0);
      const update = (...args: string[]) => [
        ...['-cmd', 'kur', '-cert', old, '-key', 'k1.key', '-untrusted', 'data/issuing.pem'],
        ...['-newkey', 'k2.key', '-certout', `${customer.home}/new.crt`, ...args],
      ];
      return { customer, old, update };
    }
    const keyOf = async (certificate: string) =>
      (await openssl('x509', '-in', certificate, '-noout', '-pubkey')).output;

    it('replaces the key, and the certificate has the old one’s subject', async () => {
      const { customer, old, update } = await enrolled({ name: 'Данияр Ахметов' });
      const run = await cmp(...update());
      expect(run.output).toContain('received KUP');
      expect(run.output).toContain('received PKICONF');
      expect(run.code).toBe(0);
      const renewed = `${customer.home}/new.crt`;
      expect(await keyOf(renewed)).toBe((await openssl('pkey', '-in', 'k2.key', '-pubout')).output);
      expect(await fields(renewed)).toContain('CN=Данияр Ахметов');
      expect(await keyOf(old)).not.toBe(await keyOf(renewed));
    });

    it('waits for the bank while the client polls', async () => {
      const { customer, update } = await enrolled();
      bank.hold(customer.userId);
      const run = openssl.begin(...cmpArguments(update('-total_timeout', '50')));
      await run.said('received POLLREP');
      bank.approve(customer.userId);
      const { code, output } = await run.ended;
      expect(output).toContain('received PKICONF');
      expect(code).toBe(0);
    });

    it('is refused with the bank’s reason', async () => {
      const { customer, update } = await enrolled();
      bank.refuse(customer.userId, 'the contract has ended');
      const run = await cmp(...update());
      expect(run.output).toContain('the contract has ended');
      expect(run.code).not.toBe(0);
    });

    /** Asks for the sign-in certificate, of `k2.key`; returns its file. */
    async function signInCertificate({ home }: { home: string }, old: string): Promise<string> {
      const file = `${home}/sign-in.crt`;
      const signer = ['-cert', old, '-key', 'k1.key', '-untrusted', 'data/issuing.pem'];
      await cmp('-cmd', 'cr', ...signer, '-newkey', 'k2.key', '-subject', '/CN=x', '-certout', file);
      return file;
    }

    it('is refused for the certificate of somebody else', async () => {
      const [mine, theirs] = [await enrolled(), await enrolled()];
      const run = await cmp(...mine.update('-oldcert', theirs.old));
      expect(run.output).toContain('user ID is not that of the sender');
      expect(run.code).not.toBe(0);
    });

    it('is refused for another certificate than the one that signs it', async () => {
      const { customer, old, update } = await enrolled();
      const run = await cmp(...update('-oldcert', await signInCertificate(customer, old)));
      expect(run.output).toContain('is not the one that signed the request');
      expect(run.code).not.toBe(0);
    });

    it('is made once; the new certificate makes the next', async () => {
      const { customer, update } = await enrolled();
      expect((await cmp(...update())).code).toBe(0);
      await openssl('genrsa', '-out', 'k3.key', '2048');
      expect((await cmp(...update('-newkey', 'k3.key'))).output).toContain('key update is finished');
      const renewed = `${customer.home}/new.crt`;
      const next = await cmp(
        ...update('-cert', renewed, '-key', 'k2.key', '-newkey', 'k3.key', '-certout', 'n.crt'),
      );
      expect(next.code).toBe(0);
    });

    it('is not made by a sign-in certificate', async () => {
      const { customer, old, update } = await enrolled();
      const signIn = await signInCertificate(customer, old);
      const run = await cmp(...update('-cert', signIn, '-key', 'k2.key', '-newkey', 'k1.key'));
      expect(run.output).toContain('needs the confirmed signature certificate');
    });
  });

  describe('a revocation', () => {
    /** Enrols a customer with `k1.key`; returns the arguments by which she revokes that certificate with itself. */
    async function enrolled() {
      const customer = await admit();
      const own = `${customer.home}/own.crt`;
      expect((await byPin(customer, '-certout', own)).code).toBe(0);
      const signer = ['-cert', own, '-key', 'k1.key', '-untrusted', 'data/issuing.pem'];
      const revoke = (certificate: string, ...args: string[]) =>
        openssl(
          ...['cmp', '-batch', '-cmd', 'rr', '-server', bank.urls.http, '-trusted', 'data/root.pem'],
          ...[...signer, '-oldcert', certificate, ...args],
        );
      return { customer, own, signer, revoke };
    }
    const listed = async (certificate: string) => {
      const list = await (await fetch(`${bank.urls.http}/crl/issuing.crl`)).arrayBuffer();
      writeFileSync(join(folder, 'issuing.crl'), new Uint8Array(list));
      const { output } = await openssl('x509', '-in', certificate, '-noout', '-serial');
      const { output: crl } = await openssl(
        ...['crl', '-inform', 'DER', '-in', 'issuing.crl', '-noout', '-text'],
      );
      return crl.includes(`Serial Number: ${output.trim().replace('serial=', '')}`);
    };

    it('ends the certificate that signs it, and the list says so', async () => {
      const { own, revoke } = await enrolled();
      expect(await listed(own)).toBe(false);
      const run = await revoke(own, '-revreason', '4');
      expect(run.output).toContain('received RP');
      expect(run.code).toBe(0);
      expect(await listed(own)).toBe(true);
    });

    it('is not made twice, and a revoked key updates nothing', async () => {
      const { own, signer, revoke } = await enrolled();
      await revoke(own, '-revreason', '1');
      expect((await revoke(own, '-revreason', '4')).output).toContain('revoked already');
      const update = await cmp('-cmd', 'kur', ...signer, '-newkey', 'k2.key');
      expect(update.output).toContain('certificate of the signer is revoked');
      expect(update.code).not.toBe(0);
    });

    it('suspends, and lifts that again, with another key of the customer', async () => {
      const { customer, own, signer, revoke } = await enrolled();
      const signIn = `${customer.home}/sign-in.crt`;
      await cmp('-cmd', 'cr', ...signer, '-newkey', 'k2.key', '-subject', '/CN=x', '-certout', signIn);
      expect((await revoke(signIn, '-revreason', '6')).code).toBe(0);
      expect(await listed(signIn)).toBe(true);
      expect((await revoke(signIn, '-revreason', '8')).code).toBe(0);
      expect(await listed(signIn)).toBe(false);
      expect((await revoke(own, '-revreason', '8')).output).toContain('is not suspended');
    });

    it('is refused for the certificate of somebody else, and without a reason', async () => {
      const [mine, theirs] = [await enrolled(), await enrolled()];
      const run = await mine.revoke(theirs.own, '-revreason', '0');
      expect(run.output).toContain('the sender has no such certificate');
      expect((await mine.revoke(mine.own)).output).toContain('a reason for the revocation is missing');
      expect(await listed(theirs.own)).toBe(false);
      expect(await listed(mine.own)).toBe(false);
    });
  });

  it('refuses an initial key that has expired', async () => {
    const { home } = await admit({ pinRequired: false, expired: true });
    const pem = `${home}/key.pem`;
    await openssl(
      'pkcs12',
      '-in',
      `${home}/Key.pfx`,
      '-passin',
      `file:${home}/pin.txt`,
      '-nodes',
      '-out',
      pem,
    );
    const run = await cmp('-cmd', 'ir', '-cert', pem, '-key', pem, '-newkey', 'k1.key', '-subject', '/CN=x');
    expect(run.code).not.toBe(0);
    expect(run.output).toContain('certificate of the signer has expired');
  });

  it('refuses an initial key without the ПИН where the ПИН is required', async () => {
    const { home } = await admit();
    const pem = `${home}/key.pem`;
    await openssl(
      'pkcs12',
      '-in',
      `${home}/Key.pfx`,
      '-passin',
      `file:${home}/pin.txt`,
      '-nodes',
      '-out',
      pem,
    );
    const run = await cmp('-cmd', 'ir', '-cert', pem, '-key', pem, '-newkey', 'k1.key', '-subject', '/CN=x');
    expect(run.output).toContain('registration token is missing');
  });

  it('refuses a wrong ПИН under its own signature, and locks after five', async () => {
    const customer = await admit();
    const wrong = ['-cmd', 'ir', '-ref', customer.userId, '-secret', 'file:wrong.txt', ...byPinRequest];
    for (let attempt = 1; attempt <= 4; attempt++) {
      expect((await cmp(...wrong)).output).toContain('registration pin wrong');
    }
    expect((await cmp(...wrong)).output).toContain('registration pin locked');
    expect((await byPin(customer)).output).toContain('registration pin locked');
    expect(bank.customers().find(({ userId }) => userId === customer.userId)).toMatchObject({ locked: true });
  });

  it('forgets wrong attempts once the right ПИН came', async () => {
    const customer = await admit();
    await cmp('-cmd', 'ir', '-ref', customer.userId, '-secret', 'file:wrong.txt', ...byPinRequest);
    expect((await byPin(customer, '-certout', 'forgotten.crt')).code).toBe(0);
    expect(bank.customers().find(({ userId }) => userId === customer.userId)).toMatchObject({ wrongPins: 0 });
  });

  it('answers an unknown ID like a wrong ПИН', async () => {
    const run = await cmp('-cmd', 'ir', '-ref', 'nobody', '-secret', 'file:wrong.txt', ...byPinRequest);
    expect(run.output).toContain('registration pin wrong');
  });

  it('refuses a request without proof of possession', async () => {
    const run = await byPin(await admit(), '-popo', '-1');
    expect(run.code).not.toBe(0);
    expect(run.output).toContain('badPOP');
  });

  it('refuses a key that is too short', async () => {
    await openssl('genrsa', '-out', 'short.key', '1024');
    const run = await byPin(await admit(), '-newkey', 'short.key');
    expect(run.output).toContain('RSA key of 2048 to 4096 bits expected');
  });

  it('refuses a message for another certification authority', async () => {
    const run = await byPin(await admit(), '-recipient', '/CN=Somebody Else');
    expect(run.output).toContain('recipient is not this certification authority');
  });

  it('keeps a request waiting until the bank approves, while the client polls', async () => {
    const customer = await admit({ hold: true });
    const run = openssl.begin(...cmpArguments([...byPinArguments(customer), '-total_timeout', '50']));
    await run.said('received POLLREP');
    bank.approve(customer.userId);
    const { code, output } = await run.ended;
    expect(output).toContain('received PKICONF');
    expect(code).toBe(0);
  });

  it('tells a waiting client that the bank refuses, and why', async () => {
    const customer = await admit({ hold: true });
    const run = openssl.begin(...cmpArguments([...byPinArguments(customer), '-total_timeout', '50']));
    await run.said('received POLLREP');
    bank.refuse(customer.userId, 'documents are missing');
    const { code, output } = await run.ended;
    expect(output).toContain('documents are missing');
    expect(code).not.toBe(0);
  });

  it('gives a client that comes again with the same key the same certificate, and refuses another key', async () => {
    const customer = await admit();
    await byPin(customer, '-certout', 'again-1.crt');
    await byPin(customer, '-certout', 'again-2.crt');
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    expect(read('again-2.crt')).toBe(read('again-1.crt'));
    expect((await byPin(customer, '-newkey', 'k2.key')).output).toContain('finished with another key');
  });

  it('also serves CMP over TLS', async () => {
    const customer = await admit();
    const run = await byPin(
      customer,
      ...[
        '-server',
        bank.urls.https,
        '-tls_used',
        '-tls_trusted',
        'data/tls-root.pem',
        '-certout',
        'tls.crt',
      ],
    );
    expect(run.code).toBe(0);
  });
});
