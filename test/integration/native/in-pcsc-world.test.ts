import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../../scripts/in-pcsc-world.mjs', import.meta.url));

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly complaint: string;
}

async function inWorld(...args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, complaint, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, output: output.trim(), complaint };
}

describe('a private PC/SC world', () => {
  it('has a service with virtual readers when the command starts', async () => {
    const { code, output } = await inWorld('--', 'opensc-tool', '--list-readers');
    expect(output).toContain('Virtual PCD 00 00');
    expect(code).toBe(0);
  });

  it('has readers of the name that was asked for, and leaves the computer’s own configuration alone', async () => {
    const installed = await readFile('/etc/reader.conf.d/vpcd', 'utf8');
    const { code, output } = await inWorld(
      '--reader-name',
      'Aktiv KAZTOKEN',
      '--',
      'sh',
      '-c',
      'opensc-tool --list-readers; cat /etc/reader.conf.d/vpcd',
    );
    expect(output).toContain('Aktiv KAZTOKEN 00 00');
    expect(output).toContain('FRIENDLYNAME "Aktiv KAZTOKEN"');
    expect(output).not.toContain('Virtual PCD');
    expect(code).toBe(0);
    expect(await readFile('/etc/reader.conf.d/vpcd', 'utf8')).toBe(installed);
  });

  it('takes no reader name that pcscd would not', async () => {
    for (const name of ['', 'two\nlines', 'a "quoted" one', 'x'.repeat(101)]) {
      const { code, complaint } = await inWorld('--reader-name', name, '--', 'true');
      expect(complaint).toContain('--reader-name');
      expect(code).toBe(64);
    }
  });

  it('takes its readers away and puts them back for whoever runs in it', async () => {
    const order = (there: boolean) =>
      `node -e 'require("net").connect(process.env.KILT_PCSC_WORLD).on("data", (answer) => {
        process.stdout.write(answer); process.exit();
      }).write(JSON.stringify({ do: "readers", there: ${there} }) + "\\n")'`;
    const list = 'opensc-tool --list-readers 2>&1';
    const { output } = await inWorld(
      '--as-uid',
      '65534',
      '--',
      'sh',
      '-c',
      [order(false), list, order(true), list].join('; '),
    );
    expect(output).toMatch(
      /^\{"ok":true\}\nNo smart card readers found\.\n\{"ok":true\}\n[^]*Virtual PCD 00 00/,
    );
  });

  it('has a network of its own, with nothing but loopback', async () => {
    const { output } = await inWorld('--no-pcscd', '--', 'cat', '/proc/net/dev');
    expect(output.match(/^\s*\w+:/gm)?.map((line) => line.trim())).toEqual(['lo:']);
  });

  it('can be without a service', async () => {
    const { output } = await inWorld('--no-pcscd', '--', 'ls', '/run');
    expect(output).toBe('lock');
  });

  it('runs the command as an ordinary user, who reaches the service', async () => {
    const { code, output } = await inWorld(
      '--as-uid',
      '65534',
      '--',
      'sh',
      '-c',
      'id -u; opensc-tool --list-readers',
    );
    expect(output.split('\n')[0]).toBe('65534');
    expect(output).toContain('Virtual PCD 00 00');
    expect(code).toBe(0);
  });

  it('ends as the command ends, and takes its service along', async () => {
    expect((await inWorld('--', 'sh', '-c', 'exit 42')).code).toBe(42);
    expect((await inWorld('--no-pcscd', '--', 'sh', '-c', 'kill -TERM $$')).code).toBe(143);
    expect((await inWorld('--no-pcscd', '--', '/no/such/program')).code).toBe(127);
    const { output } = await inWorld('--', 'cat', '/run/pcscd/pcscd.pid');
    expect(() => process.kill(parseInt(output, 10), 0)).toThrow('ESRCH');
  });

  it('says why it can not be made, and ends with 77', async () => {
    const asNobody = spawn(
      'setpriv',
      ['--reuid=65534', '--clear-groups', 'sh', '-c', 'exec "$0" --input-type=module', process.execPath],
      {
        stdio: ['pipe', 'ignore', 'pipe'],
      },
    );
    // An ordinary user may not be able to enter the folder of the program, so it is handed over.
    asNobody.stdin.end(`process.argv.push('--', 'true');\n${await sourceOf(program)}`);
    const [complaint, [code]] = await Promise.all([
      text(asNobody.stderr),
      once(asNobody, 'exit') as Promise<[number]>,
    ]);
    expect(complaint).toContain('it needs root');
    expect(code).toBe(77);
  });

  it('explains its use when it is called without a command', async () => {
    const { code, complaint } = await inWorld('--as-uid', 'nobody', '--', 'true');
    expect(complaint).toContain('usage:');
    expect(code).toBe(64);
  });
});

async function sourceOf(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).replace(/^#!.*\n/, '');
}
