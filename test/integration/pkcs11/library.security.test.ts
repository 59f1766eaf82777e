import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { PinCustody } from '#main/token/pin-custody.ts';
import { environmentForLibrary, type LibraryProcess } from '#main/token/pkcs11/library-process.ts';
import type { LibraryTokenSession } from '#main/token/pkcs11/library-token-session.ts';
import { MisbehavingLibrary, type Misdeed, type Misdoer } from './misbehaving-library.ts';
import { libraryProcessesOf, processesThatKnow } from './running-processes.ts';
import { SoftHsm, startProcess, USER_PIN } from './softhsm.ts';

/** Foreign code in reach of the token: what it does must stay in its own process. */
describe('a PKCS#11 library that misbehaves', () => {
  let hsm: SoftHsm;
  let library: MisbehavingLibrary;

  beforeEach(() => {
    hsm = new SoftHsm();
    library = new MisbehavingLibrary(hsm);
  });
  afterEach(() => {
    library.remove();
    hsm.remove();
  });

  const visit = <T>(work: (session: LibraryTokenSession) => Promise<T>): Promise<T> =>
    library.driver().withToken(hsm.serial, { signal: new AbortController().signal, toWrite: true }, work);
  const pin = () => secretFromText(USER_PIN);
  const sign = (): Promise<Uint8Array> =>
    visit(async (session) => {
      await session.login('user', pin());
      await session.generateRsaKeyPair({ id: 'a1', label: '', bits: 2048, usage: ['sign'] });
      return session.signSha256('a1', new Uint8Array(10));
    });

  const misdeeds: [Misdeed, Misdoer, string, string][] = [
    ['crash', 'C_Initialize', 'load', 'driver-crashed'],
    ['hang', 'C_Initialize', 'load', 'driver-hung'],
    ['exit', 'C_Initialize', 'load', 'driver-crashed'],
    ['crash', 'C_Login', 'login', 'driver-crashed'],
    ['hang', 'C_Login', 'login', 'driver-hung'],
    ['crash', 'C_Sign', 'sign', 'driver-crashed'],
    ['hang', 'C_Sign', 'sign', 'driver-hung'],
  ];
  it.each(misdeeds)(
    'that makes a %s of %s loses its own process only',
    async (how, call, step, likelyCause) => {
      library.do(how, call);
      await expect(sign()).rejects.toMatchObject({ id: 'driver-failed', data: { step, likelyCause } });
      expect(libraryProcessesOf(hsm.folder)).toEqual([]);
      library.behave();
      await expect(sign()).resolves.toHaveLength(256);
    },
  );

  it.each(['crash', 'hang'] as const)(
    'and makes a %s of the login is given the PIN once: it leaves the custody, as nobody knows what became of it',
    async (how) => {
      const custody = new PinCustody();
      custody.keep('token', 'user', pin());
      library.do(how, 'C_Login');
      const login = (): Promise<void> =>
        custody.use('token', 'user', (kept) => visit((session) => session.login('user', kept)));
      await expect(login()).rejects.toMatchObject({ id: 'driver-failed' });
      expect(custody.has('token', 'user')).toBe(false);
      await expect(login()).rejects.toMatchObject({ id: 'pin-needed' });
      expect(library.logins).toBe(1);
    },
  );

  it('is given a wrong PIN once', async () => {
    const login = visit((session) => session.login('user', secretFromText('00000000')));
    await expect(login).rejects.toMatchObject({ id: 'wrong-pin' });
    expect(library.logins).toBe(1);
  });

  it('finds the PIN neither among the arguments nor in the environment of its process', async () => {
    let seen = '';
    const driver = hsm.driver({
      start: (): LibraryProcess => {
        const started = startProcess();
        return {
          ...started,
          post: (request) => {
            started.post(request);
            if (request.do === 'objects')
              seen = processesThatKnow(hsm.folder)
                .map(({ surroundings }) => surroundings)
                .join();
          },
        };
      },
    });
    const { signal } = new AbortController();
    await driver.withToken(hsm.serial, { signal }, async (session) => {
      await session.login('user', pin());
      await session.objects();
    });
    expect(seen).toContain('library-host');
    expect(seen).not.toContain(USER_PIN);
  });

  it('gets no variable that would load further code into its process', () => {
    const given = environmentForLibrary({
      PATH: '/usr/bin',
      LD_PRELOAD: '/tmp/evil.so',
      LD_LIBRARY_PATH: '/tmp',
      DYLD_INSERT_LIBRARIES: '/tmp/evil.dylib',
      NODE_OPTIONS: '--require /tmp/evil.cjs',
      NODE_PATH: '/tmp',
    });
    expect(given).toEqual({ PATH: '/usr/bin' });
  });
});
