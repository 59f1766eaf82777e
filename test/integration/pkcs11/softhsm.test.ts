import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asDer, asTokenSerial, secretFromText, type DerBytes } from '#shared/bytes.ts';
import type { LibraryTokenSession } from '#main/token/pkcs11/library-token-session.ts';
import { SoftHsm, USER_PIN } from './softhsm.ts';

/** Kilt's PKCS#11 provider on a real library that Kilt's authors did not write, in its own process, checked by OpenSSL. */
describe('a PKCS#11 library (SoftHSM 2)', () => {
  let hsm: SoftHsm;

  beforeEach(() => {
    hsm = new SoftHsm();
  });
  afterEach(() => hsm.remove());

  const visit = <T>(work: (session: LibraryTokenSession) => Promise<T>, from = hsm): Promise<T> =>
    from.driver().withToken(from.serial, { signal: new AbortController().signal, toWrite: true }, work);

  const loggedIn = <T>(work: (session: LibraryTokenSession) => Promise<T>, from = hsm): Promise<T> =>
    visit(async (session) => {
      await session.login('user', secretFromText(USER_PIN));
      return work(session);
    }, from);

  const newKey = { id: 'a1', label: 'KILT', bits: 2048, usage: ['sign', 'nonRepudiation'] } as const;

  function opensslAccepts(publicKey: DerBytes, data: Uint8Array, signature: Uint8Array): boolean {
    const file = (name: string, content: Uint8Array): string => {
      const place = path.join(hsm.folder, name);
      writeFileSync(place, content);
      return place;
    };
    const args = ['-verify', file('key.der', publicKey), '-keyform', 'DER'];
    const signed = ['-signature', file('signature', signature), file('data', data)];
    try {
      return execFileSync('openssl', ['dgst', '-sha256', ...args, ...signed], { encoding: 'utf8' }).includes(
        'Verified OK',
      );
    } catch {
      return false;
    }
  }

  it('makes a key pair on the token and signs with it, as OpenSSL confirms', async () => {
    const data = new TextEncoder().encode('платеж № 1');
    const { publicKey, signature } = await loggedIn(async (session) => ({
      publicKey: await session.generateRsaKeyPair(newKey),
      signature: await session.signSha256('a1', data),
    }));
    expect(opensslAccepts(publicKey, data, signature)).toBe(true);
    expect(opensslAccepts(publicKey, new TextEncoder().encode('платеж № 2'), signature)).toBe(false);
  });

  it('signs also where the library hashes itself (CKM_SHA256_RSA_PKCS and no CKM_RSA_PKCS)', async () => {
    hsm.remove();
    hsm = new SoftHsm(['slots.mechanisms = -CKM_RSA_PKCS']);
    const data = new Uint8Array(100_000).fill(7);
    const [publicKey, signature] = await loggedIn(async (session) => [
      await session.generateRsaKeyPair(newKey),
      await session.signSha256('a1', data),
    ]);
    expect(opensslAccepts(publicKey, data, signature)).toBe(true);
  });

  it('gives the key pair that is there when it is asked for again, and leaves no second one', async () => {
    const first = await loggedIn((session) => session.generateRsaKeyPair(newKey));
    const [again, { keys }] = await loggedIn(async (session) => [
      await session.generateRsaKeyPair(newKey),
      await session.objects(),
    ]);
    expect(again).toEqual(first);
    expect(keys).toMatchObject([
      { id: 'a1', label: 'KILT', algorithm: 'rsa', bits: 2048, privateSeen: true },
    ]);
  });

  it('shows certificates and public keys without a PIN, the private key after it', async () => {
    const certificate = selfSigned();
    await loggedIn(async (session) => {
      await session.generateRsaKeyPair(newKey);
      await session.storeCertificate({ id: 'a1', label: 'НУЦ', der: certificate });
    });
    const before = await visit((session) => session.objects());
    expect(before.certificates).toEqual([{ id: 'a1', label: 'НУЦ', der: certificate }]);
    expect(before.keys).toMatchObject([{ id: 'a1', privateSeen: false }]);
    const after = await loggedIn((session) => session.objects());
    expect(after.keys).toMatchObject([{ id: 'a1', privateSeen: true }]);
  });

  it('replaces the certificate of a key, and stores the same one only once', async () => {
    const [first, second] = [selfSigned(), selfSigned()];
    const { certificates } = await loggedIn(async (session) => {
      await session.storeCertificate({ id: 'a1', label: 'one', der: first });
      await session.storeCertificate({ id: 'a1', label: 'two', der: second });
      await session.storeCertificate({ id: 'a1', label: 'two', der: second });
      return session.objects();
    });
    expect(certificates).toEqual([{ id: 'a1', label: 'two', der: second }]);
  });

  it('removes a certificate alone, and a key pair with all that belongs to it', async () => {
    const certificate = selfSigned();
    const [without, empty] = await loggedIn(async (session) => {
      await session.generateRsaKeyPair(newKey);
      await session.storeCertificate({ id: 'a1', label: '', der: certificate });
      await session.deleteCertificate(certificate);
      const left = await session.objects();
      await session.storeCertificate({ id: 'a1', label: '', der: certificate });
      await session.deleteKeyPair('a1');
      return [left, await session.objects()];
    });
    expect(without).toMatchObject({ certificates: [], keys: [{ id: 'a1' }] });
    expect(empty).toEqual({ certificates: [], keys: [] });
  });

  it('says that a PIN is wrong, and goes on with the right one', async () => {
    await expect(visit((session) => session.login('user', secretFromText('00000000')))).rejects.toMatchObject(
      { id: 'wrong-pin', data: { role: 'user', step: 'login' } },
    );
    await expect(loggedIn(async () => 'in')).resolves.toBe('in');
  });

  it('asks for the PIN where something needs it', async () => {
    await expect(visit((session) => session.generateRsaKeyPair(newKey))).rejects.toMatchObject({
      id: 'pin-needed',
    });
    await expect(visit((session) => session.signSha256('a1', new Uint8Array()))).rejects.toMatchObject({
      id: 'key-not-found',
    });
  });

  it('touches no other token than the one with this serial number', async () => {
    const other = asTokenSerial('1234ABCD');
    const signal = new AbortController().signal;
    await expect(
      hsm.driver().withToken(other, { signal }, async (session) => session.objects()),
    ).rejects.toMatchObject({ id: 'token-unsupported', data: { reason: 'not-in-driver' } });
  });

  it('ends with the token when it is pulled in the middle', async () => {
    const pulled = new AbortController();
    const work = hsm
      .driver()
      .withToken(hsm.serial, { signal: pulled.signal, toWrite: true }, async (session) => {
        await session.login('user', secretFromText(USER_PIN));
        const making = session.generateRsaKeyPair({ ...newKey, bits: 4096 });
        pulled.abort();
        return making;
      });
    await expect(work).rejects.toMatchObject({ id: 'token-removed' });
  });

  function selfSigned(): DerBytes {
    const made = execFileSync(
      'openssl',
      'req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -outform DER -subj /CN=Demo/C=KZ -days 30'.split(
        ' ',
      ),
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    return asDer(new Uint8Array(made));
  }
});
