import { concatBytes } from '#shared/bytes.ts';

/**
 * Contents of the PKCS#15 files as OpenSC 0.23 writes them on a token without objects (T2, T3, facts §3.6).
 * Each is shorter than its file; the rest of the file is zeros.
 */

/** Tags of PKCS#15 v1.1 that occur here (X.690 universal, and the standard's own context tags). */
const tag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  enumerated: 0x0a,
  utf8: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
  context0: 0x80,
  typeAttributes: 0xa1,
  lastUpdate: 0xa5,
  authObjects: 0xa8,
  applicationTemplate: 0x61,
  applicationId: 0x4f,
  applicationLabel: 0x50,
  applicationPath: 0x51,
} as const;

const PKCS15_APPLICATION_ID = Uint8Array.of(0xa0, 0, 0, 0, 0x63, ...new TextEncoder().encode('PKCS-15'));
const APPLICATION_PATH = Uint8Array.of(0x3f, 0x00, 0x50, 0x00);
const AUTH_DIRECTORY_PATH = Uint8Array.of(0x3f, 0x00, 0x50, 0x00, 0x60, 0x05);
const MANUFACTURER = 'Aktiv Co.';
/** TokenInfo flags: prnGeneration and eidCompliant bits as OpenSC sets them. */
const TOKEN_FLAGS = Uint8Array.of(0x04, 0x10);
/** CommonObjectFlags private, modifiable. */
const OBJECT_FLAGS = Uint8Array.of(0x06, 0xc0);
const ASCII_NUMERIC = Uint8Array.of(0x01);
const STORED_PIN_LENGTH = Uint8Array.of(32);

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function tlv(name: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const value = concatBytes(...parts);
  const length = value.length < 0x80 ? [value.length] : [0x81, value.length];
  return concatBytes(Uint8Array.of(name, ...length), value);
}

/** EF.DIR with one application (ISO/IEC 7816-15 §6.2). */
export const directoryContent = (label: string): Uint8Array =>
  tlv(
    tag.applicationTemplate,
    tlv(tag.applicationId, PKCS15_APPLICATION_ID),
    tlv(tag.applicationLabel, utf8(label)),
    tlv(tag.applicationPath, APPLICATION_PATH),
  );

/** ODF that names the AODF and nothing else. */
export const objectDirectoryContent = (): Uint8Array =>
  tlv(tag.authObjects, tlv(tag.sequence, tlv(tag.octetString, AUTH_DIRECTORY_PATH)));

/** TokenInfo (PKCS#15 v1.1 §6.9). */
export const tokenInfoContent = (serial: Uint8Array, label: string, updatedAt: Date): Uint8Array =>
  tlv(
    tag.sequence,
    tlv(tag.integer, Uint8Array.of(0)),
    tlv(tag.octetString, serial),
    tlv(tag.utf8, utf8(MANUFACTURER)),
    tlv(tag.context0, utf8(label)),
    tlv(tag.bitString, TOKEN_FLAGS),
    tlv(tag.lastUpdate, tlv(tag.generalizedTime, utf8(generalizedTime(updatedAt)))),
  );

/** YYYYMMDDHHMMSSZ. */
const generalizedTime = (at: Date): string => `${at.toISOString().replace(/\D/g, '').slice(0, 14)}Z`;

export interface PinObject {
  readonly label: string;
  /** Both the object's authID and the card's PIN reference. */
  readonly reference: number;
  readonly minLength: number;
  /** PinAttributes flags as a DER bit string's content (facts §8). */
  readonly flags: Uint8Array;
}

/** AODF entries (PKCS#15 v1.1 §6.8). */
export const authDirectoryContent = (pins: readonly PinObject[]): Uint8Array =>
  concatBytes(...pins.map(pinEntry));

const pinEntry = ({ label, reference, minLength, flags }: PinObject): Uint8Array =>
  tlv(
    tag.sequence,
    tlv(tag.sequence, tlv(tag.utf8, utf8(label)), tlv(tag.bitString, OBJECT_FLAGS)),
    tlv(tag.sequence, tlv(tag.octetString, Uint8Array.of(reference))),
    tlv(
      tag.typeAttributes,
      tlv(
        tag.sequence,
        tlv(tag.bitString, flags),
        tlv(tag.enumerated, ASCII_NUMERIC),
        tlv(tag.integer, Uint8Array.of(minLength)),
        tlv(tag.integer, STORED_PIN_LENGTH),
        tlv(tag.integer, STORED_PIN_LENGTH),
        tlv(tag.context0, Uint8Array.of(reference)),
        tlv(tag.octetString, Uint8Array.of(0)),
      ),
    ),
  );

/** What pkcs15-init notes of itself in 5000/4946: the profile option "pkcs15". */
export const initInfoContent = (): Uint8Array => concatBytes(Uint8Array.of(0x01, 0x06), utf8('pkcs15'));
