import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { connect, type PeerCertificate } from 'node:tls';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KiltError } from '#shared/errors.ts';
import { LoopbackSwitch, type LoopbackSwitchOptions } from '#main/browser/loopback/loopback-switch.ts';
import { openDatabase, type KiltDatabase } from '#main/store/database.ts';
import { SettingsStore } from '#main/store/settings.ts';
import { freePort } from '#test/support/free-port.ts';

let dataFolder: string;
let databases: KiltDatabase[];
let switches: LoopbackSwitch[];
let ports: { own: number; ncalayer: number };
/** What the browsers were told. */
let told: string[];
let trustFails: boolean;

beforeEach(async () => {
  dataFolder = mkdtempSync(path.join(tmpdir(), 'kilt-switch-'));
  databases = [];
  switches = [];
  ports = { own: await freePort(), ncalayer: await freePort() };
  told = [];
  trustFails = false;
});
afterEach(async () => {
  for (const one of switches) await one.stop();
  for (const database of databases) database.close();
  rmSync(dataFolder, { recursive: true });
});

/** As one program has it: a connection to the database of its own. */
function open(options: Partial<LoopbackSwitchOptions> = {}): LoopbackSwitch {
  const database = openDatabase(dataFolder);
  databases.push(database);
  const tell = async (what: string): Promise<void> => {
    told.push(what);
    if (trustFails) throw new KiltError('browser-trust-failed', { reason: 'certutil' });
  };
  const made = new LoopbackSwitch({
    dataFolder,
    settings: new SettingsStore(database),
    door: { ask: async () => ({ outcome: 'refused', reason: 'unsupported' }) },
    origins: { allowLoopback: false },
    now: () => new Date(),
    ports,
    trust: {
      install: () => tell('trust'),
      remove: () => tell('distrust'),
      isInstalled: async () => true,
    },
    ...options,
  });
  switches.push(made);
  return made;
}
const openWindow = (): LoopbackSwitch => open();
const openCommandLine = (): LoopbackSwitch => open({ serves: false });
const key = (): string => path.join(dataFolder, 'loopback/server.key');

/** The certificate that is shown at a port; none: nobody listens there. */
async function shownAt(port: number): Promise<PeerCertificate | undefined> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect');
    return socket.getPeerCertificate();
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

describe('the switch of the server on this computer', () => {
  it('makes a key, has the browsers trust it and serves; switched off, it leaves none of the three', async () => {
    const window = openWindow();
    expect(await window.change(true, 'own')).toMatchObject({ on: true, running: true, number: ports.own });
    expect(existsSync(key())).toBe(true);
    expect(await shownAt(ports.own)).toBeDefined();
    expect(await window.change(false, 'own')).toMatchObject({ on: false, running: false });
    expect(existsSync(key())).toBe(false);
    expect(await shownAt(ports.own)).toBeUndefined();
    expect(told).toEqual(['trust', 'distrust']);
  });

  it('starts again with the same key, about which the browsers need not be told', async () => {
    const first = openWindow();
    await first.change(true, 'own');
    const before = await shownAt(ports.own);
    await first.stop();
    const second = openWindow();
    expect(await second.start()).toMatchObject({ running: true });
    expect((await shownAt(ports.own))?.fingerprint256).toBe(before?.fingerprint256);
    expect(told).toEqual(['trust']);
  });

  it('serves all the same, and says so, when the browsers could not be told', async () => {
    trustFails = true;
    const view = await openWindow().change(true, 'own');
    expect(view).toMatchObject({ running: true, problem: 'not-trusted' });
    expect(await shownAt(ports.own)).toBeDefined();
  });

  it('does not start what is switched off', async () => {
    expect(await openWindow().start()).toMatchObject({ on: false, running: false });
    expect(existsSync(key())).toBe(false);
  });

  it('says that another program has the port, and serves on the other one', async () => {
    const other = createServer().listen(ports.ncalayer, '127.0.0.1');
    await once(other, 'listening');
    const window = openWindow();
    expect(await window.change(true, 'ncalayer')).toMatchObject({ running: false, problem: 'port-taken' });
    const served = await window.change(true, 'own');
    expect(served).toMatchObject({ running: true, number: ports.own });
    expect(served.problem).toBeUndefined();
    other.close();
  });
});

describe('what the command line has changed, in a window that is open', () => {
  it('is served at once, moved to another port and switched off', async () => {
    const [window, commandLine] = [openWindow(), openCommandLine()];
    await window.start();
    await commandLine.change(true, 'own');
    expect(await shownAt(ports.own)).toBeUndefined();
    expect(await window.follow()).toMatchObject({ running: true, number: ports.own });
    expect(await shownAt(ports.own)).toBeDefined();
    await commandLine.change(true, 'ncalayer');
    expect(await window.follow()).toMatchObject({ running: true, number: ports.ncalayer });
    expect(await shownAt(ports.own)).toBeUndefined();
    await commandLine.change(false, 'ncalayer');
    expect(await window.follow()).toMatchObject({ on: false, running: false });
    expect(await shownAt(ports.ncalayer)).toBeUndefined();
    expect(told).toEqual(['trust', 'distrust']);
  });

  it('is not served with a key that the browsers were told to forget', async () => {
    const [window, commandLine] = [openWindow(), openCommandLine()];
    await window.change(true, 'own');
    const before = await shownAt(ports.own);
    // Off and on between two looks of the window.
    await commandLine.change(false, 'own');
    await commandLine.change(true, 'own');
    await window.follow();
    const after = await shownAt(ports.own);
    expect(after).toBeDefined();
    expect(after?.fingerprint256).not.toBe(before?.fingerprint256);
  });

  it('leaves a server alone that nothing was changed about', async () => {
    const window = openWindow();
    await window.change(true, 'own');
    const socket = connect({ host: '127.0.0.1', port: ports.own, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    await window.follow();
    expect(socket.closed).toBe(false);
    socket.destroy();
  });

  it('finds the key there as soon as the setting says on', async () => {
    const keyWasThere: boolean[] = [];
    const database = openDatabase(dataFolder);
    databases.push(database);
    const settings = new SettingsStore(database);
    const commandLine = open({
      serves: false,
      settings: {
        get: () => settings.get(),
        change: (changes) => {
          keyWasThere.push(existsSync(key()));
          return settings.change(changes);
        },
      },
    });
    await commandLine.change(true, 'own');
    expect(keyWasThere).toEqual([true]);
  });
});
