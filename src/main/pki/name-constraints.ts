import { DerReader, members, parseDer, parseSequence, tag, type DerValue } from './asn1.ts';
import type { CertificateInfo } from './certificate.ts';
import { attributeTexts, isNameWithin, sameName } from './distinguished-name.ts';
import { readGeneralName, readGeneralNames, type GeneralName } from './general-name.ts';
import { oids } from './oids.ts';

/** Name constraints (RFC 5280 §4.2.1.10): which names a CA may put into the certificates below it. */

interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

function readSubtrees(value: DerValue | undefined): readonly GeneralName[] {
  if (!value) return [];
  return members(value, tag.sequence).map((subtree) => {
    const reader = new DerReader(subtree.content);
    const base = readGeneralName(reader.any());
    // minimum is 0 and maximum absent in this profile; DER leaves the former out. Anything else is not understood.
    reader.end();
    return base;
  });
}

function constraintsOf(certificate: CertificateInfo): NameConstraints | undefined {
  const extension = certificate.extensions.get(oids.nameConstraints);
  if (!extension) return undefined;
  const reader = parseSequence(extension.value);
  const permitted = readSubtrees(reader.optional(tag.context(0)));
  const excluded = readSubtrees(reader.optional(tag.context(1)));
  reader.end();
  return { permitted, excluded };
}

/** Every name a certificate gives its subject; addresses in the distinguished name count as well. */
function namesOf({ subjectName, extensions }: CertificateInfo): readonly GeneralName[] {
  const alternative = extensions.get(oids.subjectAltName);
  const named = members(parseDer(subjectName)).length > 0;
  return [
    ...(named ? [{ kind: 'directory', name: subjectName } as const] : []),
    ...attributeTexts(subjectName, oids.emailAddress).map((text) => ({ kind: 'rfc822', text }) as const),
    ...(alternative ? readGeneralNames(parseDer(alternative.value)) : []),
  ];
}

/** `undefined`: not to be told, because the name or the constraint is of a form that is not understood. */
function isWithin(name: GeneralName, base: GeneralName): boolean | undefined {
  if (name.kind === 'directory' && base.kind === 'directory') return isNameWithin(name.name, base.name);
  if (name.kind === 'dns' && base.kind === 'dns') return isHostWithin(name.text, base.text);
  if (name.kind === 'rfc822' && base.kind === 'rfc822') return isMailboxWithin(name.text, base.text);
  if (name.kind === 'ip' && base.kind === 'ip') return isAddressWithin(name.bytes, base.bytes);
  return undefined;
}

const plainText = /^[\x21-\x7e]*$/;

function isHostWithin(host: string, base: string): boolean | undefined {
  if (!plainText.test(host) || !plainText.test(base)) return undefined;
  const [name, domain] = [host.toLowerCase(), base.toLowerCase()];
  if (domain === '' || name === domain) return true;
  return name.endsWith(domain.startsWith('.') ? domain : `.${domain}`);
}

function isMailboxWithin(mailbox: string, base: string): boolean | undefined {
  if (!plainText.test(mailbox) || !plainText.test(base)) return undefined;
  const at = mailbox.lastIndexOf('@');
  if (at < 1) return undefined;
  const [local, host] = [mailbox.slice(0, at), mailbox.slice(at + 1).toLowerCase()];
  const domain = base.slice(base.lastIndexOf('@') + 1).toLowerCase();
  if (base.includes('@')) return local === base.slice(0, base.lastIndexOf('@')) && host === domain;
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain;
}

function isAddressWithin(address: Uint8Array, base: Uint8Array): boolean | undefined {
  if (base.length !== 2 * address.length) return base.length === 8 || base.length === 32 ? false : undefined;
  return address.every((byte, i) => {
    const mask = base[address.length + i] ?? 0xff;
    return (byte & mask) === ((base[i] ?? 0) & mask);
  });
}

const sameForm = (a: GeneralName, b: GeneralName): boolean =>
  a.kind === b.kind && (a.kind !== 'other' || b.kind !== 'other' || a.form === b.form);

function obeys(certificate: CertificateInfo, { permitted, excluded }: NameConstraints): boolean {
  return namesOf(certificate).every((name) => {
    const allowed = permitted.filter((base) => sameForm(name, base));
    const forbidden = excluded.filter((base) => sameForm(name, base));
    return (
      (allowed.length === 0 || allowed.some((base) => isWithin(name, base) === true)) &&
      forbidden.every((base) => isWithin(name, base) === false)
    );
  });
}

/**
 * The first certificate of a path that has a name which an issuer above it may not give.
 *
 * Names of forms that can not be compared are refused where a constraint speaks of them, critical or not. Self-issued
 * certificates are exempt unless they are the leaf (RFC 5280 §6.1.3 (b)).
 *
 * @param path from the leaf to the anchor, whose own constraints count as well
 * @throws DerError for constraints or alternative names that can not be read
 */
export const outsideNameConstraints = (path: readonly CertificateInfo[]): CertificateInfo | undefined =>
  path.find((certificate, place) => {
    if (place > 0 && sameName(certificate.subjectName, certificate.issuerName)) return false;
    return path.slice(place + 1).some((issuer) => {
      const constraints = constraintsOf(issuer);
      return constraints !== undefined && !obeys(certificate, constraints);
    });
  });
