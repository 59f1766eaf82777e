import { createHash } from 'node:crypto';
import { equalBytes, type DerBytes } from '#shared/bytes.ts';
import { DerError } from '../asn1.ts';
import { parseCertificate, type CertificateInfo } from '../certificate.ts';
import { verifyPath } from '../certificate-path.ts';
import { sameName } from '../distinguished-name.ts';
import { oids } from '../oids.ts';
import { verifySignature } from '../signature.ts';
import { isCertIdOf, nonceValue, publicKeyBits } from './ocsp-request.ts';
import type { OcspResponse, SingleResponse } from './ocsp-response.ts';

/** Why an OCSP answer tells nothing about a certificate. */
export type OcspFault =
  | 'malformed'
  /** It is about other certificates. */
  | 'other-certificate'
  /** It carries another nonce than was sent: an old answer, or somebody else's. */
  | 'nonce-differs'
  /** It carries no nonce although the bank's file asks for one. */
  | 'nonce-missing'
  | 'signature-invalid'
  | 'algorithm-unsupported'
  /** Signed by somebody whom the issuer has not entitled (RFC 6960 §4.2.2.2). */
  | 'signer-not-entitled'
  | 'not-yet-valid'
  | 'stale'
  | 'critical-extension';

export interface OcspQuestion {
  readonly response: OcspResponse;
  readonly certificate: CertificateInfo;
  /** The CA that issued the certificate: trusted already. */
  readonly issuer: CertificateInfo;
  readonly nonce: Uint8Array;
  readonly nonceRequired: boolean;
  readonly at: Date;
}

export type OcspAnswer =
  | {
      readonly status: SingleResponse['status'];
      readonly thisUpdate: Date;
      readonly nextUpdate: Date | undefined;
      /** A responder other than the CA whose own certificate does not say that nobody need ask about it. */
      readonly responderToCheck: CertificateInfo | undefined;
    }
  | { readonly fault: OcspFault };

const clockToleranceMs = 10 * 60_000;

/**
 * Whether an OCSP answer is what the CA says about the certificate now (RFC 6960 §3.2): nonce, certificate, signer,
 * signature, dates.
 */
export async function checkOcspResponse(question: OcspQuestion): Promise<OcspAnswer> {
  const { response, certificate, issuer, at } = question;
  const single = response.responses.find(({ certId }) => isCertIdOf(certId, certificate, issuer));
  if (!single) return { fault: 'other-certificate' };
  const wrongNonce = nonceFault(question);
  if (wrongNonce) return { fault: wrongNonce };
  if (hasUnknownCritical(response.extensions) || hasUnknownCritical(single.extensions)) {
    return { fault: 'critical-extension' };
  }
  const wrongDate = dateFault(single, response.producedAt, at);
  if (wrongDate) return { fault: wrongDate };
  const signer = await findSigner(response, issuer, at);
  if (typeof signer === 'string') return { fault: signer };
  const delegated = !equalBytes(signer.der, issuer.der);
  const toCheck = delegated && !signer.extensions.has(oids.ocspNoCheck);
  return {
    status: single.status,
    thisUpdate: single.thisUpdate,
    nextUpdate: single.nextUpdate,
    responderToCheck: toCheck ? signer : undefined,
  };
}

function nonceFault({ response, nonce, nonceRequired }: OcspQuestion): OcspFault | undefined {
  const echoed = response.extensions.get(oids.ocspNonce);
  if (!echoed) return nonceRequired ? 'nonce-missing' : undefined;
  return equalBytes(echoed.value, nonceValue(nonce)) ? undefined : 'nonce-differs';
}

const hasUnknownCritical = (extensions: OcspResponse['extensions']): boolean =>
  [...extensions].some(([type, { critical }]) => critical && type !== oids.ocspNonce);

/** An answer without nextUpdate is as old as it says; what is not fresh then was kept back by somebody. */
function dateFault(
  { thisUpdate, nextUpdate }: SingleResponse,
  producedAt: Date,
  at: Date,
): OcspFault | undefined {
  const latest = at.getTime() + clockToleranceMs;
  if (thisUpdate.getTime() > latest || producedAt.getTime() > latest) return 'not-yet-valid';
  const until = nextUpdate?.getTime() ?? thisUpdate.getTime() + clockToleranceMs;
  return until < at.getTime() ? 'stale' : undefined;
}

/**
 * The certificate that the response is signed with: the issuer's own, or one that the issuer itself has issued for
 * OCSP (id-kp-OCSPSigning, RFC 6960 §4.2.2.2). Nobody else may answer.
 */
async function findSigner(
  response: OcspResponse,
  issuer: CertificateInfo,
  at: Date,
): Promise<CertificateInfo | OcspFault> {
  let fault: OcspFault = 'signer-not-entitled';
  for (const candidate of [issuer, ...readable(response.certificates)]) {
    if (!isResponder(candidate, response.responder)) continue;
    if (candidate !== issuer && !(await isEntitled(candidate, issuer, at))) continue;
    const signature = await verifySignature({
      algorithm: response.signatureAlgorithm,
      publicKeyInfo: candidate.publicKeyInfo,
      data: response.tbs,
      signature: response.signature,
    });
    if (signature === 'valid') return candidate;
    fault = signature === 'invalid' ? 'signature-invalid' : 'algorithm-unsupported';
  }
  return fault;
}

const readable = (certificates: readonly DerBytes[]): readonly CertificateInfo[] =>
  certificates.flatMap((der) => {
    try {
      return parseCertificate(der);
    } catch (error) {
      if (error instanceof DerError) return [];
      throw error;
    }
  });

async function isEntitled(responder: CertificateInfo, issuer: CertificateInfo, at: Date): Promise<boolean> {
  if (!isForOcsp(responder)) return false;
  const path = await verifyPath({ leaf: responder.der, intermediates: [], anchors: [issuer.der], at });
  return path.trusted && path.path.length > 1;
}

function isResponder(certificate: CertificateInfo, responder: OcspResponse['responder']): boolean {
  if (responder.by === 'name') return sameName(certificate.subjectName, responder.name);
  return equalBytes(responder.keyHash, createHash('sha1').update(publicKeyBits(certificate)).digest());
}

const isForOcsp = ({ extendedKeyUsage, keyUsage }: CertificateInfo): boolean =>
  (extendedKeyUsage?.includes(oids.ocspSigning) ?? false) &&
  (keyUsage === undefined || keyUsage.includes('digitalSignature') || keyUsage.includes('nonRepudiation'));
