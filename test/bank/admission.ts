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
import type { BankEvent } from './records/bank-event.ts';
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

/** What an officer says of a customer who has a NUC signature: whose it must be, and the rest as always. */
export const nationalAdmissionOrder = admissionOrder
  .pick({ name: true, organisation: true, userId: true, hold: true })
  .extend({ iin: z.string().regex(/^\d{12}$/) });
export type NationalAdmissionOrder = z.input<typeof nationalAdmissionOrder>;

/** What a customer with a NUC signature takes home. */
export interface NationalAdmission {
  readonly userId: string;
  readonly name: string;
  /** From the OTP card. */
  readonly pin: SecretBytes;
}

/** What the customer takes home. */
export interface Admission extends NationalAdmission {
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

interface Desk {
  readonly records: BankRecords;
  readonly authority: Authority;
  readonly now: () => Date;
}

/** Writes a customer down under a new ПИН. @throws BankError when the user ID is taken */
function enter(
  { records, authority, now }: Desk,
  customer: Omit<Extract<BankEvent, { kind: 'customer-admitted' }>, 'kind' | 'at' | 'sealedPin'>,
): SecretBytes {
  if (records.customer(customer.userId)) throw new BankError(`user ID ${customer.userId} is taken`);
  const pin = newPin();
  records.record({
    kind: 'customer-admitted',
    at: now().toISOString(),
    ...customer,
    sealedPin: sealPin(pin, customer.userId, authority.sealingKey),
  });
  return pin;
}

/** Admits a customer who will register with a NUC signature. @throws BankError when the user ID is taken */
export function admitWithNationalSignature(desk: Desk, input: NationalAdmissionOrder): NationalAdmission {
  const { userId = newUserId(), ...order } = nationalAdmissionOrder.parse(input);
  return { userId, name: order.name, pin: enter(desk, { ...order, userId, pinRequired: true }) };
}

/** Admits a customer. @throws BankError when the user ID is taken */
export async function admit(desk: Desk, input: AdmissionOrder): Promise<Admission> {
  const { authority, now } = desk;
  const order = admissionOrder.parse(input);
  const userId = order.userId ?? newUserId();
  const iin = order.iin ?? newIin();
  const key =
    order.keyFile === 'rsa'
      ? await newRsaInitialKey(authority)
      : newGostInitialKey(authority, order.gostDialect, now());
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
  const pin = enter(desk, {
    userId,
    name: order.name,
    organisation: order.organisation,
    iin,
    pinRequired: order.pinRequired,
    hold: order.hold,
    initialCertificate: Buffer.from(initialKey.certificate).toString('base64'),
  });
  const keyFilePassword = order.pfxPassword === 'pin' ? (pin.slice() as SecretBytes) : newPin();
  const keyFile = keyContainer({
    ...initialKey,
    friendlyName: userId,
    password: new TextDecoder().decode(keyFilePassword),
    cipher: order.pfx,
  });
  const keyFileName = order.keyFile === 'rsa' ? 'Key.pfx' : 'GOST.pfx';
  return { userId, name: order.name, pin, keyFile, keyFileName, keyFilePassword };
}

/**
 * Writes what the customer takes home and wipes the secrets: `customer.json`, `pin.txt`, `Key.pfx` or
 * `GOST.pfx`, and `pfx-password.txt` where it is not the ПИН; no key file for a customer with a NUC signature. All but `customer.json` have mode 0600.
 */
export function writeAdmission(admission: Admission | NationalAdmission, outDir: string): void {
  mkdirSync(outDir, { recursive: true });
  if (!('keyFile' in admission)) {
    const { userId, name, pin } = admission;
    writeFileAtomically(join(outDir, 'pin.txt'), pin, 0o600);
    wipe(pin);
    writeCustomer(outDir, { userId, name, pinFile: 'pin.txt' });
    return;
  }
  const { userId, name, pin, keyFile, keyFileName, keyFilePassword } = admission;
  writeFileAtomically(join(outDir, keyFileName), keyFile, 0o600);
  writeFileAtomically(join(outDir, 'pin.txt'), pin, 0o600);
  const separate = Buffer.compare(pin, keyFilePassword) !== 0;
  if (separate) writeFileAtomically(join(outDir, 'pfx-password.txt'), keyFilePassword, 0o600);
  wipe(pin);
  wipe(keyFilePassword);
  writeCustomer(outDir, {
    userId,
    name,
    keyFile: keyFileName,
    pinFile: 'pin.txt',
    pinOpensKeyFile: !separate,
  });
}

const writeCustomer = (outDir: string, customer: object): void => {
  writeFileAtomically(join(outDir, 'customer.json'), `${JSON.stringify(customer, undefined, 2)}\n`, 0o644);
};
