import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostPlaces } from '#main/browser/extension/host-places.ts';
import { HostRegistration } from '#main/browser/extension/host-registration.ts';
import { chromiumExtensionId, firefoxExtensionId, nativeHostName } from '#shared/extension-constants.ts';

let home: string;
let dataFolder: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'kilt-home-'));
  dataFolder = path.join(home, '.config/kilt');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const onLinux = (executable = process.execPath): HostRegistration =>
  new HostRegistration({ dataFolder, home, platform: 'linux', command: { executable } });
const stateOf = async (registration: HostRegistration, browser: string): Promise<string | undefined> =>
  (await registration.look()).find((one) => one.browser === browser)?.state;
const chromiumManifest = (): string =>
  path.join(home, '.config/chromium/NativeMessagingHosts', `${nativeHostName}.json`);
const firefoxManifest = (): string =>
  path.join(home, '.mozilla/native-messaging-hosts', `${nativeHostName}.json`);
const haveChromium = (): void => void mkdirSync(path.join(home, '.config/chromium'), { recursive: true });

describe('telling browsers where Kilt’s host is', () => {
  it('writes nothing for a browser that this user does not have', async () => {
    haveChromium();
    await onLinux().install();
    expect(await stateOf(onLinux(), 'chromium')).toBe('installed');
    expect(await stateOf(onLinux(), 'firefox')).toBe('no-browser');
    expect(existsSync(path.join(home, '.mozilla'))).toBe(false);
  });

  it.each(['.mozilla/firefox', '.config/mozilla/firefox'])(
    'finds a Firefox that keeps its profiles in %s, and writes where every Firefox looks',
    async (profiles) => {
      mkdirSync(path.join(home, profiles), { recursive: true });
      await onLinux().install();
      expect(await stateOf(onLinux(), 'firefox')).toBe('installed');
      expect(JSON.parse(readFileSync(firefoxManifest(), 'utf8'))).toMatchObject({
        name: nativeHostName,
        type: 'stdio',
        allowed_extensions: [firefoxExtensionId],
      });
    },
  );

  it('lets Kilt’s own extension in and no other, and names a launcher that only this user may change', async () => {
    haveChromium();
    await onLinux().install();
    const manifest = JSON.parse(readFileSync(chromiumManifest(), 'utf8')) as Record<string, unknown>;
    expect(manifest['allowed_origins']).toEqual([`chrome-extension://${chromiumExtensionId}/`]);
    expect(statSync(manifest['path'] as string).mode & 0o777).toBe(0o700);
    expect(statSync(chromiumManifest()).mode & 0o777).toBe(0o600);
  });

  it('sees a manifest that somebody has changed, and puts it right', async () => {
    haveChromium();
    const registration = onLinux();
    await registration.install();
    const manifest = readFileSync(chromiumManifest(), 'utf8');
    writeFileSync(chromiumManifest(), manifest.replace(chromiumExtensionId, 'a'.repeat(32)));
    expect(await stateOf(registration, 'chromium')).toBe('wrong');
    await registration.install();
    expect(readFileSync(chromiumManifest(), 'utf8')).toBe(manifest);
  });

  it('sees that the program has gone, that the launcher can not be started, and that it names another program', async () => {
    haveChromium();
    const program = path.join(home, 'kilt');
    writeFileSync(program, '');
    const registration = onLinux(program);
    await registration.install();
    const launcher = path.join(dataFolder, 'browser-link/kilt-host.sh');
    chmodSync(launcher, 0o600);
    expect(await stateOf(registration, 'chromium')).toBe('program-missing');
    await registration.install();
    expect(await stateOf(registration, 'chromium')).toBe('installed');
    expect(await stateOf(onLinux('/opt/other/kilt'), 'chromium')).toBe('program-missing');
    rmSync(program);
    expect(await stateOf(registration, 'chromium')).toBe('program-missing');
  });

  it('takes away all that it has written, and nothing else', async () => {
    haveChromium();
    const others = path.join(home, '.config/chromium/NativeMessagingHosts/other.json');
    await onLinux().install();
    writeFileSync(others, '{}');
    await onLinux().remove();
    expect(await stateOf(onLinux(), 'chromium')).toBe('missing');
    expect(existsSync(path.join(dataFolder, 'browser-link/kilt-host.sh'))).toBe(false);
    expect(existsSync(others)).toBe(true);
  });

  it('refuses a path that a launcher could not hold safely', async () => {
    haveChromium();
    await expect(onLinux("/opt/it's/kilt").install()).rejects.toThrow(RangeError);
  });
});

describe('the places on Windows', () => {
  it('are keys of the user’s own part of the registry, which needs no administrator', () => {
    const places = hostPlaces('win32', { home: 'C:\\Users\\asel', dataFolder: 'C:\\Users\\asel\\Kilt' });
    expect(places.map(({ registryKey }) => registryKey)).toContain(
      `HKCU\\Software\\Google\\Chrome\\NativeMessagingHosts\\${nativeHostName}`,
    );
    for (const { registryKey } of places) expect(registryKey).toMatch(/^HKCU\\/);
  });
});
