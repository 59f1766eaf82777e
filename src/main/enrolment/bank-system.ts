import { z } from 'zod';
import {
  distinguishedNameText,
  fingerprint,
  httpAddress,
  httpsAddress,
  line,
  origin,
  pem,
  subjectTemplate,
  texts,
} from './bank-members.ts';
import { revocationPolicy, revocationRules } from '#main/trust/revocation-policy.ts';

/** A file whose CAs can not be read would check nothing, and say so to customers one by one. */
const readableAuthorities = { authorities: z.array(pem).max(16).default([]) };

/**
 * A bank system is data: one file says where its certification authority and its API are, whom to trust, which keys a
 * profile has, and what people read about it. A bank signs its file (`bank-file.ts`); docs/bank-file.md is for its
 * developers.
 *
 * Unknown members are refused, not passed over: a misspelt `registrationToken` would be a weaker registration that
 * nobody notices. What is added later gets another `format`, which an older Kilt refuses as a whole and says so.
 */
const members = z.strictObject({
  format: z.literal(1),
  /** For editors that check a JSON file against a schema. Kilt makes nothing of it. */
  $schema: z.string().optional(),
  /** Of this system, for ever: profiles on tokens name it. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be small letters, digits and dashes, 63 at most'),
  /** Of this file. An update has a higher one; Kilt never goes back to a lower. */
  version: z.number().int().min(1).max(999_999_999),
  /** After it nobody registers with this file any more; profiles that there are go on working. */
  notAfter: z.iso.datetime({ message: 'must be a time as 2027-12-31T18:00:00Z' }).optional(),
  /** What the bank is called. */
  bank: texts(80),
  /** What the system is called, as in «Вы вошли в …». */
  name: texts(80),
  /** One sentence, shown where a user chooses among systems. */
  description: texts(200),
  /** Who has an account in it. */
  customers: z.enum(['person', 'organisation', 'any']),
  /** Where this bank prints what its customers have to type, in place of Kilt's own sentences. */
  help: z
    .strictObject({
      userId: texts(300).optional(),
      registrationPin: texts(300).optional(),
      keyFile: texts(300).optional(),
    })
    .optional(),
  /** Where the bank's customers get help. */
  support: z.strictObject({ phone: line(60).optional(), site: httpsAddress.optional() }).optional(),
  /**
   * What proves to the CA who asks (manuals S5: initial key; S1, S2: the NUC signature on the token, with the ПИН as
   * registration token; ID + ПИН alone: password-based MAC).
   */
  authentication: z.enum(['initial-key', 'id-and-pin', 'national-signature']),
  /** Whose NUC signatures the bank takes; there exactly when {@link authentication} is `national-signature`. */
  national: z
    .strictObject({
      /** PEM of the national authority's certificates, root and issuing ones: a token carries only the customer's. */
      anchors: z.array(pem).min(1),
      /** `person`: StarBanking (S1); `organisation`: Internet-Banking of a legal person (S2). */
      owner: z.enum(['person', 'organisation', 'any']),
      /** How these signatures are checked for revocation; absent: nobody is asked. */
      revocation: revocationRules.extend(readableAuthorities).optional(),
    })
    .optional(),
  ca: z.strictObject({
    /** CMP over HTTP (RFC 9811). Must be https where the ПИН travels as registration token. */
    url: httpAddress,
    /** Distinguished name of the issuing CA, RFC 4514 string: recipient of the CMP messages. */
    name: distinguishedNameText,
    /** PEM of the root certificates that issued certificates and CMP answers must lead to. */
    anchors: z.array(pem).min(1),
    /** Send the ПИН as id-regCtrl-regToken (RFC 4211 §6.1) when the message is protected by signature. */
    registrationToken: z.boolean(),
  }),
  api: z.strictObject({
    /** Base address; requests go to `<url>/registrations`, `<url>/login/…`. */
    url: httpsAddress,
    /** Origin that sign-in is bound to, for example `https://bank.example`. */
    origin,
    /** PEM of the roots for TLS of API and CA; nothing else is trusted. */
    tlsAnchors: z.array(pem).min(1),
  }),
  /** How certificates under `ca.anchors` are checked for revocation; absent: nobody is asked. */
  revocation: revocationPolicy.extend(readableAuthorities).optional(),
  /** How the customer's keys are regenerated; absent: with the old keys only, and nobody is asked how it stands. */
  renewal: z
    .strictObject({
      /** What there is for a customer whose certificate has ended or was revoked: ID and a new ПИН, or the branch. */
      expired: z.enum(['id-and-pin', 'refuse']),
      /** The API answers `<url>/renewals/status`. */
      status: z.boolean().optional(),
      /** Days within which the bank usually decides; 0: the same day. */
      decisionDays: z.int().min(0).max(60).optional(),
    })
    .optional(),
  /** Page to open after sign-in. */
  site: httpsAddress,
  /** Subject to ask for, RFC 4514; `{userId}` is replaced. The CA may answer with another. */
  subject: subjectTemplate,
  keys: z.strictObject({ bits: z.union([z.literal(2048), z.literal(4096)], 'must be 2048 or 4096') }),
  /** Keys that may sign later versions of this file beside the one that signed this version. */
  nextSigners: z.array(fingerprint).max(4).optional(),
});

export const bankSystem = members
  .refine(
    ({ authentication, national }) => (authentication === 'national-signature') === (national !== undefined),
    { path: ['national'], message: 'must be there for national-signature, and only then' },
  )
  .refine(({ national, customers }) => national === undefined || national.owner === customers, {
    path: ['national', 'owner'],
    message: 'must be the same as customers',
  })
  // The ПИН is all that ties a NUC signature to the customer whom the bank has entered.
  .refine(({ authentication, ca }) => authentication !== 'national-signature' || ca.registrationToken, {
    path: ['ca', 'registrationToken'],
    message: 'must be true for national-signature',
  })
  .refine(({ ca }) => !ca.registrationToken || ca.url.startsWith('https://'), {
    path: ['ca', 'url'],
    message: 'must be https: the PIN travels in it',
  })
  .refine(({ api }) => originOf(api.url) === api.origin, {
    path: ['api', 'origin'],
    message: 'must be the origin of api.url',
  })
  .refine(({ api, site }) => originOf(site) === api.origin, {
    path: ['site'],
    message: 'must be a page of api.origin: Kilt opens no other',
  });
export type BankSystem = z.infer<typeof bankSystem>;

const originOf = (address: string): string | undefined =>
  URL.canParse(address) ? new URL(address).origin : undefined;

/** What is wrong with a bank's file: where, as `ca.anchors.0`, and what has to be there. */
export interface BankFileProblem {
  /** Empty for the file as a whole. */
  readonly field: string;
  readonly reason: string;
}

/** Reads what a bank's file says, or everything that is wrong with it. */
export function readBankSystem(
  json: unknown,
): { readonly bank: BankSystem } | { readonly problems: readonly BankFileProblem[] } {
  const read = bankSystem.safeParse(json, { error: plainReason });
  if (read.success) return { bank: read.data };
  const problems = read.error.issues.flatMap((issue): BankFileProblem[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          field: [...issue.path, key].join('.'),
          reason: 'is no member that this format has',
        }))
      : [{ field: issue.path.join('.'), reason: issue.message }],
  );
  return { problems };
}

/** Zod's own words where they say it; a member that is not there is called that. */
const plainReason: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'invalid_type' && issue.input === undefined ? 'is missing' : undefined;
