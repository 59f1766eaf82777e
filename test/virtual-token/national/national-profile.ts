import { createPublicKey, type KeyObject } from 'node:crypto';

import { concatBytes } from '#shared/bytes.ts';
import { octetString } from '#test/bank/asn1/der.ts';

import type { VirtualCard } from '../card.ts';
import type { FileId } from '../file-system.ts';
import { Personalisation } from '../personalisation.ts';
import {
  certificateEntry,
  directoryReference,
  type KeyEntry,
  privateKeyEntry,
  type PrivateUsage,
  publicKeyEntry,
} from '../pkcs15-objects.ts';
import { objectDirectoryContent } from '../pkcs15-application.ts';
import { type Family, openNationalAuthority } from './authority.ts';
import type { Name } from './certificate.ts';
import { gostPublicKeyInfo, gostSet } from './issuing-key.ts';

/** A citizen's keys as the national authority's service centre puts them on a token, first to last. */
const keys: readonly {
  readonly label: string;
  readonly family: Family;
  readonly kind: 'authentication' | 'signing';
  readonly usage: readonly PrivateUsage[];
}[] = [
  { label: 'AUTH_RSA256', family: 'RSA', kind: 'authentication', usage: ['sign', 'decrypt'] },
  { label: 'RSA256', family: 'RSA', kind: 'signing', usage: ['sign', 'nonRepudiation'] },
  { label: 'GOSTKNCA', family: 'GOST', kind: 'signing', usage: ['sign', 'signRecover'] },
];

/** Made up; the number is the one of the authority's own published samples. */
export const nationalOwnerIin = '123456789011';
const person: Name = [
  ['commonName', 'САПАРОВА АЙГЕРИМ'],
  ['surname', 'САПАРОВА'],
  ['serialNumber', `IIN${nationalOwnerIin}`],
  ['country', 'KZ'],
  ['givenName', 'СЕРИКОВНА'],
];
/** The head of an organisation, as its certificates name her. */
const owners: Readonly<Record<'person' | 'organisation', Name>> = {
  person,
  organisation: [...person, ['organizationName', 'ТОО «ТҰЛПАР»'], ['organizationalUnit', 'BIN123456789021']],
};

const RSA_BITS = 2048;
/** Files of 5000 (facts §3.4). */
const application: FileId = 0x5000;
const file = {
  objectDirectory: 0x5031,
  privateKeys: 0x6002,
  publicKeys: 0x6001,
  certificates: 0x6004,
} as const;
const DIRECTORY_BYTES = 2048;
/** Choices of PKCS15Objects (PKCS#15 v1.1 §6.2). */
const objectClass = { privateKeys: 0, publicKeys: 1, certificates: 4 } as const;
const FIRST_PUBLIC_KEY_FILE = 0x0200;
const FIRST_CERTIFICATE_FILE = 0x0300;
const PARAMETER_SET_A = 1;
const day = 24 * 3600 * 1000;

/**
 * Puts keys made on the card, and certificates of a demo authority for them, on a card of the profile "formatted".
 *
 * @param settings.authorityFolder where the authority keeps its keys and certificates; absent: it is forgotten
 * @param settings.owner a citizen where absent
 * @param settings.lifetimeDays days from today on which the certificates end; at most 0: they have ended
 */
export async function fillWithNationalKeys(
  card: VirtualCard,
  settings: {
    readonly userPin: string;
    readonly authorityFolder: string | undefined;
    readonly lifetimeDays: number;
    readonly owner?: 'person' | 'organisation' | undefined;
  },
): Promise<void> {
  const now = new Date();
  const authority = await openNationalAuthority(settings.authorityFolder, now);
  const notAfter = new Date(now.getTime() + settings.lifetimeDays * day);
  const notBefore = new Date(Math.min(now.getTime(), notAfter.getTime() - 365 * day) - day / 24);
  const writer = new Personalisation(card);
  await writer.loginUser(settings.userPin);

  const entries: { privateKeys: Uint8Array[]; publicKeys: Uint8Array[]; certificates: Uint8Array[] } = {
    privateKeys: [],
    publicKeys: [],
    certificates: [],
  };
  for (const [i, { label, family, kind, usage }] of keys.entries()) {
    const reference = i + 1;
    const id = Uint8Array.of(reference);
    const publicKeyFile = FIRST_PUBLIC_KEY_FILE + i;
    const certificateFile = FIRST_CERTIFICATE_FILE + i;
    const made = family === 'RSA' ? await rsaKey(writer, reference) : await gostKey(writer, reference);
    const certificate = authority.certify(family, {
      kind,
      subject: owners[settings.owner ?? 'person'],
      owner: settings.owner,
      publicKey: made.publicKeyInfo,
      notBefore,
      notAfter,
    });
    await writer.writeFile([application], publicKeyFile, made.stored);
    await writer.writeFile([application], certificateFile, certificate);
    const entry: KeyEntry = { id, label, usage, reference, key: made.form, publicKeyFile };
    entries.privateKeys.push(privateKeyEntry(entry));
    entries.publicKeys.push(publicKeyEntry(entry));
    entries.certificates.push(certificateEntry(id, label, certificateFile));
  }

  const references = [objectDirectoryContent()];
  for (const name of ['privateKeys', 'publicKeys', 'certificates'] as const) {
    await writer.writeFile([application], file[name], concatBytes(...entries[name]), DIRECTORY_BYTES);
    references.push(directoryReference(objectClass[name], file[name]));
  }
  await writer.overwrite([application, file.objectDirectory], concatBytes(...references));
}

interface MadeKey {
  readonly publicKeyInfo: Uint8Array;
  /** As OpenSC keeps it in 5000/02nn (T6, T15a). */
  readonly stored: Uint8Array;
  readonly form: KeyEntry['key'];
}

async function rsaKey(writer: Personalisation, reference: number): Promise<MadeKey> {
  const modulus = await writer.makeRsaKey(reference, RSA_BITS);
  const n = Buffer.from(modulus).toString('base64url');
  const key: KeyObject = createPublicKey({ format: 'jwk', key: { kty: 'RSA', n, e: 'AQAB' } });
  const as = (type: 'spki' | 'pkcs1'): Uint8Array => new Uint8Array(key.export({ format: 'der', type }));
  return { publicKeyInfo: as('spki'), stored: as('pkcs1'), form: { rsaBits: RSA_BITS } };
}

async function gostKey(writer: Personalisation, reference: number): Promise<MadeKey> {
  const point = await writer.makeGostKey(reference, gostSet);
  return {
    publicKeyInfo: gostPublicKeyInfo(point),
    stored: octetString(point),
    form: { gostSet: PARAMETER_SET_A },
  };
}
