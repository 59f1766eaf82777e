import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { asDer, secretFromText, toHex, type DerBytes } from '#shared/bytes.ts';
import { readAlgorithm } from '#main/pki/algorithm-identifier.ts';
import { parseDer } from '#main/pki/asn1.ts';
import { gostCardSigner } from '#main/pki/gost/card-signer.ts';
import { signatureIdentifier, verifySignature } from '#main/pki/signature.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import { PcscAccess } from '#main/token/pcsc-access.ts';
import type { LibraryTokenSession } from '#main/token/pkcs11/library-token-session.ts';
import { TokenWatchService } from '#main/token/token-watch-service.ts';
import type { KnownToken } from '#main/token/token-watch.ts';
import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';
import { OpenscLibrary, serialOf } from './opensc.ts';
import { libraryProcessesOf } from './running-processes.ts';

const SERIAL = '3a5b7c1d';
const USER_PIN = '12345678';
const pin = () => secretFromText(USER_PIN);
const newKey = { id: 'a1', label: 'KILT', bits: 2048, usage: ['sign', 'nonRepudiation'] } as const;

/** Kilt, OpenSC's PKCS#11 library and a token in one reader of a real PC/SC service. */
describe('the library of OpenSC, on a token in a reader', () => {
  let library: OpenscLibrary;
  let watch: TokenWatchService | undefined;

  afterEach(async () => {
    await watch?.stop();
    watch = undefined;
    await library.remove();
  });

  async function plugIn(card: Partial<VirtualCardOptions> = {}): Promise<KnownToken> {
    library = await OpenscLibrary.with({ profile: 'formatted', serial: SERIAL, ...card });
    watch = new TokenWatchService(new PcscAccess());
    await watch.start();
    return ready();
  }

  const ready = (): Promise<KnownToken> =>
    vi.waitFor(
      () => {
        const known = watch?.tokens().find(({ state }) => state === 'ready');
        if (known === undefined) throw new Error(`no token is ready: ${watch?.presence()}`);
        return known;
      },
      { timeout: 20_000, interval: 50 },
    );

  /** Through the library, while Kilt keeps off the reader. */
  const visit = <T>(
    { id }: KnownToken,
    work: (session: LibraryTokenSession) => Promise<T>,
    changes = true,
  ): Promise<T> =>
    watch!.whileReleased(id, { changes }, (serial, signal) =>
      library.driver.withToken(serial, { signal, toWrite: true }, work),
    );

  const triesLeft = async (): Promise<number | null | undefined> =>
    (await ready()).info?.userPin.attemptsLeft;

  it.each(['kaztoken', 'rutoken'] as const)(
    'makes a key on a %s and signs with it, as OpenSSL confirms, and Kilt sees the key in the card itself',
    async (atr) => {
      const token = await plugIn({ atr });
      const data = randomBytes(1000);
      const { publicKey, signature } = await visit(token, async (session) => {
        await session.login('user', pin());
        return {
          publicKey: await session.generateRsaKeyPair(newKey),
          signature: await session.signSha256('a1', data),
        };
      });
      const { bench } = library;
      for (const [name, content] of Object.entries({ 'key.der': publicKey, signature, data }))
        bench.write(name, content);
      const files = ['-verify', 'key.der', '-keyform', 'DER', '-signature', 'signature', 'data'];
      expect((await bench.must('openssl', 'dgst', '-sha256', ...files)).stdout).toContain('Verified OK');
      expect((await ready()).objects?.keys).toMatchObject([{ id: 'a1', label: 'KILT', bits: 2048 }]);
    },
  );

  it('stores, replaces and removes certificates, and removes the key with its own', async () => {
    const token = await plugIn();
    const [first, second] = [await certificate('first'), await certificate('second')];
    await visit(token, async (session) => {
      await session.login('user', pin());
      await session.generateRsaKeyPair(newKey);
      await session.storeCertificate({ id: 'a1', label: 'first', der: first });
      await session.storeCertificate({ id: 'a1', label: 'second', der: second });
    });
    expect((await ready()).objects?.certificates.map(({ der }) => toHex(der))).toEqual([toHex(second)]);
    const left = await visit(token, async (session) => {
      await session.login('user', pin());
      await session.deleteKeyPair('a1');
      return session.objects();
    });
    expect(left).toEqual({ keys: [], certificates: [] });
    expect((await ready()).objects).toMatchObject({ keys: [], certificates: [] });
  });

  it('shows without a PIN which certificates there are', async () => {
    const token = await plugIn();
    const der = await certificate('somebody');
    await visit(token, async (session) => {
      await session.login('user', pin());
      await session.storeCertificate({ id: 'a1', label: 'somebody', der });
    });
    const { certificates } = await visit(token, (session) => session.objects(), false);
    expect(certificates).toMatchObject([{ id: 'a1', label: 'somebody' }]);
    expect(await triesLeft()).toBe((await ready()).info?.userPin.maxAttempts);
  });

  it('spends one try on a wrong PIN, which Kilt then knows of from the card', async () => {
    const token = await plugIn({ userPinAttempts: 5 });
    await expect(
      visit(token, (session) => session.login('user', secretFromText('00000000'))),
    ).rejects.toMatchObject({ id: 'wrong-pin', data: { role: 'user' } });
    expect(await triesLeft()).toBe(4);
  });

  it('is not given a PIN that is blocked, and blocks it on the last try', async () => {
    const token = await plugIn({ userPinAttempts: 1 });
    const wrong = () => visit(token, (session) => session.login('user', secretFromText('00000000')));
    await expect(wrong()).rejects.toMatchObject({ id: 'pin-blocked' });
    expect((await ready()).info?.userPin).toMatchObject({ blocked: true, attemptsLeft: 0 });
    const before = library.bench.statusWordsOf('VERIFY').length;
    await expect(visit(token, (session) => session.login('user', pin()))).rejects.toMatchObject({
      id: 'pin-blocked',
    });
    const tried = library.bench.statusWordsOf('VERIFY').slice(before);
    expect(tried.filter((word) => word === '9000')).toEqual([]);
  });

  it('waits for Kilt’s own work on the token, and Kilt for the library’s', async () => {
    const token = await plugIn();
    const order: string[] = [];
    const own = watch!.withSession(token.id, async (session) => {
      order.push('Kilt begins');
      await delay(300);
      await session.info();
      order.push('Kilt ends');
    });
    const its = visit(token, async (session) => {
      order.push('library begins');
      await session.login('user', pin());
      await session.generateRsaKeyPair(newKey);
      order.push('library ends');
    });
    const after = watch!.withSession(token.id, async (session) => {
      order.push('Kilt again');
      return session.objects();
    });
    await Promise.all([own, its]);
    expect((await after).keys).toHaveLength(1);
    expect(order).toEqual(['Kilt begins', 'Kilt ends', 'library begins', 'library ends', 'Kilt again']);
  });

  it('loses the login when its use ends: Kilt’s next session has no rights of it', async () => {
    const token = await plugIn();
    await visit(token, (session) => session.login('user', pin()));
    const write = watch!.withSession(token.id, (session) => session.generateRsaKeyPair(newKey));
    await expect(write).rejects.toMatchObject({ id: 'pin-needed' });
  });

  it('loses the login also when it is killed in the middle', async () => {
    const token = await plugIn();
    const { id } = token;
    const killed = watch!.whileReleased(id, { changes: true }, (serial, signal) =>
      library.driver.withToken(serial, { signal }, async (session) => {
        await session.login('user', pin());
        for (const processId of libraryProcessesOf(library.bench.folder)) process.kill(processId, 'SIGKILL');
        return session.objects();
      }),
    );
    await expect(killed).rejects.toMatchObject({
      id: 'driver-failed',
      data: { likelyCause: 'driver-crashed' },
    });
    const write = watch!.withSession(id, (session) => session.generateRsaKeyPair(newKey));
    await expect(write).rejects.toMatchObject({ id: 'pin-needed' });
  });

  it('signs with a national GOST key, in an order of bytes that the certificate’s key confirms', async () => {
    library = await OpenscLibrary.withProgram('--profile', 'national');
    watch = new TokenWatchService(new PcscAccess());
    await watch.start();
    const token = await ready();
    const der = token.objects?.certificates.find(({ label }) => label === 'GOSTKNCA')?.der;
    const { publicKeyInfo } = parseCertificate(der!);
    const data = randomBytes(300);
    const signer = gostCardSigner(publicKeyInfo, (hash) =>
      visit(token, async (session) => {
        await session.login('user', pin());
        return session.signGostHash('03', hash);
      }),
    );
    const signature = await signer.sign(data);
    const algorithm = readAlgorithm(parseDer(signatureIdentifier(signer.algorithm)));
    await expect(verifySignature({ algorithm, publicKeyInfo, data, signature })).resolves.toBe('valid');
    const changed = Uint8Array.from(data).reverse();
    await expect(verifySignature({ algorithm, publicKeyInfo, data: changed, signature })).resolves.toBe(
      'invalid',
    );
  });

  it('does not see a token with another serial number', async () => {
    const token = await plugIn();
    const other = watch!.whileReleased(token.id, { changes: false }, (_serial, signal) =>
      library.driver.withToken(serialOf('3a5b7c1e'), { signal }, (session) => session.objects()),
    );
    await expect(other).rejects.toMatchObject({ id: 'token-unsupported' });
  });

  async function certificate(name: string): Promise<DerBytes> {
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-days', '9'];
    await library.bench.must(
      'openssl',
      ...request,
      '-subj',
      `/CN=${name}`,
      '-outform',
      'DER',
      '-out',
      'c.der',
    );
    return asDer(Uint8Array.from(library.bench.read('c.der')));
  }
});
