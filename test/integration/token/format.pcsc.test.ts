import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import type { NewTokenLayout } from '#main/token/token-session.ts';
import { KiltSide } from '#test/integration/virtual-token/with-kilt/kilt-side.ts';
import { OpenscBench } from '#test/integration/virtual-token/opensc-bench.ts';
import { eventually } from '#test/support/eventually.ts';
import { bytesOf, storedFiles } from '#test/unit/token/virtual-token-world.ts';
import { TokenDesk } from './token-desk.ts';

const factoryPins = { user: '12345678', administrator: '87654321' } as const;
const chosen = { user: 'Tulpar7Asyq', administrator: 'Qalqan9Temir' } as const;
const policyByte = { administrator: '01', user: '02', both: '03' } as const;
const payment = 'a payment order';

const layout = (wanted: Partial<NewTokenLayout> = {}): NewTokenLayout => ({
  label: 'Branch 7',
  userPinChangedBy: 'both',
  userPin: secretFromText(chosen.user),
  administratorPin: secretFromText(chosen.administrator),
  userMinLength: 7,
  administratorMinLength: 9,
  userAttempts: 4,
  administratorAttempts: 6,
  ...wanted,
});

const asUser = ['--auth-id', '02', '--pin', chosen.user] as const;

let bench: OpenscBench;
let kilt: KiltSide;

async function start(profile: string, atr: string): Promise<void> {
  bench = await OpenscBench.start(['--profile', profile, '--atr', atr, '--serial', '3A5B7C1D']);
  kilt = new KiltSide();
  await kilt.start();
}

async function stop(): Promise<void> {
  await kilt.stop();
  await bench.stop();
}

/** As the control panel does with a half-formatted token. */
async function formatWithoutLogin(): Promise<void> {
  const desk = await TokenDesk.open();
  const found = (): string | undefined => desk.watch.tokens().find(({ state }) => state === 'ready')?.id;
  await eventually(() => found() !== undefined, { what: 'a token that is read' });
  await desk.watch.withSession(found() ?? '', (session) => session.format(layout()));
  await desk.close();
}

/** First bytes of the rules of both PIN files, as they lie in the token's memory. */
const pinRules = (): string[] =>
  storedFiles(bench.state()).flatMap(({ file }) =>
    file.type === 'pin' ? [bytesOf(file.access).slice(0, 16)] : [],
  );

describe.each(['kaztoken', 'rutoken'])(
  'a token that Kilt has formatted, in the hands of OpenSC (%s)',
  (atr) => {
    beforeAll(async () => {
      await start('default-pins', atr);
      await kilt.as('administrator', factoryPins.administrator, (session) => session.format(layout()));
    });
    afterAll(stop);

    it('is a fresh card with the name that was chosen, its serial number and both PINs', async () => {
      const { stdout } = await bench.must('pkcs15-tool', '--dump');
      expect(stdout).toContain('PKCS#15 Card [Branch 7]');
      expect(stdout).toMatch(/Serial number +: 000000003a5b7c1d/i);
      expect(stdout).toMatch(/PIN \[Security Officer PIN\][^]*?min_len:9, max_len:32[^]*?Reference +: 1 /);
      expect(stdout).toMatch(/PIN \[User PIN\][^]*?min_len:7, max_len:32[^]*?Reference +: 2 /);
      expect(stdout).not.toMatch(/Key \[|Certificate \[|Data object/);
    });

    it('has the rules that were chosen, and no initialisation phase any more', () => {
      expect(bench.state().phase).toBe('operational');
      expect(pinRules()).toEqual(['43ff0100000000ff', '43010300000000ff']);
    });

    it('takes both PINs, and no others', async () => {
      await bench.must('pkcs15-tool', '--verify-pin', ...asUser);
      await bench.must('pkcs15-tool', '--verify-pin', '--auth-id', '01', '--pin', chosen.administrator);
      const { code } = await bench.run('pkcs15-tool', '--verify-pin', '--auth-id', '02', '--pin', '12345678');
      expect(code).not.toBe(0);
      await bench.must('pkcs15-tool', '--verify-pin', ...asUser);
    });

    it('lets the user make a key with pkcs15-init, and signs with it', async () => {
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
      bench.write('message', payment);
      await bench.must('openssl', 'dgst', '-sha256', '-binary', '-out', 'digest', 'message');
      await bench.must(
        'pkcs15-crypt',
        ...['--sign', '--pkcs1', '--sha-256', '--key', '42', '--pin', chosen.user, '--raw'],
        ...['--input', 'digest', '--output', 'signature'],
      );
      await bench.must('pkcs15-tool', '--read-public-key', '42', '--output', 'public.pem');
      const check = ['dgst', '-sha256', '-verify', 'public.pem', '-signature', 'signature', 'message'];
      expect((await bench.must('openssl', ...check)).stdout).toContain('Verified OK');
    });

    it('lets the user log in through PKCS#11, and shows the key', async () => {
      const { stdout } = await bench.pkcs11('--login', '--pin', chosen.user, '--list-objects');
      expect(stdout).toMatch(/Private Key Object; RSA/);
      const { stdout: slots } = await bench.pkcs11('--list-token-slots');
      expect(slots).toMatch(/token label +: Branch 7 \(User PIN\)/);
      expect(slots).not.toMatch(/PIN (count low|final try|pin locked)/);
    });

    it('lets the administrator set another user PIN, and the user change it', async () => {
      await bench.pkcs11(
        ...[
          '--login',
          '--login-type',
          'so',
          '--so-pin',
          chosen.administrator,
          '--init-pin',
          '--pin',
          'Zhana5Kilt',
        ],
      );
      await bench.must(
        'pkcs15-tool',
        '--change-pin',
        '--auth-id',
        '02',
        '--pin',
        'Zhana5Kilt',
        '--new-pin',
        chosen.user,
      );
      await bench.must('pkcs15-tool', '--verify-pin', ...asUser);
    });

    it('shows in Kilt what OpenSC has put on it, and is formatted again', async () => {
      expect((await kilt.objects()).keys.map(({ label }) => label)).toEqual(['My Key']);
      await kilt.as('administrator', chosen.administrator, (session) =>
        session.format(layout({ label: '' })),
      );
      const { stdout } = await bench.must('pkcs15-tool', '--dump');
      expect(stdout).not.toContain('My Key');
      expect(stdout).toContain('PKCS#15 Card []');
      expect(await kilt.info()).toMatchObject({ label: null, layout: 'complete' });
    });
  },
);

describe('the policy that was chosen', () => {
  beforeAll(() => start('formatted', 'rutoken'));
  afterAll(stop);
  let administrator: string = factoryPins.administrator;

  it.each(['administrator', 'user', 'both'] as const)(
    'changed by: %s; it is in the rules of the PIN file, and OpenSC meets it',
    async (userPinChangedBy) => {
      await kilt.as('administrator', administrator, (session) =>
        session.format(layout({ userPinChangedBy })),
      );
      administrator = chosen.administrator;
      expect(pinRules()[1]).toBe(`4301${policyByte[userPinChangedBy]}00000000ff`);
      const change = ['--change-pin', ...asUser, '--new-pin', 'Zhana5Kilt'];
      const { code } = await bench.run('pkcs15-tool', ...change);
      expect(code === 0).toBe(userPinChangedBy !== 'administrator');
    },
  );
});

describe('a token that OpenSC formats', () => {
  const { administrator } = factoryPins;
  beforeAll(() => start('default-pins', 'rutoken'));
  afterAll(stop);

  it('is half-formatted for Kilt once it is erased', async () => {
    expect((await kilt.info()).layout).toBe('none');
    await bench.must('pkcs15-init', '--erase-card');
    expect(await kilt.info()).toMatchObject({
      serial: '3A5B7C1D',
      label: null,
      layout: 'half-formatted',
      userPin: { attemptsLeft: null, maxAttempts: null, blocked: false },
    });
  });

  it('still is without a user PIN', async () => {
    const application = ['--create-pkcs15', '--label', 'Bank', '--so-puk', '', '--so-pin', administrator];
    await bench.must('pkcs15-init', ...application);
    expect((await kilt.info()).layout).toBe('half-formatted');
  });

  it('is complete, with what OpenSC has put on it, afterwards', async () => {
    const pin = ['--auth-id', '02', '--pin', factoryPins.user, '--puk', '', '--so-pin', administrator];
    await bench.must('pkcs15-init', '--store-pin', '--label', 'User PIN', ...pin, '--finalize');
    expect(await kilt.info()).toMatchObject({
      serial: '3A5B7C1D',
      label: 'Bank',
      layout: 'complete',
      userPin: { attemptsLeft: 5, maxAttempts: 5, minLength: 4, blocked: false, changedBy: 'both' },
      administratorPin: {
        attemptsLeft: 10,
        maxAttempts: 10,
        minLength: 8,
        blocked: false,
        changedBy: 'administrator',
      },
    });
  });

  it('and erases again is made whole by Kilt, without any login', async () => {
    await bench.must('pkcs15-init', '--erase-card');
    await formatWithoutLogin();
    expect((await kilt.info()).layout).toBe('complete');
    await bench.must('pkcs15-tool', '--verify-pin', ...asUser);
  });
});
