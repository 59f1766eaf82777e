import { asSecret, equalBytes, wipe, type SecretBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { openKeyContainer } from '#main/pki/pkcs12.ts';
import type { DataObjectName, TokenObjects } from '#main/token/token-session.ts';
import type { CaCredentials } from './registration-secrets.ts';

/**
 * What is needed to ask the CA again after a restart, on whatever computer: kept in a private data object of the token
 * while the bank decides (decision 015).
 */
export interface KeptCredentials {
  readonly registrationId: string;
  /** Where the CMP transaction stood when the CA asked to come back; its shape belongs to `pki/cmp`. */
  readonly transaction: unknown;
  readonly credentials: CaCredentials;
}

export const keptCredentialsName: DataObjectName = { application: 'Kilt', label: 'registration' };

/** Whether the token says that it holds such an object. Tells nothing of what is in it, and needs no PIN. */
export const holdsKeptCredentials = ({ privateData = [] }: TokenObjects): boolean =>
  privateData.some(
    ({ application, label }) =>
      application === keptCredentialsName.application && label === keptCredentialsName.label,
  );

const format = 1;
/** Registration, transaction, ПИН, key container, its password; the last two are empty where there is none. */
const fieldCount = 5;
const lengthBytes = 2;

/** A key container of more is left out: the token holds other things too, and a container with one key has 2 to 4 kB. */
const largestContent = 12 * 1024;

/**
 * The content of the object, in one buffer that the caller wipes: a format byte, then each field behind its length in
 * two bytes. No text or number is made of a secret on the way, because those can not be wiped.
 *
 * @returns `undefined` when it is more than should be written to a token
 */
export function encodeKeptCredentials(kept: KeptCredentials): SecretBytes | undefined {
  const { registrationPin, keyContainer } = kept.credentials;
  const none = new Uint8Array();
  const fields = [
    new TextEncoder().encode(kept.registrationId),
    new TextEncoder().encode(JSON.stringify(kept.transaction)),
    registrationPin,
    keyContainer?.content ?? none,
    keyContainer?.password ?? none,
  ];
  const size = fields.reduce((sum, field) => sum + lengthBytes + field.length, 1);
  if (size > largestContent) return undefined;
  const content = asSecret(new Uint8Array(size));
  content[0] = format;
  let at = 1;
  for (const field of fields) {
    content.set([field.length >> 8, field.length & 0xff], at);
    content.set(field, at + lengthBytes);
    at += lengthBytes + field.length;
  }
  return content;
}

/**
 * Reads the object back and opens the key container in it.
 *
 * @param content stays the caller's, who wipes it
 * @returns secrets that the caller forgets; `undefined` when it is not of this registration or can not be read
 */
export async function decodeKeptCredentials(
  content: Uint8Array,
  registrationId: string,
): Promise<KeptCredentials | undefined> {
  const [id, transaction, pin, container, password, ...others] = fieldsOf(content) ?? [];
  if (!id || !transaction || !pin || !container || !password || others.length > 0) return undefined;
  if (!equalBytes(id, new TextEncoder().encode(registrationId))) return undefined;
  let read: unknown;
  try {
    read = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(transaction));
  } catch {
    return undefined;
  }
  const registrationPin = asSecret(Uint8Array.from(pin));
  if (container.length === 0) return { registrationId, transaction: read, credentials: { registrationPin } };
  const keyContainer = {
    content: Uint8Array.from(container),
    password: asSecret(Uint8Array.from(password)),
  };
  try {
    const initialKey = await openKeyContainer(keyContainer.content, keyContainer.password);
    return {
      registrationId,
      transaction: read,
      credentials: { registrationPin, initialKey, keyContainer },
    };
  } catch (error) {
    wipe(registrationPin);
    wipe(keyContainer.password);
    if (error instanceof KiltError) return undefined;
    throw error;
  }
}

function fieldsOf(content: Uint8Array): readonly Uint8Array[] | undefined {
  if (content[0] !== format) return undefined;
  const fields: Uint8Array[] = [];
  let at = 1;
  for (let i = 0; i < fieldCount; i += 1) {
    const [high, low] = content.subarray(at, at + lengthBytes);
    if (high === undefined || low === undefined) return undefined;
    const start = at + lengthBytes;
    at = start + (high << 8) + low;
    if (at > content.length) return undefined;
    fields.push(content.subarray(start, at));
  }
  return at === content.length ? fields : undefined;
}
