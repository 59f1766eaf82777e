import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { answerAppRequest, appFile } from '#main/desktop/app-scheme.ts';
import { contentSecurityPolicy } from '#main/desktop/content-security-policy.ts';

vi.mock('electron', () => ({ protocol: {} }));

let outside: string;
let folder: string;

beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'kilt-scheme-'));
  folder = join(outside, 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(outside, 'secret.js'), 'outside');
  writeFileSync(join(folder, 'index.html'), '<!doctype html>page');
  writeFileSync(join(folder, 'assets', 'index-B1x_9.js'), 'script');
  writeFileSync(join(folder, 'assets', 'inter-cyrillic-ext.woff2'), 'font');
  writeFileSync(join(folder, 'assets', 'page.css'), 'style');
  writeFileSync(join(folder, 'assets', 'token.svg'), '<svg/>');
  writeFileSync(join(folder, 'program.exe'), 'not for a page');
});
afterAll(() => rmSync(outside, { recursive: true }));

const get = (url: string) => answerAppRequest(folder, { method: 'GET', url });

describe('the page’s scheme', () => {
  it.each([
    ['kilt://app/', 'text/html; charset=utf-8', '<!doctype html>page'],
    ['kilt://app/index.html', 'text/html; charset=utf-8', '<!doctype html>page'],
    ['kilt://app/index.html?theme=dark#home', 'text/html; charset=utf-8', '<!doctype html>page'],
    ['kilt://app/assets/index-B1x_9.js', 'text/javascript; charset=utf-8', 'script'],
    ['kilt://app/assets/page.css', 'text/css; charset=utf-8', 'style'],
    ['kilt://app/assets/inter-cyrillic-ext.woff2', 'font/woff2', 'font'],
    ['kilt://app/assets/token.svg', 'image/svg+xml', '<svg/>'],
  ])('%s is answered as %s', async (url, type, body) => {
    const answer = await get(url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Type')).toBe(type);
    expect(await answer.text()).toBe(body);
  });

  it.each([
    ['parent folder', 'kilt://app/../secret.js'],
    ['parent folder further down', 'kilt://app/assets/../../secret.js'],
    ['encoded dots', 'kilt://app/%2e%2e/secret.js'],
    ['encoded dots, capital', 'kilt://app/%2E%2E/secret.js'],
    ['half-encoded dots', 'kilt://app/.%2e/secret.js'],
    ['twice encoded dots', 'kilt://app/%252e%252e/secret.js'],
    ['encoded slash', 'kilt://app/..%2fsecret.js'],
    ['encoded backslash', 'kilt://app/..%5csecret.js'],
    ['backslash', 'kilt://app/..\\secret.js'],
    ['absolute path', 'kilt://app//etc/passwd.js'],
    ['network share', 'kilt://app///server/share/page.js'],
    ['network share, backslashes', 'kilt://app/\\\\server\\share\\page.js'],
    ['drive letter', 'kilt://app/C:/Windows/page.js'],
    ['alternate data stream', 'kilt://app/index.html::$DATA'],
    ['NUL', 'kilt://app/index.html\0.js'],
    ['encoded NUL', 'kilt://app/index.html%00.js'],
    ['device', 'kilt://app/con.js'],
    ['trailing dot', 'kilt://app/index.html.'],
    ['current folder', 'kilt://app/./index.html'],
    ['empty segment', 'kilt://app/assets//page.css'],
    ['folder', 'kilt://app/assets'],
    ['unknown type', 'kilt://app/program.exe'],
    ['missing file', 'kilt://app/missing.js'],
    ['other host', 'kilt://other/index.html'],
    ['host with a suffix', 'kilt://app.evil/index.html'],
    ['host with a port', 'kilt://app:80/index.html'],
    ['user name', 'kilt://app@evil/index.html'],
    ['no host', 'kilt:///index.html'],
    ['other scheme', 'file:///index.html'],
    ['scheme with a suffix', 'kilts://app/index.html'],
  ])('%s is refused: %s', async (_why, url) => {
    const answer = await get(url);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('');
  });

  it.each(['POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'get'])(
    'only GET is answered, not %s',
    async (method) => {
      expect((await answerAppRequest(folder, { method, url: 'kilt://app/index.html' })).status).toBe(404);
    },
  );

  it.each(['kilt://app/', 'kilt://app/missing.js', 'kilt://other/'])(
    'every answer carries the policy, refusals too: %s',
    async (url) => {
      const { headers } = await get(url);
      expect(headers.get('Content-Security-Policy')).toBe(contentSecurityPolicy);
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    },
  );

  it('whatever is asked, the file is inside the folder', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '%2e',
        '%2f',
        '%5c',
        '/',
        '\\',
        ':',
        '\0',
        '?',
        '#',
        'index.html',
        'assets',
        '~',
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const file = appFile(folder, `kilt://app/${pieces.join('')}`);
        expect(file === undefined || !relative(folder, file).startsWith('..')).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
