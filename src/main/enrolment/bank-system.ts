import { z } from 'zod';

const fields = z.object({
  format: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  name: z.object({ ru: z.string(), kk: z.string(), en: z.string() }),
  /**
   * What proves to the CA who asks (manuals S5: initial key; S1, S2: the NUC signature on the token, with the ПИН as
   * registration token; ID + ПИН alone: password-based MAC).
   */
  authentication: z.enum(['initial-key', 'id-and-pin', 'national-signature']),
  /** Whose NUC signatures the bank takes; there exactly when {@link authentication} is `national-signature`. */
  national: z
    .object({
      /** PEM of the national authority's certificates, root and issuing ones: a token carries only the customer's. */
      anchors: z.array(z.string()).min(1),
      /** `person`: StarBanking (S1); `organisation`: Internet-Banking of a legal person (S2). */
      owner: z.enum(['person', 'organisation', 'any']),
    })
    .optional(),
  ca: z.object({
    /** CMP over HTTP (RFC 9811). Must be https where the ПИН travels as registration token. */
    url: z.url(),
    /** Distinguished name of the issuing CA, RFC 4514 string: recipient of the CMP messages. */
    name: z.string(),
    /** PEM of the root certificates that issued certificates and CMP answers must lead to. */
    anchors: z.array(z.string()).min(1),
    /** Send the ПИН as id-regCtrl-regToken (RFC 4211 §6.1) when the message is protected by signature. */
    registrationToken: z.boolean(),
  }),
  api: z.object({
    /** Base address; requests go to `<url>/registrations`, `<url>/login/…`. */
    url: z.url(),
    /** Origin that sign-in is bound to, for example `https://bank.example`. */
    origin: z.string(),
    /** PEM of the roots for TLS of API and CA; nothing else is trusted. */
    tlsAnchors: z.array(z.string()).min(1),
  }),
  /** Page to open after sign-in. */
  site: z.url(),
  /** Subject to ask for, RFC 4514; `{userId}` is replaced. The CA may answer with another. */
  subject: z.string(),
  keys: z.object({ bits: z.union([z.literal(2048), z.literal(4096)]) }),
});

/**
 * A bank system is data: one JSON file says where its certification authority and its API are, whom to trust, and
 * which keys a profile has. The demo bank writes one (`bank.json`); real banks would sign theirs.
 */
export const bankSystem = fields
  .refine(
    ({ authentication, national }) => (authentication === 'national-signature') === (national !== undefined),
    { path: ['national'], message: 'must be there for national-signature, and only then' },
  )
  // The ПИН is all that ties a NUC signature to the customer whom the bank has entered.
  .refine(({ authentication, ca }) => authentication !== 'national-signature' || ca.registrationToken, {
    path: ['ca', 'registrationToken'],
    message: 'must be true for national-signature',
  });
export type BankSystem = z.infer<typeof bankSystem>;
