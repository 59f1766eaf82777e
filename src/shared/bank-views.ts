import { z } from 'zod';
import { errorView, language } from './views.ts';

/** What the page and the command line see of banks and their files. */

const texts = z.record(language, z.string());

export const bankDetails = z.object({
  id: z.string(),
  /** What the bank is called, and what its system is. */
  bank: texts,
  name: texts,
  description: texts,
  customers: z.enum(['person', 'organisation', 'any']),
  authentication: z.enum(['initial-key', 'id-and-pin', 'national-signature']),
  version: z.number().int(),
  /** After it nobody registers with the file any more. */
  notAfter: z.iso.datetime().optional(),
  /** Scheme, host and port, in ASCII: a name that only looks like the bank's is seen. */
  origin: z.string(),
  caUrl: z.string(),
  supportPhone: z.string().optional(),
  supportSite: z.string().optional(),
});
export type BankDetails = z.infer<typeof bankDetails>;

export const bankSignerView = z.object({
  /** What the signer says of itself. */
  name: z.string(),
  /** SHA-256 of the public key, lower-case hexadecimal. */
  fingerprint: z.string(),
  /** Kilt itself knows the key. */
  builtIn: z.boolean(),
});
export type BankSignerView = z.infer<typeof bankSignerView>;

/** One file of a bank on this computer. */
export const bankFileView = z.object({
  fileName: z.string(),
  /** `ended`: no new profiles. `unusable`: see `error`. */
  state: z.enum(['usable', 'ended', 'unusable']),
  /** `launch`: Kilt was started with it; it can not be removed here. */
  place: z.enum(['folder', 'launch']),
  bank: bankDetails.optional(),
  /** Absent: nobody has signed the file, or the signature is wrong. */
  signer: bankSignerView.optional(),
  error: errorView.optional(),
  /** User IDs of the profiles on this computer's tokens, and of registrations that are not finished. */
  profiles: z.array(z.string()),
  unfinished: z.array(z.string()),
});
export type BankFileView = z.infer<typeof bankFileView>;

/** What an update changes of what matters for trust. */
export const bankChange = z.object({
  what: z.enum([
    'signer',
    'origin',
    'ca-url',
    'ca-anchors',
    'tls-anchors',
    'national-anchors',
    'authentication',
  ]),
  /** As people compare them: addresses, names and fingerprints. */
  from: z.array(z.string()),
  to: z.array(z.string()),
});
export type BankChange = z.infer<typeof bankChange>;

/** A bank's file that was opened and waits for consent. */
export const bankImportView = z.object({
  importId: z.string(),
  fileName: z.string(),
  bank: bankDetails,
  /** Absent for a file without signature, which only an unpackaged Kilt takes. */
  signer: bankSignerView.optional(),
  /** `new`: nobody has confirmed the signer yet. `known`: the key is confirmed or built in. `successor`: it is named by that key. */
  standing: z.enum(['new', 'known', 'successor', 'unsigned']),
  /** Version on this computer. */
  installedVersion: z.number().int().optional(),
  changes: z.array(bankChange),
  /** Other banks on this computer that go by the same name or address and are signed by somebody else. */
  lookalikes: z.array(z.string()),
});
export type BankImportView = z.infer<typeof bankImportView>;
