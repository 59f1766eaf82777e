import { parseXml } from '#main/pki/xml/xml-document.ts';
import { XmlError } from '#main/pki/xml/xml-error.ts';
import type { PageAnswer, PageRefusal, PageRequest, PageResult } from '../page-request.ts';
import { ownStorage, readBase64, writeBase64, type NcalayerCall } from './call.ts';
import { keyInfo } from './key-info.ts';

/** A request without what only its connection knows. */
type Without<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;
export type BarePageRequest = Without<PageRequest, 'id' | 'origin' | 'way'>;

/** What a call comes to: a request for the desk and the shape of its answer, or an answer at once. */
export type ReadMethod =
  | {
      readonly request: BarePageRequest;
      readonly done: (result: PageResult) => unknown;
      readonly refused: (answer: Extract<PageAnswer, { outcome: 'refused' }>) => unknown;
    }
  | { readonly answer: unknown };

export const commonUtilsModule = 'kz.gov.pki.knca.commonUtils';

const failed = (message?: string) => ({ code: '500', ...(message === undefined ? {} : { message }) });
const ok = (responseObject: unknown) => ({ code: '200', responseObject });

/** As NCALayer words them, where it has a word; pages compare with these. */
const refusalWords: Readonly<Record<PageRefusal, string>> = {
  'user-refused': 'action.canceled',
  'timed-out': 'action.canceled',
  'page-closed': 'action.canceled',
  'not-approved': 'action.canceled',
  'token-missing': 'storage.empty',
  busy: 'kilt.busy',
  'rate-limited': 'kilt.rate-limited',
  malformed: 'kilt.malformed',
  'too-large': 'kilt.too-large',
  unsupported: 'kilt.unsupported',
  failed: 'kilt.failed',
};
const refused = ({ reason, code }: Extract<PageAnswer, { outcome: 'refused' }>) =>
  failed(code === undefined ? refusalWords[reason] : `${refusalWords[reason]} ${code}`);

/** Of a method that was called with something else than it takes. */
const mismatch = (method: string): ReadMethod => ({
  answer: failed(`java.lang.IllegalArgumentException: argument type mismatch. Method: ${method}`),
});

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

const document = (content: Uint8Array, mediaType = '') => ({ name: '', mediaType, content });

/** Reads a call of `kz.gov.pki.knca.commonUtils`. Which key type a page names changes nothing: see the decision 081. */
export function readCommonUtils({ method, args }: NcalayerCall): ReadMethod {
  const given: readonly unknown[] = Array.isArray(args) ? args : [];
  switch (method) {
    case 'getActiveTokens':
      return {
        request: { kind: 'tokens' },
        done: (result) => ok(result.kind === 'tokens' && result.present ? [ownStorage] : []),
        refused,
      };
    case 'getKeyInfo':
      return withStorage(method, given, () => ({
        request: { kind: 'certificate', purpose: 'any' },
        done: (result) => (result.kind === 'certificate' ? ok(keyInfo(result.certificate)) : failed()),
        refused,
      }));
    case 'createCAdESFromBase64':
      return withStorage(method, given, () => signBase64(method, given, false));
    case 'createCMSSignatureFromBase64':
      return withStorage(method, given, () => signBase64(method, given, true));
    case 'createCAdESFromBase64Hash':
      return withStorage(method, given, () => signHash(method, given));
    case 'signXml':
      return withStorage(method, given, () =>
        isText(given[2]) ? signXmls(method, given, [given[2]], ([first]) => first) : mismatch(method),
      );
    case 'signXmls':
      return withStorage(method, given, () =>
        isTexts(given[2]) ? signXmls(method, given, given[2], (all) => all) : mismatch(method),
      );
    case 'applyCAdEST':
      return withStorage(method, given, () => applyTimestamp(method, given));
    case 'changeLocale':
      return { answer: isText(given[0]) ? { code: '200' } : mismatchAnswer(method) };
    case 'createCAdESFromFile':
    case 'createCMSSignatureFromFile':
    case 'showFileChooser':
      // A page does not name files on this computer.
      return { answer: failed('kilt.unsupported') };
    default:
      return { answer: failed(`java.lang.NoSuchMethodException: ${method.slice(0, 100)}`) };
  }
}

const mismatchAnswer = (method: string): unknown =>
  failed(`java.lang.IllegalArgumentException: argument type mismatch. Method: ${method}`);

/** The first argument names where the key lies; the second, where there is one, which kind of key. */
function withStorage(method: string, given: readonly unknown[], read: () => ReadMethod): ReadMethod {
  const [storage, keyType] = given;
  if (!isText(storage) || (given.length > 1 && !isText(keyType))) return mismatch(method);
  if (storage === '') return { answer: failed('storageName.param.empty') };
  if (storage !== ownStorage) return { answer: failed('storage.unknown') };
  return read();
}

function signBase64(method: string, given: readonly unknown[], timestamp: boolean): ReadMethod {
  const [, , data, attach] = given;
  // Several at once is what the token maker's own program allows beside NCALayer.
  const texts = isText(data) ? [data] : isTexts(data) ? data : undefined;
  if (!texts || typeof attach !== 'boolean') return mismatch(method);
  const contents = texts.map(readBase64);
  if (!contents.every((one) => one !== undefined)) return { answer: failed() };
  return {
    request: {
      kind: 'sign',
      form: { kind: 'cms', attached: attach, timestamp },
      documents: contents.map((content) => document(content)),
    },
    done: signatures((all) => ok(isText(data) ? all[0] : all), writeBase64),
    refused,
  };
}

function signHash(method: string, given: readonly unknown[]): ReadMethod {
  const [, , data] = given;
  if (!isText(data)) return mismatch(method);
  const hash = readBase64(data);
  // What is no hash is refused without words there too.
  if (!hash || hash.length === 0) return { answer: failed() };
  return {
    request: { kind: 'sign-hash', timestamp: false, documents: [{ name: '', hash }] },
    done: signatures(([first]) => ok(first), writeBase64),
    refused,
  };
}

function signXmls(
  method: string,
  given: readonly unknown[],
  texts: readonly string[],
  shape: (all: readonly string[]) => unknown,
): ReadMethod {
  const [, , , signed = '', parent = ''] = given;
  if (!isText(signed) || !isText(parent)) return mismatch(method);
  const unreadable = texts.find((text) => !isXml(text));
  if (unreadable !== undefined) return { answer: failed(parseFailure) };
  return {
    request: {
      kind: 'sign',
      form: { kind: 'xml', place: { signed, parent }, layout: 'lines' },
      documents: texts.map((text) => document(new TextEncoder().encode(text), 'application/xml')),
    },
    done: signatures(
      (all) => ok(shape(all)),
      (bytes) => new TextDecoder().decode(bytes),
    ),
    refused,
  };
}

function applyTimestamp(method: string, given: readonly unknown[]): ReadMethod {
  const [, , data] = given;
  if (!isText(data)) return mismatch(method);
  const signature = readBase64(data);
  if (!signature) return { answer: failed() };
  return {
    request: { kind: 'timestamp', signature },
    done: (result) => (result.kind === 'timestamp' ? ok(writeBase64(result.signature)) : failed()),
    refused,
  };
}

const signatures =
  (shape: (all: readonly string[]) => unknown, write: (bytes: Uint8Array) => string) =>
  (result: PageResult): unknown =>
    'signatures' in result ? shape(result.signatures.map(write)) : failed();

/** As the original's parser begins; it goes on with a place, which pages show to nobody. */
const parseFailure =
  'org.xml.sax.SAXParseException; XML document structures must start and end within the same entity.';

function isXml(text: string): boolean {
  try {
    parseXml(text);
    return true;
  } catch (error) {
    if (error instanceof XmlError) return false;
    throw error;
  }
}
