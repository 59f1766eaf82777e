import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { VirtualCard } from '#test/virtual-token/card.ts';
import type { CardState } from '#test/virtual-token/card-state.ts';

import { OpenscBench } from './opensc-bench.ts';

const SO_PIN = '87654321';
const USER_PIN = '12345678';
const LABEL = 'MyToken';
const SERIAL = '3A5B7C1D';

const asUser = ['--auth-id', '02', '--pin', USER_PIN];
const withBothPins = ['--pin', USER_PIN, '--so-pin', SO_PIN];

/** TokenInfo differs in its time stamp; everything else must be equal. */
function withoutTimeStamp(state: CardState): unknown {
  return JSON.parse(JSON.stringify(state), (_key, value: unknown) =>
    value !== null && typeof value === 'object' && 'id' in value && value.id === 0x5032 && 'content' in value
      ? {
          ...value,
          content: Buffer.from(String(value.content), 'base64')
            .toString('latin1')
            .replace(/\d{14}Z/, ''),
        }
      : value,
  );
}

describe.each(['rutoken', 'kaztoken'] as const)(
  'OpenSC 0.23 takes the virtual token with the ATR of %s for a real one',
  (atr) => {
    let bench: OpenscBench;
    beforeAll(async () => {
      bench = await OpenscBench.start(['--profile', 'default-pins', '--atr', atr, '--serial', SERIAL]);
    });
    afterAll(async () => {
      await bench.stop();
    });

    const verifyPin = (reference: '01' | '02', pin: string) =>
      bench.run('pkcs15-tool', '--verify-pin', '--auth-id', reference, '--pin', pin);

    it('names the card and prints its serial number', async () => {
      const { output } = await bench.must('opensc-tool', '--name');
      expect(output).toContain(atr === 'rutoken' ? 'Rutoken ECP' : 'Kaztoken');
      const { stdout } = await bench.must('opensc-tool', '--serial');
      expect(stdout).toContain('00 00 00 00 3A 5B 7C 1D');
    });

    it('lists all 16 files of the vendor’s tree, PINs included', async () => {
      const { stdout } = await bench.must('opensc-tool', '--list-files');
      expect(stdout.match(/ type: /g)).toHaveLength(16);
      expect(stdout).toContain('3f0010001001' + '8002');
      expect(stdout).toContain('3f000002');
    });

    it('erases and formats it, exactly to the profile "formatted"', async () => {
      await bench.must('pkcs15-init', '--erase-card');
      expect(bench.state()).toMatchObject({ root: null, phase: 'initialising' });
      await bench.must(
        'pkcs15-init',
        '--create-pkcs15',
        '--so-pin',
        SO_PIN,
        '--so-puk',
        '',
        '--label',
        LABEL,
      );
      const pin = ['--label', 'User PIN', ...asUser, '--puk', '', '--so-pin', SO_PIN];
      await bench.must('pkcs15-init', '--store-pin', ...pin, '--finalize');
      const ours = VirtualCard.create({ profile: 'formatted', atr, serial: SERIAL, label: LABEL }).snapshot();
      expect(withoutTimeStamp(bench.state())).toEqual(withoutTimeStamp(ours));
    });

    it('makes an RSA-2048 key pair', async () => {
      await bench.must(
        'pkcs15-init',
        ...['--generate-key', 'rsa/2048', '--id', '42', '--label', 'My Key', '--key-usage', 'sign,decrypt'],
        ...['--auth-id', '02', ...withBothPins],
      );
      const { stdout } = await bench.must('pkcs15-tool', '--dump');
      expect(stdout).toContain(`PKCS#15 Card [${LABEL}]`);
      expect(stdout).toMatch(/Private RSA Key \[My Key\][^]*ModLength +: 2048[^]*Native +: yes/);
    });

    it('signs with the key, and OpenSSL verifies the signature', async () => {
      await bench.must('pkcs15-tool', '--read-public-key', '42', '--output', bench.path('public.pem'));
      const digest = createHash('sha256').update('to be signed').digest();
      bench.write('digest', digest);
      await bench.must(
        'pkcs15-crypt',
        ...['--sign', '--pkcs1', '--sha-256', '--input', 'digest', '--output', 'signature', '--key', '42'],
        ...['--pin', USER_PIN, '--raw'],
      );
      const verify = ['-verify', '-pubin', '-inkey', 'public.pem', '-in', 'digest', '-sigfile', 'signature'];
      const { output } = await bench.must('openssl', 'pkeyutl', ...verify, '-pkeyopt', 'digest:sha256');
      expect(output).toContain('Signature Verified Successfully');
    });

    it('deciphers what OpenSSL enciphered', async () => {
      bench.write('plain', 'a small secret');
      const encrypt = ['-encrypt', '-pubin', '-inkey', 'public.pem', '-in', 'plain', '-out', 'cryptogram'];
      await bench.must('openssl', 'pkeyutl', ...encrypt);
      await bench.must(
        'pkcs15-crypt',
        ...['--decipher', '--pkcs1', '--input', 'cryptogram', '--output', 'deciphered', '--key', '42'],
        ...['--pin', USER_PIN, '--raw'],
      );
      expect(bench.read('deciphered').toString()).toBe('a small secret');
    });

    it('imports a key, stores its certificate and gives it back', async () => {
      const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=Tester', '-days', '9'];
      await bench.must('openssl', ...request, '-keyout', 'imported.key', '-out', 'imported.pem');
      await bench.must(
        'pkcs15-init',
        ...['--store-private-key', 'imported.key', '--id', '43', '--label', 'imported', '--auth-id', '02'],
        ...withBothPins,
      );
      await bench.must(
        'pkcs15-init',
        '--store-certificate',
        'imported.pem',
        '--id',
        '43',
        '--label',
        'cert',
        ...asUser,
      );
      const { stdout } = await bench.must('pkcs15-tool', '--read-certificate', '43');
      expect(stdout.trim()).toBe(bench.read('imported.pem').toString().trim());
    });

    it('signs with the imported key', async () => {
      await bench.must(
        'pkcs15-crypt',
        ...['--sign', '--pkcs1', '--sha-256', '--input', 'digest', '--output', 'signature', '--key', '43'],
        ...['--pin', USER_PIN, '--raw'],
      );
      const verify = [
        '-verify',
        '-certin',
        '-inkey',
        'imported.pem',
        '-in',
        'digest',
        '-sigfile',
        'signature',
      ];
      await bench.must('openssl', 'pkeyutl', ...verify, '-pkeyopt', 'digest:sha256');
    });

    it('stores a data object and gives it back', async () => {
      bench.write('note', 'remember the milk');
      const data = ['--store-data', 'note', '--label', 'note', '--application-name', 'kilt'];
      await bench.must('pkcs15-init', ...data, ...asUser);
      const { stdout } = await bench.must(
        'pkcs15-tool',
        '--read-data-object',
        'note',
        '--raw',
        '--verify-pin',
        ...asUser,
      );
      expect(stdout).toContain('remember the milk');
    });

    it('works through PKCS#11: its own tests, a key pair, a signature, random bytes', async () => {
      const { output } = await bench.pkcs11('--login', '--pin', USER_PIN, '--test');
      expect(output).toContain('No errors');
      const pair = ['--keypairgen', '--key-type', 'rsa:1024', '--id', '51', '--label', 'p11'];
      await bench.pkcs11('--login', '--pin', USER_PIN, ...pair);
      const sign = ['--sign', '--mechanism', 'SHA256-RSA-PKCS', '--id', '51', '-i', 'note', '-o', 'note.sig'];
      await bench.pkcs11('--login', '--pin', USER_PIN, ...sign);
      await bench.must('pkcs15-tool', '--read-public-key', '51', '--output', bench.path('p11.pem'));
      const verify = ['dgst', '-sha256', '-verify', 'p11.pem', '-signature', 'note.sig', 'note'];
      expect((await bench.must('openssl', ...verify)).output).toContain('Verified OK');
      await bench.pkcs11('--generate-random', '32', '--output-file', 'random');
      expect(bench.read('random')).toHaveLength(32);
    });

    it('deletes keys, certificate and data object, and their memory is free again', async () => {
      const keysOf = (state: CardState) => JSON.stringify(state).match(/"rsa-private"/g)?.length ?? 0;
      expect(keysOf(bench.state())).toBe(3);
      await bench.must(
        'pkcs15-init',
        '--delete-objects',
        'privkey,pubkey,cert',
        '--id',
        '43',
        ...withBothPins,
      );
      const data = ['--delete-objects', 'data', '--application-name', 'kilt', '--label', 'note'];
      await bench.must('pkcs15-init', ...data, ...withBothPins);
      expect(keysOf(bench.state())).toBe(2);
      const { stdout } = await bench.must('pkcs15-tool', '--dump');
      expect(stdout).not.toContain('imported');
      expect(stdout).not.toContain('[note]');
    });

    it('changes the user PIN', async () => {
      await bench.must('pkcs15-tool', '--change-pin', ...asUser, '--new-pin', '11223344');
      await bench.loseRights();
      expect((await verifyPin('02', USER_PIN)).code).not.toBe(0);
      expect((await verifyPin('02', '11223344')).code).toBe(0);
      await bench.must(
        'pkcs15-tool',
        '--change-pin',
        '--auth-id',
        '02',
        '--pin',
        '11223344',
        '--new-pin',
        USER_PIN,
      );
    });

    it('meets a wrong PIN down to the block, and the right PIN is refused then', async () => {
      await bench.loseRights();
      for (let i = 0; i < 5; i++) expect((await verifyPin('02', '99999999')).code).not.toBe(0);
      expect((await verifyPin('02', USER_PIN)).output).toContain('blocked');
      expect(bench.statusWordsOf('PIN-STATUS user').slice(-5)).toEqual([
        '63C4',
        '63C3',
        '63C2',
        '63C1',
        '6983',
      ]);
    });

    it('does not unblock without the administrator', async () => {
      await bench.loseRights();
      const unblock = ['--unblock-pin', '--auth-id', '02', '--puk', SO_PIN, '--new-pin', USER_PIN];
      expect((await bench.run('pkcs15-tool', ...unblock)).code).not.toBe(0);
      expect(bench.statusWordsOf('UNBLOCK').at(-1)).toBe('6982');
    });

    it('unblocks once the administrator is logged in', async () => {
      await bench.keepPower();
      await bench.must('pkcs15-tool', '--verify-pin', '--auth-id', '01', '--pin', SO_PIN);
      const unblock = ['--unblock-pin', '--auth-id', '02', '--puk', SO_PIN, '--new-pin', USER_PIN];
      await bench.must('pkcs15-tool', ...unblock);
      await bench.letPowerGo();
      await bench.loseRights();
      expect((await verifyPin('02', USER_PIN)).code).toBe(0);
    });

    it('sets the user PIN as administrator through PKCS#11', async () => {
      const initPin = [
        '--login',
        '--login-type',
        'so',
        '--so-pin',
        SO_PIN,
        '--init-pin',
        '--new-pin',
        '55667788',
      ];
      await bench.pkcs11(...initPin);
      await bench.loseRights();
      expect((await verifyPin('02', '55667788')).code).toBe(0);
    });

    it('left no PIN in the trace', () => {
      const trace = bench.traceText();
      for (const pin of [USER_PIN, SO_PIN, '55667788', '11223344', '99999999'])
        expect(trace.toUpperCase()).not.toContain(Buffer.from(pin).toString('hex').toUpperCase());
    });
  },
);
