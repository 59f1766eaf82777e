import type { DerBytes } from '#shared/bytes.ts';
import { readAlgorithm } from '#main/pki/algorithm-identifier.ts';
import { DerError, parseSequence, tag } from '#main/pki/asn1.ts';
import { attributeTexts } from '#main/pki/distinguished-name.ts';
import { oids } from '#main/pki/oids.ts';
import { parseCertificate, type CertificateInfo } from '#main/pki/x509.ts';

/**
 * A signature of the national certification authority (ЭЦП НУЦ), as its certificate describes itself. Nothing of it is
 * proven here: whether the authority has really issued it is asked where it is used.
 */
export interface NationalSignature {
  readonly certificate: CertificateInfo;
  /**
   * `signing`: for documents (keyUsage nonRepudiation), also where it may sign in as well · `authentication`: signs in to
   * sites and nothing else, so that it can not declare anybody's will.
   */
  readonly use: 'signing' | 'authentication';
  readonly owner: 'person' | 'organisation';
  readonly algorithm: 'rsa' | 'gost';
  /** «САПАРОВА АЙГЕРИМ СЕРИКОВНА». */
  readonly name: string;
  /** Of the organisation; `undefined` for a person. */
  readonly organisation: string | undefined;
}

/**
 * Tells a signature of the national authority from other certificates: it is issued under one of the authority's
 * policies and names a role of its owner (pki-facts §1.1). The bank's own certificates do neither.
 */
export function readNationalSignature(der: DerBytes): NationalSignature | undefined {
  try {
    const certificate = parseCertificate(der);
    const owner = ownerOf(certificate);
    const isNational = certificate.certificatePolicies?.some((policy) => isUnder(policy, oids.ncaPolicy));
    if (!isNational || owner === undefined || certificate.basicConstraints?.ca) return undefined;
    const isForSigning = certificate.keyUsage?.includes('nonRepudiation') ?? true;
    const mayAuthenticate = certificate.keyUsage?.includes('digitalSignature') ?? true;
    if (!isForSigning && !mayAuthenticate) return undefined;
    return {
      certificate,
      use: isForSigning ? 'signing' : 'authentication',
      owner,
      algorithm: keyAlgorithmOf(certificate) === oids.rsaEncryption ? 'rsa' : 'gost',
      name: nameOf(certificate),
      organisation:
        owner === 'organisation' ? attributeTexts(certificate.subjectName, oids.organization)[0] : undefined,
    };
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function ownerOf({ extendedKeyUsage = [] }: CertificateInfo): NationalSignature['owner'] | undefined {
  // A person's post in an organisation stands beside or below the organisation's own identifier.
  if (extendedKeyUsage.some((usage) => isUnder(usage, oids.ncaOrganisation))) return 'organisation';
  return extendedKeyUsage.includes(oids.ncaPerson) ? 'person' : undefined;
}

const isUnder = (oid: string, arc: string): boolean => oid === arc || oid.startsWith(`${arc}.`);

const keyAlgorithmOf = ({ publicKeyInfo }: CertificateInfo): string =>
  readAlgorithm(parseSequence(publicKeyInfo).next(tag.sequence)).oid;

/** The authority writes family and given name into CN and the patronymic into GIVENNAME. */
const nameOf = ({ commonName, subjectName, subject }: CertificateInfo): string =>
  [commonName ?? subject, ...attributeTexts(subjectName, oids.givenName)].join(' ');
