import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { secretFromText, wipe, type SecretBytes } from '#shared/bytes.ts';
import { RegistrationDrafts, type RegistrationData } from '#main/enrolment/registration-drafts.ts';
import { CertificateTrust } from '#main/trust/certificate-trust.ts';
import { issueCertificate } from '#test/bank/authority/certificate.ts';
import { keyContainer } from '#test/bank/authority/key-container.ts';
import { demoBank, noNationalKeys } from './workshop.ts';

const otpPin = 'ABCDE12345F';
const userId = 'qq111111_demo';
const now = new Date('2026-11-22T10:00:00Z');

describe('a draft of registration data', () => {
  let folder: string;
  let keyFile: string;
  let drafts: RegistrationDrafts;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-drafts-'));
    keyFile = path.join(folder, 'Key.pfx');
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const publicKey = createPublicKey(createPrivateKey(privateKey)).export({ format: 'der', type: 'spki' });
    const certificate = issueCertificate(
      {
        kind: 'initial-key',
        subject: { commonName: 'Айгерим', userId },
        publicKey,
        notBefore: new Date('2026-11-20T00:00:00Z'),
        notAfter: new Date('2026-12-04T00:00:00Z'),
      },
      { privateKeyPem: privateKey },
    );
    writeFileSync(
      keyFile,
      keyContainer({
        privateKeyPem: privateKey,
        certificate,
        friendlyName: userId,
        password: otpPin,
        cipher: 'aes',
      }),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    drafts = new RegistrationDrafts(() => now, noNationalKeys, new CertificateTrust({ now: () => now }));
  });

  const typed = (changes: Partial<RegistrationData> = {}) => {
    const secrets: SecretBytes[] = [secretFromText(otpPin), secretFromText(otpPin)];
    const [registrationPin = secretFromText(''), password = secretFromText('')] = secrets;
    return {
      data: { userId, registrationPin, keyFile: { path: keyFile, password }, ...changes },
      wipeAll: () => secrets.forEach(wipe),
    };
  };
  const text = (secret: Uint8Array) => new TextDecoder().decode(secret);

  it('shows the key file by name, owner, issuer and end', async () => {
    const draft = await drafts.check(demoBank, typed().data);
    expect(draft.keyContainer).toEqual({
      fileName: 'Key.pfx',
      subjectName: 'Айгерим',
      issuerName: 'Айгерим',
      notAfter: '2026-12-04T00:00:00.000Z',
    });
  });

  it('holds copies: what was typed may be wiped at once, even while the file is still being read', async () => {
    const { data, wipeAll } = typed();
    const checking = drafts.check(demoBank, data);
    wipeAll();
    const { credentials } = await checking;
    expect(text(credentials.registrationPin)).toBe(otpPin);
    expect(await credentials.initialKey?.sign(new Uint8Array(3))).toHaveLength(256);
  });

  it('leaves what was typed to its owner', async () => {
    const { data } = typed();
    await drafts.check(demoBank, data);
    expect(text(data.registrationPin)).toBe(otpPin);
  });

  it('once forgotten holds no PIN any more, and its key signs nothing', async () => {
    const { id, credentials } = await drafts.check(demoBank, typed().data);
    drafts.forget(id);
    expect(credentials.registrationPin.every((byte) => byte === 0)).toBe(true);
    await expect(credentials.initialKey?.sign(new Uint8Array(3))).rejects.toThrow();
    expect(() => drafts.get(id)).toThrow(expect.objectContaining({ id: 'input-invalid' }));
    drafts.forget(id);
  });

  it('is forgotten with all others when the program ends', async () => {
    const [first, second] = [
      await drafts.check(demoBank, typed().data),
      await drafts.check(demoBank, typed().data),
    ];
    drafts.forgetAll();
    for (const { credentials } of [first, second])
      expect(credentials.registrationPin.every((byte) => byte === 0)).toBe(true);
  });

  it('that is still being checked when the program ends is forgotten as well', async () => {
    const opening = vi.spyOn(drafts, 'open');
    const checking = drafts.check(demoBank, typed().data);
    drafts.forgetAll();
    await expect(checking).rejects.toThrow(expect.objectContaining({ id: 'input-invalid' }));
    const { credentials } = (await opening.mock.results[0]?.value) as Awaited<ReturnType<typeof drafts.open>>;
    expect(credentials.registrationPin.every((byte) => byte === 0)).toBe(true);
    await expect(credentials.initialKey?.sign(new Uint8Array(3))).rejects.toThrow();
  });

  it('stays until it is handed over, and is then nobody’s to wipe but the new owner’s', async () => {
    const { id } = await drafts.check(demoBank, typed().data);
    const { credentials } = drafts.get(id);
    drafts.handOver(id);
    drafts.forgetAll();
    expect(text(credentials.registrationPin)).toBe(otpPin);
    expect(() => drafts.get(id)).toThrow(expect.objectContaining({ id: 'input-invalid' }));
  });

  it.each([
    ['the user ID of somebody else', { userId: 'qq222222_demo' }, 'key-container-wrong', 'other-customer'],
    ['no key file where the bank wants one', { keyFile: undefined }, 'input-invalid', undefined],
  ])('is refused with %s', async (_, changes, id, likelyCause) => {
    await expect(drafts.check(demoBank, typed(changes).data)).rejects.toThrow(
      expect.objectContaining({
        id,
        ...(likelyCause && { data: expect.objectContaining({ likelyCause }) as object }),
      }),
    );
  });

  it('is refused with a password that does not fit, and with what is odd about the data typed', async () => {
    const secret = () => secretFromText('abc0');
    const { keyFile } = typed().data;
    const wrong = { registrationPin: secret(), keyFile: { path: keyFile?.path ?? '', password: secret() } };
    await expect(drafts.check(demoBank, typed(wrong).data)).rejects.toMatchObject({
      code: '0200040',
      data: {
        likelyCause: 'password',
        suspicions: expect.stringContaining('pin-length,pin-small') as string,
      },
    });
  });

  it('is refused with a file that is not there or is a folder', async () => {
    for (const file of [path.join(folder, 'nowhere.pfx'), folder]) {
      const { data } = typed({ keyFile: { path: file, password: secretFromText(otpPin) } });
      await expect(drafts.check(demoBank, data)).rejects.toThrow(
        expect.objectContaining({ code: '0200040' }),
      );
    }
  });

  it.each([
    ['ended', '2026-12-05T00:00:00Z'],
    ['not begun', '2026-11-19T00:00:00Z'],
  ])('is refused with a key whose time has %s', async (_, today) => {
    const then = new RegistrationDrafts(
      () => new Date(today),
      noNationalKeys,
      new CertificateTrust({ now: () => new Date(today) }),
    );
    await expect(then.check(demoBank, typed().data)).rejects.toThrow(
      expect.objectContaining({ id: 'key-container-expired' }),
    );
  });

  it('needs no key file where ID and ПИН are enough', async () => {
    const bank = { ...demoBank, authentication: 'id-and-pin' } as const;
    const draft = await drafts.check(bank, typed({ keyFile: undefined }).data);
    expect(draft.credentials.initialKey).toBeUndefined();
    expect(draft).not.toHaveProperty('keyContainer');
  });
});
