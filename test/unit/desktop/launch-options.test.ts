import { describe, expect, it } from 'vitest';
import { dangerousSwitch, dangerousSwitches, readLaunchOptions } from '#main/desktop/launch-options.ts';

const everything = {
  KILT_TRANSPORT: 'virtual-reader',
  KILT_VIRTUAL_READER_PORT: '40123',
  KILT_VIRTUAL_READER_SLOTS: '2',
  KILT_VIRTUAL_READER_NAME: 'Aktiv KAZTOKEN',
  KILT_USER_DATA: '/tmp/kilt-data',
  KILT_BANK_FILE: '/tmp/bank.json',
  ELECTRON_RENDERER_URL: 'http://localhost:5173',
};
const plain = {
  transport: 'pcsc',
  virtualReaderPort: 35_963,
  virtualReaderSlots: 1,
  virtualReaderName: undefined,
  userData: undefined,
  bankFile: undefined,
  browserHome: undefined,
  rendererUrl: undefined,
};
const unpackaged = (environment: Record<string, string | undefined>) =>
  readLaunchOptions({ packaged: false, environment });

describe('launch options', () => {
  it('a packaged program takes nothing from the environment, not even nonsense', () => {
    expect(readLaunchOptions({ packaged: true, environment: everything })).toEqual({
      packaged: true,
      ...plain,
    });
    expect(readLaunchOptions({ packaged: true, environment: { KILT_TRANSPORT: 'rubbish' } })).toEqual({
      packaged: true,
      ...plain,
    });
  });

  it('an unpackaged program takes all of it', () => {
    expect(unpackaged(everything)).toEqual({
      packaged: false,
      transport: 'virtual-reader',
      virtualReaderPort: 40_123,
      virtualReaderSlots: 2,
      virtualReaderName: 'Aktiv KAZTOKEN',
      userData: '/tmp/kilt-data',
      bankFile: '/tmp/bank.json',
      rendererUrl: 'http://localhost:5173',
    });
  });

  it('without anything set, real readers and the user’s own folder are used', () => {
    expect(unpackaged({ PATH: '/usr/bin' })).toEqual({ packaged: false, ...plain });
  });

  it('an empty variable counts as unset', () => {
    expect(unpackaged({ KILT_TRANSPORT: '', KILT_USER_DATA: '' })).toEqual({ packaged: false, ...plain });
  });

  it.each([
    ['KILT_TRANSPORT', 'PCSC'],
    ['KILT_VIRTUAL_READER_PORT', '0'],
    ['KILT_VIRTUAL_READER_SLOTS', '0'],
    ['KILT_VIRTUAL_READER_SLOTS', '5'],
    ['KILT_VIRTUAL_READER_NAME', 'x'.repeat(101)],
    ['KILT_VIRTUAL_READER_PORT', '65536'],
    ['KILT_VIRTUAL_READER_PORT', '0x10'],
    ['KILT_VIRTUAL_READER_PORT', '1e4'],
    ['KILT_USER_DATA', 'relative/folder'],
    ['KILT_BANK_FILE', 'bank.json'],
    ['ELECTRON_RENDERER_URL', 'https://evil.example'],
    ['ELECTRON_RENDERER_URL', 'http://localhost.evil.example:5173'],
    ['ELECTRON_RENDERER_URL', 'file:///etc/passwd'],
  ])('%s=%s is refused, and the message names the variable', (name, value) => {
    expect(() => unpackaged({ [name]: value })).toThrow(name);
  });
});

describe('dangerous switches', () => {
  it.each(dangerousSwitches)('--%s stops a packaged program and leaves an unpackaged one alone', (name) => {
    const hasSwitch = (asked: string) => asked === name;
    expect(dangerousSwitch({ packaged: true, hasSwitch })).toBe(name);
    expect(dangerousSwitch({ packaged: false, hasSwitch })).toBeUndefined();
  });

  it('an ordinary start is let through', () => {
    expect(dangerousSwitch({ packaged: true, hasSwitch: () => false })).toBeUndefined();
  });

  it('remote debugging by port and by pipe are both on the list', () => {
    expect(dangerousSwitches).toEqual(
      expect.arrayContaining(['remote-debugging-port', 'remote-debugging-pipe', 'no-sandbox']),
    );
  });
});
