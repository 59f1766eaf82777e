import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { secretFromText, wipe } from '#shared/bytes.ts';
import { openKeyContainer } from '#main/pki/pkcs12.ts';
import { mostIterations } from '#main/pki/pkcs12/iterations.ts';
import { ContainerPassword } from '#main/pki/pkcs12/password.ts';
import { r50Container, r50Password } from './gost/published-objects.ts';
import { OpensslWorkshop } from './openssl-workshop.ts';

const openssl = new OpensslWorkshop();
const password = 'ABCDEFGHJK2';
const oldDerivation = ['-legacy', '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'SHA1'];
const iterations = 100_000;

const container = (...options: readonly string[]): Uint8Array => {
  openssl.run(
    ...['pkcs12', '-export', '-in', 'init.crt', '-inkey', 'init.key', '-passout', `pass:${password}`],
    ...['-out', 'turns.pfx', ...options],
  );
  return openssl.read('turns.pfx');
};

/** How often the event loop turns until the work is done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  try {
    await work;
  } finally {
    clearImmediate(next);
  }
  return turns;
}

beforeAll(() => {
  openssl.initialKey();
});
afterAll(() => {
  openssl.remove();
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('the event loop keeps turning while a key container is opened', () => {
  it('with the key derivation of PKCS#12', async () => {
    const file = container(...oldDerivation, '-iter', `${iterations}`);
    const turns = await turnsDuring(openKeyContainer(file, secretFromText(password)));
    // MAC, and twice a key of two blocks with its vector: seven times the iterations, at most 2000 at a stretch.
    expect(turns).toBeGreaterThanOrEqual((7 * iterations) / 2_000 - 10);
  });

  it('with PBKDF2', async () => {
    const file = container('-nomac', '-iter', `${iterations}`);
    const turns = await turnsDuring(openKeyContainer(file, secretFromText(password)));
    // It runs in another thread, so that the loop turns thousands of times; on this one it would come to some tens.
    expect(turns).toBeGreaterThan(1_000);
  });

  it('with Streebog', async () => {
    const turns = await turnsDuring(openKeyContainer(r50Container, secretFromText(r50Password)));
    // 2000 iterations, two blocks for the MAC alone, at most 40 at a stretch.
    expect(turns).toBeGreaterThanOrEqual((2 * 2_000) / 40 - 5);
  });

  it('and no further than the limit', async () => {
    const file = container(...oldDerivation, '-iter', `${mostIterations.native + 1}`);
    const opening = openKeyContainer(file, secretFromText(password));
    await expect(opening).rejects.toMatchObject({
      id: 'key-container-unsupported',
      data: { reason: `${mostIterations.native + 1} iterations` },
    });
  });
});

describe('the password of a key container', () => {
  it('may be wiped by its owner as soon as the opening has begun', async () => {
    const typed = secretFromText(password);
    const opening = openKeyContainer(container(...oldDerivation, '-iter', '10000'), typed);
    wipe(typed);
    expect((await opening).info.subjectName).toBe('ТОО «Ромашка»');
  });

  it.each([
    ['of one that opens', password, '10000'],
    ['of one that it does not open', 'ABCDEFGHJK3', '10000'],
    ['of one beyond the limit', password, `${mostIterations.native + 1}`],
  ])('%s is wiped when nobody waits for it any more', async (_, secret, count) => {
    const file = container(...oldDerivation, '-iter', count);
    const disposed = vi.spyOn(ContainerPassword.prototype, 'dispose');
    const opening = openKeyContainer(file, secretFromText(secret));
    opening.catch(() => undefined);
    await expect.poll(() => disposed.mock.calls.length).toBe(1);
    const forms = disposed.mock.contexts[0] as ContainerPassword;
    expect([forms.utf8, ...forms.bmpForms].every((form) => form.every((byte) => byte === 0))).toBe(true);
  });
});
