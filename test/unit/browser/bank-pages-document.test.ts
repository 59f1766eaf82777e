import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureReasons } from '#kilt-client/protocol.ts';
import { mostDocuments } from '#main/browser/request-limits.ts';
import { loopbackPorts } from '#main/browser/loopback/loopback-switch.ts';
import { signInDomain } from '#main/enrolment/bank-protocol.ts';

const text = readFileSync('docs/bank-pages.md', 'utf8');

describe('what bank developers are told', () => {
  it('names every reason that the page library gives', () => {
    for (const reason of failureReasons) expect(text).toContain(`\`${reason}\``);
  });

  it('has the domain of a sign-in as it is signed', () => {
    const domain = new TextDecoder().decode(signInDomain);
    expect(domain.endsWith('\0')).toBe(true);
    expect(text).toContain(`"${domain.slice(0, -1)}" and a zero byte`);
  });

  it('has the ports and the limits', () => {
    for (const port of Object.values(loopbackPorts)) expect(text).toContain(String(port));
    expect(text).toContain(`${mostDocuments} documents`);
  });
});
