import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createTranslator } from '#shared/texts/i18n.ts';
import { texts } from '#shared/texts/index.ts';
import type { Language } from '#shared/views.ts';
import { openDatabase } from '#main/store/database.ts';
import { SettingsStore } from '#main/store/settings.ts';
import { writeAdmission } from '#test/bank/admission.ts';
import { startBank, type RunningBank } from '#test/bank/start-bank.ts';
import { eventually } from '#test/support/eventually.ts';
import { freePort } from '#test/support/free-port.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { chosenPassword, factoryPin, newCard } from '#test/support/world.ts';
import { VpcdClient } from '#test/virtual-token/vpcd-client.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { fromStandardInput, runKilt, type KiltRun } from './kilt-program.ts';

const languages = ['ru', 'kk', 'en'] as const satisfies readonly Language[];
/** «не» is Kazakh too: «what». */
const foreignLetters: Readonly<Record<Language, RegExp>> = {
  ru: /[әғқңөұүһі]/i,
  kk: /(?:^|\s)(?:и|нет|на|для|токена|введите)(?:\s|$)/i,
  en: /\p{Script=Cyrillic}/u,
};

/** What `--help` shows of a command and of all below it. */
const helpPages = (command: Command): readonly string[] => [
  command.helpInformation(),
  ...command.commands.flatMap(helpPages),
];

interface Customer {
  readonly userId: string;
  readonly keyFile: string;
  readonly otpPin: string;
  readonly keyFilePassword: string;
}

let folder: string;
let bank: RunningBank;
let card: WatchedCard;
let reader: VpcdClient;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-cli-'));
  bank = await startBank({ dataDir: path.join(folder, 'bank') });
});
afterAll(async () => {
  await bank.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  const port = await freePort();
  environment = {
    KILT_TRANSPORT: 'virtual-reader',
    KILT_VIRTUAL_READER_PORT: String(port),
    KILT_USER_DATA: mkdtempSync(path.join(folder, 'data-')),
    KILT_BANK_FILE: bank.bankFile,
  };
  card = newCard({ serial: '3A5B7C1D' });
  reader = new VpcdClient({ port });
  await reader.insert(card);
});
afterEach(() => reader.stop());

const kilt = (args: readonly string[], ...lines: string[]): Promise<KiltRun> =>
  runKilt(args, { environment, lines });

async function admit(order: Parameters<RunningBank['admit']>[0] = {}): Promise<Customer> {
  const admission = await bank.admit(order);
  const [otpPin, keyFilePassword] = [admission.pin, admission.keyFilePassword].map((secret) =>
    Buffer.from(secret).toString(),
  );
  const home = mkdtempSync(path.join(folder, 'customer-'));
  writeAdmission(admission, home);
  return {
    userId: admission.userId,
    keyFile: path.join(home, 'Key.pfx'),
    otpPin: otpPin ?? '',
    keyFilePassword: keyFilePassword ?? '',
  };
}

const registerAs = ({ userId, keyFile }: Customer, ...more: string[]): string[] => [
  'register',
  ...['--user-id', userId, '--key-file', keyFile],
  ...more,
];
const registered = (customer: Customer, ...more: string[]): Promise<KiltRun> =>
  kilt([...registerAs(customer, ...fromStandardInput), ...more], factoryPin, customer.otpPin, chosenPassword);

/** A refusal: exit code 1, one JSON value, nothing tried. */
function expectRefusal(run: KiltRun, error: object, { verifies = 0 } = {}): void {
  expect(run.json()).toMatchObject({ error });
  expect(run.code).toBe(1);
  expect(card.verifies).toBe(verifies);
  expect(card.keyFiles().privateKeys).toBe(0);
}

describe('the command line with --json', () => {
  it('lists the tokens', async () => {
    const run = await kilt(['tokens', '--json']);
    expect(run.json()).toMatchObject({
      presence: 'ready',
      transport: 'virtual-reader',
      tokens: [{ serial: '3A5B7C1D', kind: 'empty', label: null, userPin: { attemptsLeft: 10 } }],
    });
    expect(run.code).toBe(0);
    expect(card.verifies).toBe(0);
  });

  it('registers, shows what is on the token then, and signs in; no secret is in what it says or writes', async () => {
    const customer = await admit({ name: 'Айгерим Сапарова' });
    const registration = await registered(customer, '--json');
    expect(registration.json()).toMatchObject({
      registered: true,
      registration: { state: 'finished', userId: customer.userId },
      token: { kind: 'registered', label: customer.userId },
    });
    expect(registration.code).toBe(0);

    const info = await kilt(['info', '--json']);
    expect(info.json()).toMatchObject({
      kind: 'registered',
      info: { serial: '3A5B7C1D', totalMemory: expect.any(Number) },
      keys: [
        { id: '01', bits: 2048 },
        { id: '02', bits: 2048 },
      ],
      certificates: [{ purpose: 'signature' }, { purpose: 'sign-in' }],
      dataObjects: [{ application: 'Kilt', label: 'profile' }],
    });

    const signIn = await kilt(['sign-in', '--json', '--pin-fd', '0'], chosenPassword);
    expect(signIn.json()).toMatchObject({
      signedIn: true,
      home: { customerName: 'Айгерим Сапарова' },
      pageUrl: expect.stringMatching(/^https:\/\//),
    });
    expect(signIn.code).toBe(0);

    const said = [registration, info, signIn].map(({ stdout, stderr }) => stdout + stderr).join('');
    const written = readFileSync(path.join(environment['KILT_USER_DATA'] ?? '', 'kilt.db')).toString(
      'latin1',
    );
    for (const secret of [chosenPassword, customer.otpPin]) {
      expect(said).not.toContain(secret);
      expect(written).not.toContain(secret);
    }
  });

  it('has nothing to do when the same profile is asked for again, and adds no other to the same token unless told to', async () => {
    const [customer, other] = [await admit(), await admit()];
    await registered(customer);
    const verifies = card.verifies;
    const again = await registered(customer, '--json');
    expect(again.json()).toMatchObject({
      registered: true,
      token: { profiles: [{ userId: customer.userId }] },
    });
    expect(again.code).toBe(0);
    const refused = await registered(other, '--json');
    const data = { problem: 'holds-profiles', known: customer.userId };
    expect(refused.json()).toMatchObject({ error: { id: 'input-invalid', data } });
    expect(refused.code).toBe(1);
    expect(card.verifies).toBe(verifies);
  });

  it('tells how many tries a wrong PIN has left, after exactly one', async () => {
    const customer = await admit();
    const run = await kilt(
      registerAs(customer, '--json', ...fromStandardInput),
      '87654321',
      customer.otpPin,
      chosenPassword,
    );
    expectRefusal(run, { id: 'wrong-pin', code: '0100020', data: { attemptsLeft: 9 } }, { verifies: 1 });
  });

  it('spends no try on a PIN that is too short to be right', async () => {
    const run = await kilt(registerAs(await admit(), '--json', '--pin-fd', '0'), '1234');
    expectRefusal(run, { id: 'input-invalid', data: { problem: 'pin-too-short' } });
  });

  it('refuses a key file whose password is wrong with 0200040 and the manual’s check list', async () => {
    const customer = await admit({ pfxPassword: 'separate' });
    const args = registerAs(customer, '--json', ...fromStandardInput, '--key-file-password-fd', '0');
    const run = await kilt(args, factoryPin, customer.otpPin, 'WRONGWRONG1', chosenPassword);
    expectRefusal(run, { code: '0200040', checks: { length: 4 } }, { verifies: 1 });

    const right = await kilt(args, factoryPin, customer.otpPin, customer.keyFilePassword, chosenPassword);
    expect(right.json()).toMatchObject({ registered: true });
  });

  it('refuses a new password that breaks the rules before anything is changed', async () => {
    const customer = await admit();
    const run = await kilt(
      registerAs(customer, '--json', ...fromStandardInput),
      factoryPin,
      customer.otpPin,
      'qwerty123',
    );
    expectRefusal(run, { data: { problem: 'weak-password' } }, { verifies: 1 });
    expect((await kilt(['tokens', '--json'])).json()).toMatchObject({ tokens: [{ kind: 'empty' }] });
  });

  it.each([
    ['a bank that it does not know', ['--bank', 'other-bank'], 'unknown-bank'],
    ['a missing key file', ['--user-id', 'qq111111_demo'], 'missing'],
    ['a missing user ID', ['--key-file', 'Key.pfx'], 'missing'],
    ['a token that is not there', ['--token', 'FFFFFFFF'], 'no-such-token'],
    ['a descriptor that is not open', [...completeOptions(), '--pin-fd', '99'], 'unreadable-descriptor'],
    ['a descriptor without a line', [...completeOptions(), '--pin-fd', '0'], 'no-line'],
    ['neither descriptor nor terminal', completeOptions(), 'no-terminal'],
  ])('names what is wrong with a command: %s', async (_, options, problem) => {
    const run = await kilt(['register', '--json', ...options]);
    expectRefusal(run, {
      id: 'input-invalid',
      data: { problem },
      problem: expect.stringMatching(/^\P{Script=Latin}.*\.$/u),
    });
  });

  it('says which option would have given the secret that it can not ask for', async () => {
    const run = await kilt(['register', ...completeOptions(), '--language', 'en']);
    expect(run.stderr).toContain(
      '“Token password” can not be asked for: there is no terminal. Give it as a line through --pin-fd.',
    );
    expect(run.code).toBe(1);
  });

  it('takes a line that is too long for no secret, and its rest for no other', async () => {
    const run = await kilt(
      registerAs(await admit(), '--json', ...fromStandardInput),
      'x'.repeat(300),
      factoryPin,
      chosenPassword,
    );
    expectRefusal(run, { data: { problem: 'secret-too-long' } });
  });

  it.each([
    ['an unknown command', ['format-everything']],
    ['an unknown option', ['tokens', '--fast']],
    ['a PIN among the arguments', ['sign-in', '--pin', chosenPassword]],
    ['a number that is none', ['tokens', '--wait', 'long']],
    ['a language that nobody speaks here', ['tokens', '--language', 'fr']],
  ])('ends with 64 for wrong usage: %s', async (_, args) => {
    const run = await kilt([...args, '--json']);
    expect(run.json()).toMatchObject({ error: { id: 'input-invalid', data: { problem: 'usage' } } });
    expect(run.code).toBe(64);
    expect(run.stdout).not.toContain(chosenPassword);
  });

  it('ends with 1 and says why when there is no token', async () => {
    await reader.eject();
    const run = await kilt(['info', '--wait', '0', '--json']);
    expect(run.json()).toMatchObject({ error: { id: 'token-removed', code: '0100010' } });
    expect(run.code).toBe(1);
    expect((await kilt(['tokens', '--wait', '0', '--json'])).json()).toMatchObject({
      presence: 'no-token',
      tokens: [],
    });
  });

  it('ends with 1 when its data can not be kept, and when the bank file is wrong', async () => {
    const file = path.join(folder, 'not-a-folder');
    writeFileSync(file, 'not JSON');
    const noFolder = await kilt(['tokens', '--json', '--data-folder', file]);
    expect(noFolder.json()).toMatchObject({ error: { id: 'storage-failed' } });
    const noBank = await kilt(['tokens', '--json', '--bank-file', file]);
    expect(noBank.json()).toMatchObject({ error: { id: 'bank-file-invalid' } });
    expect([noFolder.code, noBank.code]).toEqual([1, 1]);
  });

  it('ends with 70 for a defect of its own, without showing what it was about', async () => {
    const broken = 'Array.prototype.every=()=>{throw new Error("canary-4711")}';
    environment['NODE_OPTIONS'] = `--import data:text/javascript,${encodeURIComponent(broken)}`;
    const run = await kilt(['tokens', '--json']);
    expect(run.json()).toMatchObject({ error: { id: 'internal', code: '0500099' } });
    expect(run.code).toBe(70);
    expect(run.stdout + run.stderr).not.toContain('canary-4711');
  });
});

describe.each(languages)('the command line for people, in %s', (language) => {
  const words = texts[language];
  const inLanguage = ['--language', language];

  it('lists the tokens as the picker does', async () => {
    const run = await kilt(['tokens', ...inLanguage]);
    expect(run.stdout).toBe(
      `${words.picker.emptyToken} · № 3A5B7C1D · ${words.conditions.empty.state}\n`.replace(
        '№',
        language === 'en' ? 'No.' : '№',
      ),
    );
    await reader.eject();
    const none = await kilt(['tokens', '--wait', '0', ...inLanguage]);
    expect(none.stdout).toBe(`${words.conditions['no-token'].state}\n${words.conditions['no-token'].next}\n`);
  });

  it('tells each step of a registration, its end, and the bank that is signed in to', async () => {
    const customer = await admit({ name: 'Customer' });
    const registration = await registered(customer, ...inLanguage);
    const steps = Object.values(words.registration.steps).map((step) => `${step}…`);
    expect(registration.stderr.split('\n').filter((line) => line.endsWith('…'))).toEqual(steps);
    expect(registration.stdout).toBe(
      `${words.commandLine.registered.replace('{{label}}', customer.userId)}\n`,
    );
    expect(registration.stdout + registration.stderr).not.toMatch(foreignLetters[language]);

    const info = await kilt(['info', ...inLanguage]);
    expect(info.stdout).toContain(words.conditions.registered.state);
    expect(info.stdout).toContain(words.home.purpose['sign-in']);

    const signIn = await kilt(['sign-in', '--pin-fd', '0', ...inLanguage], chosenPassword);
    expect(signIn.stdout).toContain(words.home.title.replace('{{bank}}', bank.system.name[language]));
    expect(signIn.stderr).toBe('');
  });

  it('says that it goes on with an unfinished registration, and since when', async () => {
    const customer = await admit();
    environment['KILT_KILL_AT'] = 'sign-in-key-made:done';
    expect((await registered(customer)).signal).toBe('SIGKILL');
    delete environment['KILT_KILL_AT'];

    const signIn = await kilt(['sign-in', '--pin-fd', '0', ...inLanguage], chosenPassword);
    expect(signIn.stderr).toContain(words.errors.catalogue['registration-unfinished'].title);
    expect(signIn.code).toBe(1);

    const resumed = await registered(customer, ...inLanguage);
    const [first = ''] = resumed.stderr.split('\n');
    expect(first).toContain(customer.userId);
    expect(first).toContain(words.registration.steps['signature-certificate-received']);
    expect(resumed.code).toBe(0);
  });

  it('tells a failure in the words of the catalogue, with its code last', async () => {
    const customer = await admit();
    const run = await kilt(
      registerAs(customer, ...fromStandardInput, ...inLanguage),
      '87654321',
      customer.otpPin,
      chosenPassword,
    );
    const { title, next } = words.errors.catalogue['wrong-pin'];
    const lines = run.stderr.trim().split('\n');
    expect(lines[0]).toBe(title);
    expect(lines).toContain(next);
    expect(lines.at(-1)).toBe(words.errors.code.replace('{{code}}', '0100020'));
    expect(run.stdout).toBe('');
    expect(run.code).toBe(1);
  });

  it('explains itself: every command and option, nothing in another language', async () => {
    const help = await kilt(['register', '--help', ...inLanguage]);
    expect(help.code).toBe(0);
    expect(help.stdout.replace(/\s+/g, ' ')).toContain(words.commandLine.secretsHelp);
    expect(help.stdout).not.toMatch(foreignLetters[language]);

    const program = createProgram(createTranslator(language).t, async () => undefined);
    const pages = helpPages(program).join('\n');
    const flat = pages.replace(/\s+/g, ' ');
    const { commands, options } = words.commandLine;
    for (const description of [...Object.values(commands), ...Object.values(options)])
      expect(flat).toContain(description);
    expect(pages).not.toMatch(/choices:|default:|env:/);
    expect(pages).not.toMatch(foreignLetters[language]);
  });

  it('speaks the language of Kilt’s settings when none is named', async () => {
    const database = openDatabase(environment['KILT_USER_DATA'] ?? '');
    new SettingsStore(database).change({ language });
    database.close();
    expect((await kilt(['tokens'])).stdout).toContain(words.conditions.empty.state);
  });
});

describe('at a terminal', () => {
  it('asks for the password after telling how many tries are left, and shows none of it', async () => {
    await registered(await admit());
    const terminal = spawn(
      'script',
      [
        '--quiet',
        '--return',
        '--command',
        'node --import tsx src/cli/main.ts sign-in --language en',
        '/dev/null',
      ],
      { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'inherit'] },
    );
    onTestFinished(() => void terminal.kill('SIGKILL'));
    let shown = '';
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
    const ended = once(terminal, 'close') as Promise<[number | null]>;
    await eventually(() => shown.includes('Token password'), { what: 'the question' });
    expect(shown).toMatch(/10 password attempts left.*Token password/s);
    terminal.stdin.write(`${chosenPassword}\r`);
    const [code] = await ended;
    expect(shown).toContain('•');
    expect(shown).not.toContain(chosenPassword);
    expect(shown).toContain(texts.en.commandLine.page.replace('{{url}}', ''));
    expect(code).toBe(0);
  });
});

/** All that `register` needs but its secrets. The files need not be there: secrets come first. */
function completeOptions(): string[] {
  return ['--user-id', 'qq111111_demo', '--key-file', 'Key.pfx'];
}

it('leaves no data behind where it only shows its help', async () => {
  const nowhere = path.join(folder, 'never-made');
  await kilt(['--help']);
  await kilt(['tokens', '--data-folder', nowhere, '--fast']);
  expect(existsSync(nowhere)).toBe(false);
});
