export { fromBase64, toBase64 } from './base64.ts';
export { KiltClient } from './kilt-client.ts';
export { KiltClientError } from './kilt-client-error.ts';
export { protocolVersion, type FailureReason } from './protocol.ts';
export type {
  Availability,
  CallOptions,
  CertificatePurpose,
  DocumentToSign,
  KiltEvents,
  SignedDocument,
  SignInAnswer,
  SignOrder,
} from './types.ts';
