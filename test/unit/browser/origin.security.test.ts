import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOrigin, shownOrigin } from '#main/browser/origin.ts';

const shipped = { allowLoopback: false };
const unpackaged = { allowLoopback: true };

describe('a page that hides where it comes from is nobody', () => {
  it.each([
    ['no Origin at all', undefined],
    ['null, as sandboxed frames and files send it', 'null'],
    ['nothing', ''],
    ['something that is no text', 7],
    ['http', 'http://bank.kz'],
    ['another scheme', 'ftp://bank.kz'],
    ['an extension of a browser', 'chrome-extension://abcdefghijklmnop'],
    ['a file', 'file://'],
    ['a user name that looks like a bank', 'https://bank.kz@evil.com'],
    ['a user name and password', 'https://bank.kz:x@evil.com'],
    ['a path', 'https://bank.kz/'],
    ['a query', 'https://bank.kz?x'],
    ['upper case', 'https://BANK.kz'],
    ['letters that were not put into punycode', 'https://банк.kz'],
    ['the port that goes without saying', 'https://bank.kz:443'],
    ['a dot at the end', 'https://bank.kz.'],
    ['no dot', 'https://bank'],
    ['an address in numbers', 'https://93.184.216.34'],
    ['an address in one number', 'https://1572395042'],
    ['an IPv6 address', 'https://[2001:db8::1]'],
    ['two origins', 'https://bank.kz https://evil.com'],
    ['a line break', 'https://bank.kz\n'],
    ['a NUL', 'https://bank.kz\0.evil.com'],
    ['this computer', 'https://localhost'],
    ['this computer, by number', 'https://127.0.0.1:8443'],
    ['a name below this computer', 'https://bank.localhost'],
    ['a name longer than names are', `https://${'a'.repeat(63)}.${'b.'.repeat(120)}kz`],
  ])('%s', (_what, text) => {
    expect(readOrigin(text, shipped)).toBeUndefined();
  });

  it('what is not one origin, exactly as browsers write it, is never taken for one', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const origin = readOrigin(text, shipped);
        expect(origin === undefined || origin === new URL(text).origin).toBe(true);
      }),
    );
  });
});

describe('sites', () => {
  it.each(['https://bank.kz', 'https://online.bank.kz:8443', 'https://xn--80aaxitdbjk.xn--p1ai'])(
    '%s may ask',
    (text) => {
      expect(readOrigin(text, shipped)).toBe(text);
    },
  );

  it.each(['http://localhost:8080', 'https://127.0.0.1:8443', 'http://[::1]:8080', 'https://bank.kz'])(
    'in a build for developers %s may ask too',
    (text) => {
      expect(readOrigin(text, unpackaged)).toBe(text);
    },
  );

  it('http from elsewhere may not, there either', () => {
    expect(readOrigin('http://bank.kz', unpackaged)).toBeUndefined();
    expect(readOrigin('http://localhost.evil.com', unpackaged)).toBeUndefined();
  });

  it.each([
    ['a suffix', 'https://notbank.kz'],
    ['a prefix', 'https://bank.kz.evil.com'],
    ['another port', 'https://bank.kz:8443'],
    ['a name below', 'https://www.bank.kz'],
  ])('%s of a bank is another site', (_what, text) => {
    expect(readOrigin(text, shipped)).not.toBe(readOrigin('https://bank.kz', shipped));
  });
});

describe('a name that looks like another one', () => {
  const shown = (host: string) => {
    const origin = readOrigin(new URL(`https://${host}`).origin, shipped);
    if (!origin) throw new Error(`${host} is no site`);
    return shownOrigin(origin);
  };

  it('is shown in Latin letters, and its warning says that letters of several scripts are in it', () => {
    // The first letter is Cyrillic.
    expect(shown('\u0430pple.kz')).toEqual({
      ascii: 'https://xn--pple-43d.kz',
      letters: '\u0430pple.kz',
      warning: 'mixed-letters',
    });
  });

  it('of Cyrillic letters only says that it is not written in Latin ones', () => {
    // Every letter is Cyrillic, and together they look like the fruit.
    expect(shown('\u0430\u0440\u0440\u04cf\u0435.kz')).toMatchObject({ warning: 'other-letters' });
    expect(shown('банк.қаз')).toMatchObject({ warning: 'other-letters', letters: 'банк.қаз' });
  });

  it('in Latin letters needs no warning', () => {
    expect(shown('online.bank-1.kz')).toEqual({ ascii: 'https://online.bank-1.kz' });
  });
});
