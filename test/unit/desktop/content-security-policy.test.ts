import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, developmentPolicy } from '#main/desktop/content-security-policy.ts';

const directives = (policy: string): Record<string, string> =>
  Object.fromEntries(
    policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources.join(' ')];
    }),
  );

describe('content security policy', () => {
  it('the shipped page may load its own files and nothing else', () => {
    const emptyHash = `'sha256-${createHash('sha256').update('').digest('base64')}'`;
    expect(directives(contentSecurityPolicy)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': `'self' ${emptyHash}`,
      'img-src': "'self'",
      'font-src': "'self'",
      'connect-src': "'none'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
    });
  });

  it('nothing unsafe, no wildcard and no foreign address is in it', () => {
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:|data:|blob:|wss?:/);
  });

  it('the development server’s policy allows that server only, and still no eval and no frames', () => {
    const policy = directives(developmentPolicy('http://localhost:5173/'));
    expect(policy['connect-src']).toBe("'self' ws://localhost:5173");
    expect(policy['default-src']).toBe("'none'");
    expect(policy['frame-ancestors']).toBe("'none'");
    expect(Object.values(policy).join(' ')).not.toContain('unsafe-eval');
  });
});
