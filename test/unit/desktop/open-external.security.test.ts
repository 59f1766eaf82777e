import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { externalAddress } from '#main/desktop/open-external.ts';

const origins = ['https://bank.kz', 'https://127.0.0.1:8443'];

describe('addresses for the browser', () => {
  it.each([
    ['https://bank.kz', 'https://bank.kz/'],
    ['https://bank.kz/cabinet?from=kilt#top', 'https://bank.kz/cabinet?from=kilt#top'],
    ['https://bank.kz:443/', 'https://bank.kz/'],
    ['HTTPS://BANK.KZ/A', 'https://bank.kz/A'],
    ['https://127.0.0.1:8443/', 'https://127.0.0.1:8443/'],
  ])('%s is opened as %s', (address, opened) => {
    expect(externalAddress(address, origins)).toBe(opened);
  });

  it.each([
    ['http', 'http://bank.kz/'],
    ['other port', 'https://bank.kz:8443/'],
    ['other port of the demo bank', 'https://127.0.0.1:8444/'],
    ['suffix', 'https://bank.kz.evil.com/'],
    ['prefix', 'https://notbank.kz/'],
    ['subdomain', 'https://www.bank.kz/'],
    ['user name', 'https://bank.kz@evil.com/'],
    ['user name at the bank', 'https://evil@bank.kz/'],
    ['password at the bank', 'https://a:b@bank.kz/'],
    ['trailing dot of the host', 'https://bank.kz./'],
    ['look-alike letters', 'https://bаnk.kz/'],
    ['script', 'javascript:alert(1)//https://bank.kz/'],
    ['file', 'file:///C:/Windows/System32/calc.exe'],
    ['network share', '\\\\bank.kz\\share'],
    ['system protocol', 'ms-msdt:/id https://bank.kz'],
    ['our own scheme', 'kilt://app/index.html'],
    ['line end', 'https://bank.kz/\nhttps://evil.com'],
    ['leading space', ' https://bank.kz/'],
    ['tab in the scheme', 'ht\ttps://bank.kz/'],
    ['backslash', 'https://evil.com\\@bank.kz/'],
    ['nothing', ''],
    ['too long', `https://bank.kz/${'a'.repeat(3_000)}`],
  ])('%s is not opened: %j', (_why, address) => {
    expect(externalAddress(address, origins)).toBeUndefined();
  });

  it.each(['*', 'https://*', 'https://bank.kz/path', 'http://bank.kz', 'bank.kz', '', 'null'])(
    'the entry %j in the list allows nothing',
    (entry) => {
      expect(externalAddress('https://bank.kz/path', [entry])).toBeUndefined();
      expect(externalAddress('http://bank.kz/', [entry])).toBeUndefined();
    },
  );

  it('whatever is opened begins with an allowed origin and a slash', () => {
    const starts = fc.constantFrom(
      'https://bank.kz',
      'https://127.0.0.1:8443',
      'https://',
      'http://bank.kz',
      '',
    );
    fc.assert(
      fc.property(starts, fc.webUrl({ withFragments: true }), fc.string(), (start, url, tail) => {
        for (const address of [start + tail, url + tail, start + url]) {
          const opened = externalAddress(address, origins);
          expect(opened === undefined || origins.some((origin) => opened.startsWith(`${origin}/`))).toBe(
            true,
          );
        }
      }),
    );
  });
});
