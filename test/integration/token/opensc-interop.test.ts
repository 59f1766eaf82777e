import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { asDer, secretFromText } from '#shared/bytes.ts';
import { PcscAccess } from '#main/token/pcsc-access.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import { TokenWatchService } from '#main/token/token-watch-service.ts';
import type { KnownToken } from '#main/token/token-watch.ts';
import { OpenscBench } from '#test/integration/virtual-token/opensc-bench.ts';

const userPin = '12345678';
const label = 'qq111111';
const signature = { id: '5167', label: 'Signature', bits: 2048, usage: ['sign', 'nonRepudiation'] } as const;
const signIn = { id: '4c', label: 'Sign-in', bits: 2048, usage: ['sign'] } as const;
const profile = { application: 'Kilt', label: 'profile', content: new TextEncoder().encode('{"format":1}') };

const asUser = ['--auth-id', '02', '--pin', userPin];

let bench: OpenscBench;
let watch: TokenWatchService;

/** The token, as soon as it was read. */
const readyToken = (): Promise<KnownToken> =>
  vi.waitFor(
    () => {
      const known = watch.tokens().find(({ state }) => state === 'ready');
      if (known === undefined) throw new Error(`no token is ready: ${watch.presence()}`);
      return known;
    },
    { timeout: 20_000, interval: 50 },
  );

async function asUserOfKilt<T>(work: (session: TokenSession) => Promise<T>): Promise<T> {
  const { id } = await readyToken();
  return watch.withSession(id, async (session) => {
    await session.login('user', secretFromText(userPin));
    return work(session);
  });
}

/** A certificate for the public key of the token, as a CA would issue it. */
async function certificateFor(publicKey: Uint8Array, name: string): Promise<Buffer> {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  bench.write('public.pem', key.export({ format: 'pem', type: 'spki' }));
  await bench.must(
    'openssl',
    ...`req -new -newkey rsa:2048 -nodes -keyout ca.key -subj /CN=${name} -out request.pem`.split(' '),
  );
  await bench.must(
    'openssl',
    ...'x509 -req -in request.pem -force_pubkey public.pem -signkey ca.key -days 30 -outform DER -out certificate.der'.split(
      ' ',
    ),
  );
  return bench.read('certificate.der');
}

async function start(profileName: string): Promise<void> {
  bench = await OpenscBench.start(['--profile', profileName, '--atr', 'rutoken', '--serial', '3A5B7C1D']);
  watch = new TokenWatchService(new PcscAccess());
  await watch.start();
}

async function stop(): Promise<void> {
  await watch.stop();
  await bench.stop();
}

describe('a vendor-formatted token that Kilt has filled, in the hands of OpenSC', () => {
  beforeAll(async () => {
    await start('default-pins');
    await asUserOfKilt(async (session) => {
      await session.createPkcs15(label);
      await session.generateRsaKeyPair(signIn);
      const publicKey = await session.generateRsaKeyPair(signature);
      await session.storeCertificate({
        id: signature.id,
        label: 'Certificate',
        der: asDer(await certificateFor(publicKey, 'Kilt')),
      });
      await session.writeDataObject(profile);
    });
  });
  afterAll(stop);

  it('has a label, both PINs, keys, certificate and data object for pkcs15-tool', async () => {
    const { stdout } = await bench.must('pkcs15-tool', '--dump');
    expect(stdout).toContain(`PKCS#15 Card [${label}]`);
    expect(stdout).toMatch(/Serial number +: 000000003a5b7c1d/i);
    expect(stdout).toMatch(/PIN \[Security Officer PIN\]/);
    expect(stdout).toMatch(/PIN \[User PIN\][^]*?Reference +: 2 /);
    expect(stdout).toMatch(/Private RSA Key \[Signature\][^]*?Usage +: \[0x204\], sign, nonRepudiation/);
    expect(stdout).toMatch(/Private RSA Key \[Sign-in\][^]*?Usage +: \[0x04\], sign/);
    expect(stdout).toMatch(/Public RSA Key \[Signature\]/);
    expect(stdout).toMatch(/X\.509 Certificate \[Certificate\][^]*?ID +: 5167/);
    expect(stdout).toMatch(/Data object 'profile'|applicationName: Kilt/);
  });

  it('lists the objects through PKCS#11', async () => {
    const { stdout } = await bench.pkcs11('--list-objects');
    expect(stdout).toContain('Public Key Object; RSA 2048 bits');
    expect(stdout).toMatch(/Certificate Object[^]*?subject: +DN: CN=Kilt/);
    expect(stdout).toMatch(/Data object[^]*?label: +'profile'/);
    const { stdout: withLogin } = await bench.pkcs11(
      '--login',
      '--pin',
      userPin,
      '--list-objects',
      '--type',
      'privkey',
    );
    expect(withLogin.match(/Private Key Object; RSA/g)).toHaveLength(2);
  });

  it('signs with the key, and the public key that Kilt was given accepts it', async () => {
    bench.write('message', 'a payment order');
    await bench.must('openssl', ...'dgst -sha256 -binary -out digest message'.split(' '));
    await bench.must(
      'pkcs15-crypt',
      ...'--sign --pkcs1 --sha-256 --signature-format rfc4481 --key 5167 --input digest --output signature'.split(
        ' ',
      ),
      ...['--pin', userPin],
    );
    const publicKey = await asUserOfKilt((session) => session.publicKey(signature.id));
    const key = createPublicKey({ key: Buffer.from(publicKey ?? []), format: 'der', type: 'spki' });
    expect(verify('sha256', bench.read('message'), key, bench.read('signature'))).toBe(true);
  });

  it('shows at once what Kilt changes afterwards: nothing stale comes from a cache', async () => {
    await bench.must('pkcs15-tool', '--dump');
    await asUserOfKilt(async (session) => {
      await session.deleteKeyPair(signIn.id);
      await session.setLabel('renamed');
    });
    const { stdout } = await bench.must('pkcs15-tool', '--dump');
    expect(stdout).toContain('PKCS#15 Card [renamed]');
    expect(stdout).not.toContain('Sign-in');
    expect(stdout).toMatch(/Private RSA Key \[Signature\]/);
  });

  it('lets pkcs15-init add and remove objects beside those of Kilt', async () => {
    await bench.must(
      'pkcs15-init',
      '--store-certificate',
      'certificate.der',
      '--format',
      'der',
      '--id',
      '99',
      '--label',
      'By OpenSC',
      ...asUser,
    );
    await bench.must(
      'pkcs15-init',
      '--generate-key',
      'rsa/2048',
      '--id',
      '42',
      '--label',
      'OpenSC key',
      ...asUser,
    );
    const { objects } = await freshlyRead();
    expect(objects?.certificates.map(({ label: name }) => name).sort()).toEqual(['By OpenSC', 'Certificate']);
    expect(objects?.keys.map(({ label: name }) => name).sort()).toEqual(['OpenSC key', 'Signature']);
    await bench.must('pkcs15-init', '--delete-objects', 'privkey,pubkey', '--id', '42', ...asUser);
    expect((await freshlyRead()).objects?.keys.map(({ label: name }) => name)).toEqual(['Signature']);
  });
});

describe('a token that OpenSC has formatted and filled, in the hands of Kilt', () => {
  beforeAll(async () => {
    await start('formatted');
    await bench.must(
      'pkcs15-init',
      '--generate-key',
      'rsa/2048',
      '--id',
      '42',
      '--label',
      'My Key',
      ...asUser,
    );
    bench.write('note', 'some text');
    await bench.pkcs11(
      '--login',
      '--pin',
      userPin,
      ...'--write-object note --type data --label note --application-label app'.split(' '),
    );
  });
  afterAll(stop);

  it('shows the key and the data object', async () => {
    const { info, objects } = await freshlyRead();
    expect(info).toMatchObject({ serial: '3A5B7C1D', label: 'Rutoken ECP', model: 'Rutoken ECP' });
    expect(objects?.keys).toEqual([
      { id: '42', label: 'My Key', algorithm: 'rsa', bits: 2048, reference: 1, usage: ['sign'] },
    ]);
    expect(objects?.dataObjects).toEqual([
      { application: 'app', label: 'note', content: new Uint8Array(Buffer.from('some text')) },
    ]);
  });

  it('signs with the key of OpenSC', async () => {
    const data = new TextEncoder().encode('a payment order');
    const signed = await asUserOfKilt((session) => session.signSha256('42', data));
    await bench.must('pkcs15-tool', '--read-public-key', '42', '--output', 'public.pem');
    expect(verify('sha256', data, createPublicKey(bench.read('public.pem')), signed)).toBe(true);
  });

  it('takes keys, certificate and profile of Kilt beside it, and OpenSC sees all of them', async () => {
    await asUserOfKilt(async (session) => {
      await session.createPkcs15(label);
      const publicKey = await session.generateRsaKeyPair(signature);
      await session.storeCertificate({
        id: signature.id,
        label: 'Certificate',
        der: asDer(await certificateFor(publicKey, 'Kilt')),
      });
      await session.writeDataObject(profile);
    });
    const { stdout } = await bench.must('pkcs15-tool', '--dump');
    expect(stdout).toContain(`PKCS#15 Card [${label}]`);
    for (const part of [
      'Private RSA Key [My Key]',
      'Private RSA Key [Signature]',
      'X.509 Certificate [Certificate]',
    ]) {
      expect(stdout).toContain(part);
    }
    const { objects } = await readyToken();
    expect(objects?.dataObjects.map(({ label: name }) => name)).toEqual(['note', 'profile']);
  });
});

/** What Kilt knows after looking again: OpenSC's changes are not announced to anybody. */
async function freshlyRead(): Promise<Pick<KnownToken, 'info' | 'objects'>> {
  const { id } = await readyToken();
  return watch.withSession(id, async (session) => ({
    info: await session.info(),
    objects: await session.objects(),
  }));
}
