import { equalBytes, type DerBytes, type SecretBytes } from '#shared/bytes.ts';
import { DerError } from '../asn1.ts';
import { parseCertificate, type CertificateInfo } from '../certificate.ts';
import { verifyPath } from '../certificate-path.ts';
import { sameName } from '../distinguished-name.ts';
import { oids } from '../oids.ts';
import type { PkiMessage } from './message.ts';
import { protectionKind, verifyMac, verifyMessageSignature } from './protection.ts';

/** Whether a message comes from the CA, and if not, in which way it fails. */
export type PeerAnswer =
  | 'authentic'
  | 'unprotected'
  /** The MAC was made with another secret than ours, or the message was changed. */
  | 'mac-wrong'
  | 'signature-wrong'
  | 'protection-unsupported'
  /** Signed, but by nobody the anchors lead to. */
  | 'signer-untrusted'
  /** Signed by somebody whose certificate, or an issuer's, is not valid yet by this computer's clock. */
  | 'signer-not-yet-valid'
  /** Signed by somebody the anchors know who may not answer for the CA, for example another customer. */
  | 'signer-not-entitled';

export interface ExpectedPeer {
  /** Present when our own messages are protected by it. */
  readonly secret: SecretBytes | undefined;
  /** DER Name of the CA. */
  readonly name: DerBytes;
  readonly anchors: readonly DerBytes[];
  readonly at: Date;
}

/** Certificates that a message may offer as its signer; more are not looked at. */
const mostCandidates = 16;

/**
 * Checks the protection of an answer. A signature is accepted also where we used a MAC: a CA can not use a secret that
 * it does not share, so it signs the refusal of a wrong one.
 */
export async function authenticatePeer(message: PkiMessage, peer: ExpectedPeer): Promise<PeerAnswer> {
  switch (protectionKind(message)) {
    case 'none':
      return 'unprotected';
    case 'unsupported':
      return 'protection-unsupported';
    case 'mac': {
      const check = peer.secret ? await verifyMac(message, peer.secret) : 'unsupported';
      return check === 'valid' ? 'authentic' : check === 'invalid' ? 'mac-wrong' : 'protection-unsupported';
    }
    case 'signature':
      return authenticateSigner(message, peer);
  }
}

async function authenticateSigner(message: PkiMessage, peer: ExpectedPeer): Promise<PeerAnswer> {
  let answer: PeerAnswer = 'signer-untrusted';
  for (const signer of signerCandidates(message, peer.anchors)) {
    const check = await verifyMessageSignature(message, signer.publicKeyInfo);
    if (check !== 'valid') {
      answer = check === 'invalid' ? 'signature-wrong' : 'protection-unsupported';
      continue;
    }
    const path = await verifyPath({
      leaf: signer.der,
      intermediates: message.extraCerts,
      anchors: peer.anchors,
      at: peer.at,
    });
    if (!path.trusted) return path.reason === 'not-yet-valid' ? 'signer-not-yet-valid' : 'signer-untrusted';
    return mayAnswerForCa(signer, peer.name) ? 'authentic' : 'signer-not-entitled';
  }
  return answer;
}

function signerCandidates(message: PkiMessage, anchors: readonly DerBytes[]): readonly CertificateInfo[] {
  const { sender, senderKeyId } = message.header;
  return [...message.extraCerts.slice(0, mostCandidates), ...anchors].flatMap((der) => {
    try {
      const certificate = parseCertificate(der);
      if (!sender || !sameName(certificate.subjectName, sender)) return [];
      const { subjectKeyIdentifier } = certificate;
      const otherKey = senderKeyId && subjectKeyIdentifier && !equalBytes(senderKeyId, subjectKeyIdentifier);
      return otherKey ? [] : [certificate];
    } catch (error) {
      if (error instanceof DerError) return [];
      throw error;
    }
  });
}

/**
 * Customers have certificates under the same anchors, so a path alone does not make somebody the CA. The signer must be
 * the CA itself by name, or carry id-kp-cmcCA or id-kp-cmcRA (RFC 9483 §1.7, RFC 9810 §4.5); digitalSignature is
 * required where there is a keyUsage (RFC 9483 §3.2).
 */
function mayAnswerForCa(signer: CertificateInfo, caName: DerBytes): boolean {
  if (signer.keyUsage && !signer.keyUsage.includes('digitalSignature')) return false;
  const purposes = signer.extendedKeyUsage ?? [];
  return (
    purposes.includes(oids.cmcCA) || purposes.includes(oids.cmcRA) || sameName(signer.subjectName, caName)
  );
}
