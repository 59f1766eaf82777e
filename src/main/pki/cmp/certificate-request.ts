import { asDer, asSecret, equalBytes, wipe, type DerBytes, type SecretBytes } from '#shared/bytes.ts';
import { readAlgorithm, type AlgorithmIdentifier } from '../algorithm-identifier.ts';
import {
  bitString,
  DerError,
  DerReader,
  encode,
  explicit,
  implicit,
  integer,
  members,
  oid,
  parseDer,
  readSmallInteger,
  readWholeBytes,
  retag,
  sequence,
  tag,
  type DerValue,
} from '../asn1.ts';
import { oids } from '../oids.ts';
import { signatureIdentifier, verifySignature, type SignatureCheck } from '../signature.ts';
import type { Signer } from '../signer.ts';

/** Certificate requests inside CMP: CRMF (RFC 4211). */

export interface CertificateTemplate {
  /** Names are DER. */
  readonly issuer?: DerBytes | undefined;
  readonly subject?: DerBytes | undefined;
  /** SubjectPublicKeyInfo. */
  readonly publicKeyInfo?: DerBytes | undefined;
}

/** CertId: issuer Name and serial INTEGER, both DER. */
export interface CertificateId {
  readonly issuerName: DerBytes;
  readonly serialNumberDer: DerBytes;
}

export interface RequestControls {
  /** id-regCtrl-regToken (RFC 4211 §6.1): one-time proof of identity, known to the CA beforehand. */
  readonly registrationToken?: SecretBytes | undefined;
  /** id-regCtrl-oldCertID (§6.5): the certificate that a key update replaces. */
  readonly oldCertificate?: CertificateId | undefined;
}

export type ProofOfPossession =
  | {
      readonly type: 'signature';
      readonly algorithm: AlgorithmIdentifier;
      readonly signature: Uint8Array;
      /** The signature is over this instead of the request: only where the template lacks subject or key (§4.1). */
      readonly input: DerBytes | undefined;
    }
  | { readonly type: 'raVerified' | 'unsupported' };

/** One CertReqMsg as received. */
export interface CertificateRequest {
  readonly certReqId: number;
  readonly template: CertificateTemplate;
  readonly controls: RequestControls;
  /** CertRequest as received: what the proof of possession signs. */
  readonly requestDer: DerBytes;
  readonly proof: ProofOfPossession | undefined;
}

const attribute = (type: string, value: Uint8Array): DerBytes => sequence(oid(type), value);

/** `[n]` around a Name, which is a CHOICE and so always tagged explicitly (X.680 §31.2.7). */
const taggedName = (n: number, name: DerBytes | undefined): DerBytes | undefined => name && explicit(n, name);

const certificateId = ({ issuerName, serialNumberDer }: CertificateId): DerBytes =>
  // GeneralName directoryName [4]
  sequence(explicit(4, issuerName), serialNumberDer);

/**
 * CertReqMsg with proof of possession by signature (RFC 4211 §4.1 case 1).
 *
 * @returns DER that contains the registration token, if there is one: the caller wipes it.
 */
export async function buildCertificateRequest(
  request: {
    readonly certReqId: number;
    readonly subject: DerBytes;
    readonly issuer?: DerBytes | undefined;
    readonly controls?: RequestControls | undefined;
  },
  keyPair: Signer,
): Promise<DerBytes> {
  const { registrationToken, oldCertificate } = request.controls ?? {};
  const token = registrationToken && encode(tag.utf8String, registrationToken);
  const tokenControl = token && attribute(oids.registrationToken, token);
  const oldControl = oldCertificate && attribute(oids.oldCertificateId, certificateId(oldCertificate));
  const controls = tokenControl || oldControl ? sequence(tokenControl, oldControl) : undefined;
  const template = sequence(
    taggedName(3, request.issuer),
    taggedName(5, request.subject),
    implicit(6, keyPair.publicKeyInfo),
  );
  const certRequest = sequence(integer(request.certReqId), template, controls);
  try {
    const signature = await keyPair.sign(certRequest);
    const proof = encode(tag.context(1), signatureIdentifier(keyPair.algorithm), bitString(signature));
    return sequence(certRequest, proof);
  } finally {
    for (const secret of [token, tokenControl, controls, certRequest]) wipe(secret);
  }
}

function readTemplate(value: DerValue): CertificateTemplate {
  const reader = new DerReader(value.content);
  let template: CertificateTemplate = {};
  while (!reader.atEnd) {
    const field = reader.any();
    // Other fields are wishes that this program neither has nor grants: version, validity, extensions …
    if (field.tag === tag.context(3)) template = { ...template, issuer: nameIn(field) };
    else if (field.tag === tag.context(5)) template = { ...template, subject: nameIn(field) };
    else if (field.tag === tag.context(6)) {
      template = { ...template, publicKeyInfo: retag(tag.sequence, field) };
    }
  }
  return template;
}

function nameIn(wrapper: DerValue): DerBytes {
  const name = parseDer(wrapper.content);
  if (name.tag !== tag.sequence) throw new DerError('not a Name');
  return name.der;
}

function readControls(value: DerValue | undefined): RequestControls {
  let controls: RequestControls = {};
  for (const control of value ? members(value, tag.sequence) : []) {
    const reader = new DerReader(control.content);
    const type = reader.oid();
    const content = reader.any();
    reader.end();
    if (type === oids.registrationToken) {
      if (content.tag !== tag.utf8String) throw new DerError('the registration token is not text');
      controls = { ...controls, registrationToken: asSecret(content.content) };
    } else if (type === oids.oldCertificateId) {
      const id = new DerReader(content.content);
      const issuerName = nameIn(id.next(tag.context(4)));
      controls = { ...controls, oldCertificate: { issuerName, serialNumberDer: id.next(tag.integer).der } };
    }
  }
  return controls;
}

function readProof(value: DerValue | undefined): ProofOfPossession | undefined {
  if (!value) return undefined;
  if (value.tag === tag.contextPrimitive(0)) return { type: 'raVerified' };
  if (value.tag !== tag.context(1)) return { type: 'unsupported' };
  const reader = new DerReader(value.content);
  const input = reader.optional(tag.context(0));
  const algorithm = readAlgorithm(reader.next(tag.sequence));
  const signature = readWholeBytes(reader.next(tag.bitString));
  reader.end();
  return { type: 'signature', algorithm, signature, input: input && retag(tag.sequence, input) };
}

/** Reads one CertReqMsg. The registration token is a window on the given bytes. @throws DerError */
export function parseCertificateRequest(der: Uint8Array): CertificateRequest {
  const message = new DerReader(parseDer(der).content);
  const request = message.next(tag.sequence);
  const popo = message.atEnd ? undefined : message.any();
  // regInfo is the last member; a request without proof has it where the proof would stand.
  const proof = popo?.tag === tag.sequence ? undefined : readProof(popo);

  const fields = new DerReader(request.content);
  const certReqId = readSmallInteger(fields.next(tag.integer));
  const template = readTemplate(fields.next(tag.sequence));
  const controls = readControls(fields.optional(tag.sequence));
  fields.end();
  return { certReqId, template, controls, requestDer: request.der, proof };
}

/**
 * Whether whoever made the request holds the private key that belongs to the template's public key (RFC 4211 §4.1).
 * A request without a signature as proof is `unsupported`.
 */
export async function verifyProofOfPossession(request: CertificateRequest): Promise<SignatureCheck> {
  const { proof, template, requestDer } = request;
  if (proof?.type !== 'signature' || !template.publicKeyInfo) return 'unsupported';
  // With subject and key in the template the signature must be over the request itself.
  if (proof.input !== undefined) return 'unsupported';
  return verifySignature({
    algorithm: proof.algorithm,
    publicKeyInfo: template.publicKeyInfo,
    data: requestDer,
    signature: proof.signature,
  });
}

export const sameCertificateId = (a: CertificateId, b: CertificateId): boolean =>
  equalBytes(a.issuerName, b.issuerName) && equalBytes(asDer(a.serialNumberDer), b.serialNumberDer);
