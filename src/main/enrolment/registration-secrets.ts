import { wipe, type DerBytes, type SecretBytes } from '#shared/bytes.ts';
import type { InitialKey } from '#main/pki/pkcs12.ts';

/** What authenticates the customer to the CA: kept in memory only, from the wizard until the CA has confirmed. */
export interface CaCredentials {
  /** «ПИН» of the OTP card. */
  readonly registrationPin: SecretBytes;
  /** The opened key container, where the bank asks for one. */
  readonly initialKey?: InitialKey;
  /** The same container as it came, to be kept on the token while the bank decides (decision 015). */
  readonly keyContainer?: { readonly content: Uint8Array; readonly password: SecretBytes };
  /** The NUC signature chosen, where the bank asks for one. Its key stays on the token. */
  readonly nationalCertificate?: DerBytes;
}

export function forgetCredentials(credentials: CaCredentials | undefined): void {
  wipe(credentials?.registrationPin);
  credentials?.initialKey?.dispose();
  wipe(credentials?.keyContainer?.content);
  wipe(credentials?.keyContainer?.password);
}

/** Secrets of one run of a registration. The token's own PIN is not here: `PinCustody` holds it. */
export interface RegistrationSecrets {
  /** The password to set, while the token still has the old one. */
  newPin?: SecretBytes | undefined;
  credentials?: CaCredentials | undefined;
  /** They could not be written to the token; this run does not try it again. */
  keepingFailed?: boolean;
}

export function forgetSecrets(secrets: RegistrationSecrets): void {
  wipe(secrets.newPin);
  forgetCredentials(secrets.credentials);
  delete secrets.newPin;
  delete secrets.credentials;
}
