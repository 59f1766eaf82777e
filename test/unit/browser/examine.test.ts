import { describe, expect, it } from 'vitest';
import { examine, type Findings } from '#main/browser/doctor/examine.ts';

const well: Findings = {
  settings: { browserExtension: true, loopback: true },
  fromInside: true,
  listening: true,
  connections: 1,
  browsers: [
    { browser: 'chromium', state: 'installed' },
    { browser: 'edge', state: 'no-browser' },
  ],
  server: 'ours',
  trusted: true,
  sites: 1,
};
const faults = (changes: Partial<Findings>) =>
  examine({ ...well, ...changes }).filter(({ state }) => state !== 'ok');

describe('the connection doctor', () => {
  it('finds every link in order where all is well, and leaves out browsers that are not here', () => {
    const links = examine(well);
    expect(links.map(({ link }) => link)).toEqual([
      'extension-on',
      'extension-listening',
      'browser',
      'extension-seen',
      'loopback-on',
      'loopback-answers',
      'loopback-trusted',
      'sites-allowed',
    ]);
    expect(faults({})).toEqual([]);
  });

  it.each([
    [{ listening: false }, 'extension-listening', 'fails', 'not-listening', true],
    [{ browsers: [{ browser: 'chrome', state: 'missing' }] }, 'browser', 'fails', 'host-missing', true],
    [{ browsers: [{ browser: 'chrome', state: 'wrong' }] }, 'browser', 'fails', 'host-wrong', true],
    [
      { browsers: [{ browser: 'firefox', state: 'program-missing' }] },
      'browser',
      'fails',
      'host-program-missing',
      true,
    ],
    [{ browsers: [] }, 'browsers', 'unknown', 'no-browsers', false],
    [{ connections: 0 }, 'extension-seen', 'unknown', 'extension-not-seen', false],
    [{ server: 'foreign' }, 'loopback-answers', 'fails', 'port-taken', true],
    [{ server: 'silent' }, 'loopback-answers', 'fails', 'silent', true],
    [{ trusted: false }, 'loopback-trusted', 'fails', 'not-trusted', true],
    [{ trusted: undefined }, 'loopback-trusted', 'unknown', 'trust-unknown', false],
    [{ sites: 0 }, 'sites-allowed', 'unknown', 'no-sites', false],
  ] as const)('%j breaks one link and no other', (changes, link, state, reason, repairable) => {
    expect(faults(changes)).toMatchObject([{ link, state, reason, repairable }]);
    expect(faults(changes)).toHaveLength(1);
  });

  it('takes a way that the user has switched off for no fault, and asks no further on it', () => {
    expect(faults({ settings: { browserExtension: false, loopback: false }, server: 'silent' })).toEqual([
      { link: 'extension-on', state: 'off', reason: 'switched-off', repairable: true },
      { link: 'loopback-on', state: 'off', reason: 'switched-off', repairable: true },
    ]);
  });

  it('from outside says that Kilt does not run, and offers to repair nothing', () => {
    const links = faults({
      fromInside: false,
      connections: undefined,
      listening: false,
      server: 'silent',
      trusted: false,
    });
    expect(links.map(({ reason }) => reason)).toEqual(['kilt-off', 'kilt-off', 'not-trusted']);
    expect(links.some(({ repairable }) => repairable)).toBe(false);
  });
});
