import { z } from 'zod';

/** An address of CRLs or of an OCSP responder. Both are signed, so plain http is as good; other schemes are not. */
const webAddress = z.url({ protocol: /^https?$/ });
const webOrigin = webAddress.refine((url) => new URL(url).origin === url, {
  message: 'must be an origin: scheme, host and port, nothing more',
});

/**
 * How a bank wants certificates checked for revocation.
 *
 * Only addresses in this file are asked. A certificate names some as well, but whoever made it chose them: they are
 * followed only to origins that the file lists, so that no certificate can make Kilt call where it likes.
 */
export const revocationRules = z.strictObject({
  /**
   * `required`: what can not be checked is not used. `if-available`: only a certificate known to be revoked is refused.
   * `off`: nobody is asked.
   */
  check: z.enum(['required', 'if-available', 'off']),
  /** One address for each CA below the roots; DER or PEM. */
  crls: z.array(webAddress).max(16).default([]),
  /** Who answers for customers' certificates (RFC 6960). */
  ocsp: z
    .strictObject({
      url: webAddress,
      /** `if-given`: for responders that answer from prepared lists (RFC 5019) and can not repeat a nonce. */
      nonce: z.enum(['required', 'if-given']).default('required'),
    })
    .optional(),
  /**
   * PEM of the CAs between the roots and customers' certificates: a token carries the customer's alone, and without its
   * issuer no answer about it can be believed.
   */
  authorities: z.array(z.string()).max(16).default([]),
  /** Origins, such as `http://crl.bank.kz`, at which addresses out of certificates may be followed. */
  fromCertificates: z.array(webOrigin).max(16).default([]),
});
export type RevocationRules = z.infer<typeof revocationRules>;

/** The same for certificates under a bank's own roots. */
export const revocationPolicy = revocationRules.extend({
  /** The certificate in the key file is checked as well, before a registration begins. */
  initialKey: z.boolean().default(false),
});
export type RevocationPolicy = z.infer<typeof revocationPolicy>;
