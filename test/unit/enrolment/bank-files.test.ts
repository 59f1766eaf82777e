import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BankDirectory } from '#main/enrolment/bank-files.ts';
import type { BankSystem } from '#main/enrolment/bank-system.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-banks-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bank: BankSystem = {
  format: 1,
  id: 'demo',
  name: { ru: 'Банк', kk: 'Банк', en: 'Bank' },
  authentication: 'initial-key',
  ca: { url: 'https://ca.example/cmp', name: 'CN=CA', anchors: ['pem'], registrationToken: true },
  api: { url: 'https://bank.example/api', origin: 'https://bank.example', tlsAnchors: ['pem'] },
  site: 'https://bank.example/',
  subject: 'C=KZ,CN={userId}',
  keys: { bits: 2048 },
};
const write = (content: unknown) =>
  writeFileSync(
    path.join(folder, 'bank.json'),
    typeof content === 'string' ? content : JSON.stringify(content),
  );

it('knows the banks of its folder', () => {
  write(bank);
  expect(new BankDirectory(folder).get('demo')).toEqual(bank);
});

it('knows no bank when the folder is not there', () => {
  expect(new BankDirectory(path.join(folder, 'none')).all()).toEqual([]);
});

it.each([
  ['is not JSON', '{', 'bank.json'],
  ['lacks its trust anchors', { ...bank, ca: { ...bank.ca, anchors: [] } }, 'ca.anchors'],
  [
    'sends the PIN of the OTP card in clear',
    { ...bank, ca: { ...bank.ca, url: 'http://ca.example/cmp' } },
    'ca.url',
  ],
  [
    'wants a NUC signature and does not say whose',
    { ...bank, authentication: 'national-signature' },
    'national',
  ],
  [
    'wants an initial key and says whose NUC signature it takes',
    { ...bank, national: { anchors: ['pem'], owner: 'any' } },
    'national',
  ],
  [
    'wants a NUC signature without the PIN that binds it to a customer',
    {
      ...bank,
      authentication: 'national-signature',
      national: { anchors: ['pem'], owner: 'any' },
      ca: { ...bank.ca, registrationToken: false },
    },
    'ca.registrationToken',
  ],
  ['has its API without TLS', { ...bank, api: { ...bank.api, url: 'http://bank.example/api' } }, 'api.url'],
])('refuses a file that %s and says where', (_, content, field) => {
  write(content);
  expect(() => new BankDirectory(folder)).toThrow(
    expect.objectContaining({ id: 'bank-file-invalid', data: expect.objectContaining({ field }) }),
  );
});
