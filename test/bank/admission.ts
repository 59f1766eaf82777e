import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { wipe, type SecretBytes } from '#shared/bytes.ts';
import type { Authority } from './authority/authority.ts';
import { newGostInitialKey, newRsaInitialKey } from './authority/initial-key.ts';
import { keyContainer } from './authority/key-container.ts';
import { newPin, sealPin } from './authority/sealed-pin.ts';
import { BankError } from './bank-error.ts';
import { gostDialect } from './gost/dialects.ts';
import { writeFileAtomically } from './records/atomic-file.ts';
import type { BankRecords } from './records/bank-records.ts';

/** What an officer says when a customer is admitted. */
export const admissionOrder = z.object({
  name: z.string().trim().min(1).max(64).default('Айгерим Сапарова'),
  organisation: z.string().trim().min(1).max(64).default('Клиенты демо-банка'),
  userId: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/)
    .optional(),
  iin: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  /** The initial key's certificate has ended a month ago. */
  expired: z.boolean().default(false),
  /** Whether a request signed with the initial key must also carry the ПИН; `openssl cmp` can not send it. */
  pinRequired: z.boolean().default(true),
  /** Requests wait until the officer approves them. */
  hold: z.boolean().default(false),
  /** `rsa`: Key.pfx. `gost`: GOST.pfx. */
  keyFile: z.enum(['rsa', 'gost']).default('rsa'),
  /** With `gost`: whose GOST it is. */
  gostDialect: gostDialect.default('kz-2015-512'),
  pfx: z.enum(['3des', 'rc2', 'aes']).default('3des'),
  /** `pin`: the ПИН opens the key file («Пароль совпадает с ПИНом»). `separate`: a password of its own. */
  pfxPassword: z.enum(['pin', 'separate']).default('pin'),
});
export type AdmissionOrder = z.input<typeof admissionOrder>;

/** What the customer takes home. */
export interface Admission {
  readonly userId: string;
  readonly name: string;
  /** From the OTP card. */
  readonly pin: SecretBytes;
  readonly keyFile: Uint8Array;
  readonly keyFileName: 'Key.pfx' | 'GOST.pfx';
  readonly keyFilePassword: SecretBytes;
}

const day = 24 * 3600 * 1000;
/** Initial certificates of the settlement centre's test system live exactly so long. */
const initialKeyDays = 14;

const letter = () => 'abcdefghijklmnopqrstuvwxyz'.charAt(randomInt(26));
const newUserId = () => `${letter()}${letter()}${String(randomInt(100_000, 1_000_000))}_demo`;
const newIin = () => Array.from({ length: 12 }, () => String(randomInt(10))).join('');

/** Admits a customer. @throws BankError when the user ID is taken */
export async function admit(
  { records, authority, now }: { records: BankRecords; authority: Authority; now: () => Date },
  input: AdmissionOrder,
): Promise<Admission> {
  const order = admissionOrder.parse(input);
  const userId = order.userId ?? newUserId();
  const iin = order.iin ?? newIin();
  const key =
    order.keyFile === 'rsa'
      ? await newRsaInitialKey(authority)
      : newGostInitialKey(authority, order.gostDialect, now());
  // Looked up after the only pause, so that two admissions can not take one ID.
  if (records.customer(userId)) throw new BankError(`user ID ${userId} is taken`);
  const start = now().getTime() - (order.expired ? 45 * day : day / 24);
  const initialKey = key.certify(
    {
      country: 'KZ',
      organisation: order.organisation,
      commonName: order.name,
      userId,
      serialNumber: `IIN${iin}`,
    },
    new Date(start),
    new Date(start + initialKeyDays * day),
  );
  const pin = newPin();
  const keyFilePassword = order.pfxPassword === 'pin' ? (pin.slice() as SecretBytes) : newPin();
  const keyFile = keyContainer({
    ...initialKey,
    friendlyName: userId,
    password: new TextDecoder().decode(keyFilePassword),
    cipher: order.pfx,
  });
  records.record({
    kind: 'customer-admitted',
    at: now().toISOString(),
    userId,
    name: order.name,
    organisation: order.organisation,
    iin,
    sealedPin: sealPin(pin, userId, authority.sealingKey),
    pinRequired: order.pinRequired,
    hold: order.hold,
    initialCertificate: Buffer.from(initialKey.certificate).toString('base64'),
  });
  const keyFileName = order.keyFile === 'rsa' ? 'Key.pfx' : 'GOST.pfx';
  return { userId, name: order.name, pin, keyFile, keyFileName, keyFilePassword };
}

/**
 * Writes what the customer takes home and wipes the secrets: `customer.json`, `pin.txt`, `Key.pfx` or
 * `GOST.pfx`, and `pfx-password.txt` where it is not the ПИН. All but `customer.json` have mode 0600.
 */
export function writeAdmission(admission: Admission, outDir: string): void {
  mkdirSync(outDir, { recursive: true });
  const { userId, name, pin, keyFile, keyFileName, keyFilePassword } = admission;
  writeFileAtomically(join(outDir, keyFileName), keyFile, 0o600);
  writeFileAtomically(join(outDir, 'pin.txt'), pin, 0o600);
  const separate = Buffer.compare(pin, keyFilePassword) !== 0;
  if (separate) writeFileAtomically(join(outDir, 'pfx-password.txt'), keyFilePassword, 0o600);
  wipe(pin);
  wipe(keyFilePassword);
  const customer = { userId, name, keyFile: keyFileName, pinFile: 'pin.txt', pinOpensKeyFile: !separate };
  writeFileAtomically(join(outDir, 'customer.json'), `${JSON.stringify(customer, undefined, 2)}\n`, 0o644);
}
