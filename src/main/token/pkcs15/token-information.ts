import { concatBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { tokenInformationSize } from './application-files.ts';
import {
  contextTag,
  derTag,
  DerError,
  encodeElement,
  encodeInteger,
  encodeNamedBits,
  encodeSequence,
  encodeText,
  readElement,
  readSequence,
  type DerElement,
} from './der.ts';

/** EF TokenInfo (PKCS#15 v1.1 §6.9, trace T2), as far as it is read here. */
export interface TokenInformation {
  readonly label: string;
  /** Seconds are its finest step; `null` when the token does not say. */
  readonly lastUpdate: Date | null;
}

const version1 = encodeInteger(0);
const manufacturer = encodeText('Aktiv Co.');
/** TokenFlags eIDCompliant, as OpenSC writes it. */
const flags = encodeNamedBits([3]);
const labelTag = contextTag(0, false);
const lastUpdateTag = contextTag(5);

/** GeneralizedTime as DER wants it: `YYYYMMDDHHMMSSZ`. */
const encodeTime = (at: Date): Uint8Array => {
  const text = at.toISOString().replace(/[-:T]|\.\d+/g, '');
  return encodeElement(derTag.generalizedTime, new TextEncoder().encode(text));
};

function decodeTime(bytes: Uint8Array): Date | null {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(new TextDecoder('latin1').decode(bytes));
  if (match === null) return null;
  const [, year, month, day, hour, minute, second] = match;
  const at = new Date(
    `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`,
  );
  return Number.isNaN(at.getTime()) ? null : at;
}

const encodeLabel = (label: string): Uint8Array => encodeElement(labelTag, new TextEncoder().encode(label));
const encodeLastUpdate = (at: Date): Uint8Array => encodeElement(lastUpdateTag, encodeTime(at));

/** A new TokenInfo. @param serial as the card gives it */
export const encodeTokenInformation = (serial: Uint8Array, label: string, lastUpdate: Date): Uint8Array =>
  encodeSequence(
    version1,
    encodeElement(derTag.octetString, serial),
    manufacturer,
    encodeLabel(label),
    flags,
    encodeLastUpdate(lastUpdate),
  );

const damaged = (cause: unknown): KiltError =>
  new KiltError('token-layout-damaged', { file: 'TokenInfo' }, { cause });

/** True for a file that was made and never written. */
export const isBlank = (bytes: Uint8Array): boolean =>
  bytes[0] === undefined || bytes[0] === 0x00 || bytes[0] === 0xff;

/**
 * The mark of a format that is under way: the last byte of the file, far behind what the file says. It stands there
 * before there is a PIN on the token, and is taken away by the last command (docs/decisions/013). One byte, so that a
 * command torn by a power failure has done it or not.
 */
const unfinishedMark = { at: tokenInformationSize - 1, value: 0x46, none: 0x00 } as const;

/** The whole file with this content, marked as belonging to a format that is under way. */
export function markedUnfinished(information: Uint8Array): Uint8Array {
  if (information.length > unfinishedMark.at) throw new KiltError('input-invalid', { field: 'label' });
  const file = new Uint8Array(tokenInformationSize);
  file.set(information);
  file[unfinishedMark.at] = unfinishedMark.value;
  return file;
}

/** What takes the mark away. */
export const markRemoval = {
  offset: unfinishedMark.at,
  data: Uint8Array.of(unfinishedMark.none),
} as const;

/** @param file TokenInfo, whole */
export function isMarkedUnfinished(file: Uint8Array): boolean {
  if (file[unfinishedMark.at] !== unfinishedMark.value) return false;
  try {
    return readElement(file).raw.length <= unfinishedMark.at;
  } catch (cause) {
    if (cause instanceof DerError) return true; // Torn, and the mark still stands.
    throw cause;
  }
}

/** @returns `null` for a file that was never written @throws KiltError `token-layout-damaged` */
export function parseTokenInformation(bytes: Uint8Array): TokenInformation | null {
  if (isBlank(bytes)) return null;
  try {
    const fields = readSequence(readElement(bytes));
    const label = fields.find((field) => field.tag === labelTag);
    const lastUpdate = fields.find((field) => field.tag === lastUpdateTag);
    return {
      label: label === undefined ? '' : new TextDecoder().decode(label.content),
      lastUpdate: lastUpdate === undefined ? null : decodeTime(readElement(lastUpdate.content).content),
    };
  } catch (cause) {
    if (cause instanceof DerError) throw damaged(cause);
    throw cause;
  }
}

/** The same file with another label or time; all other fields stay byte for byte. */
export function changeTokenInformation(
  bytes: Uint8Array,
  change: { readonly label?: string; readonly lastUpdate: Date },
): Uint8Array {
  try {
    const whole = readElement(bytes);
    const changed = encodeSequence(
      ...withLastUpdate(withLabel(readSequence(whole), change.label), change.lastUpdate).map(
        ({ raw }) => raw,
      ),
    );
    // What is left of a longer old value is overwritten, so that the file ends in zeros as OpenSC leaves it.
    return concatBytes(changed, new Uint8Array(Math.max(0, whole.raw.length - changed.length)));
  } catch (cause) {
    if (cause instanceof DerError) throw damaged(cause);
    throw cause;
  }
}

const elementOf = (raw: Uint8Array): DerElement => readElement(raw);

/** The label stands before the flags. */
function withLabel(fields: readonly DerElement[], label: string | undefined): readonly DerElement[] {
  if (label === undefined) return fields;
  const others = fields.filter((field) => field.tag !== labelTag);
  const old = fields.findIndex((field) => field.tag === labelTag);
  const at = old >= 0 ? old : others.findIndex((field) => field.tag === derTag.bitString);
  return others.toSpliced(at >= 0 ? at : others.length, 0, elementOf(encodeLabel(label)));
}

/** The time stands after the flags and all fields with a lower context tag. */
function withLastUpdate(fields: readonly DerElement[], at: Date): readonly DerElement[] {
  const others = fields.filter((field) => field.tag !== lastUpdateTag);
  const after = others.findLastIndex(
    ({ tag }) =>
      tag === derTag.bitString || tag === derTag.sequence || (tag > contextTag(0) && tag < lastUpdateTag),
  );
  return others.toSpliced(after + 1, 0, elementOf(encodeLastUpdate(at)));
}
