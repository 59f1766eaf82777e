import { z } from 'zod';
import type { PageAnswer, PageResult } from '../page-request.ts';
import { ownStorage, readBase64, writeBase64, type NcalayerCall } from './call.ts';
import type { ReadMethod } from './common-utils.ts';
import { pem } from './key-info.ts';

export const basicsModule = 'kz.gov.pki.knca.basics';

const signingParams = z.object({
  /** `data` is base64 and not the text itself. */
  decode: z.boolean().optional(),
  /** The document goes into its signature. */
  encapsulate: z.boolean().optional(),
  /** `data` is the hash of a document. */
  digested: z.boolean().optional(),
  /** Where it is there, whatever it holds, a time-stamp is wanted. The authority is Kilt's choice. */
  tsaProfile: z.record(z.string(), z.unknown()).nullish(),
  outputCert: z.boolean().optional(),
  tbsElementXPath: z.string().optional(),
  signatureParentElementXPath: z.string().optional(),
});

const signArgs = z.object({
  allowedStorages: z.array(z.string()).nullish(),
  format: z.enum(['cms', 'xml']),
  data: z.union([z.string(), z.array(z.string())]),
  signingParams,
  /** Which certificates the page would like; the user chooses, and the page's server judges. */
  signerParams: z
    .object({
      extKeyUsageOids: z.array(z.string()).optional(),
      iin: z.string().nullish(),
      bin: z.string().nullish(),
      serialNumber: z.string().nullish(),
      chain: z.array(z.string()).nullish(),
    })
    .nullish(),
  locale: z.string().optional(),
  /** Never shown: a page does not choose pictures beside its request. */
  logo: z.string().optional(),
});

const cancelled = { status: true, body: {} } as const;
const invocation = (details: string) => ({
  status: false,
  code: 'INVOCATION_ERROR',
  message: 'An invoked method threw an exception.',
  details,
});
const failure = (code: 'INVALID_SIGNING_PARAMS' | 'SIGNING_FAILURE' | 'GENERAL_ERROR', details: string) => ({
  status: false,
  code,
  message: details,
  details,
});

function refused({ reason, code }: Extract<PageAnswer, { outcome: 'refused' }>): unknown {
  switch (reason) {
    case 'user-refused':
    case 'timed-out':
    case 'page-closed':
    case 'not-approved':
      return cancelled;
    case 'malformed':
    case 'too-large':
    case 'unsupported':
      return failure('INVALID_SIGNING_PARAMS', reason);
    case 'failed':
    case 'token-missing':
      return failure('SIGNING_FAILURE', code ?? reason);
    case 'busy':
    case 'rate-limited':
      return failure('GENERAL_ERROR', reason);
  }
}

/** Reads a call of `kz.gov.pki.knca.basics`. Time-stamps, hashes and XML as the page says; keys as the user says. */
export function readBasics({ method, args }: NcalayerCall): ReadMethod {
  if (method !== 'sign') return { answer: invocation(`no such method: ${method.slice(0, 100)}`) };
  const read = signArgs.safeParse(args);
  if (!read.success) return { answer: invocation(parseDetails(read.error)) };
  const { allowedStorages, format, data, signingParams: params } = read.data;
  // Other storages are for others to open: the answer is that of a user who found no key.
  if (allowedStorages && !allowedStorages.includes(ownStorage)) return { answer: cancelled };
  const many = Array.isArray(data);
  const texts = many ? data : [data];
  return format === 'xml' ? signXml(texts, params) : signCms(texts, many, params);
}

/** In the words of the library that the original reads its JSON with. */
function parseDetails(error: z.ZodError): string {
  const field = String(error.issues[0]?.path[0] ?? 'args');
  const kind = field === 'signingParams' || field === 'signerParams' ? 'JSONObject' : 'value of its kind';
  return `org.json.JSONException: JSONObject["${field}"] is not a ${kind}.`;
}

type Params = z.output<typeof signingParams>;

function signCms(texts: readonly string[], many: boolean, params: Params): ReadMethod {
  const contents = texts.map((text) =>
    params.decode === false ? new TextEncoder().encode(text) : readBase64(text),
  );
  if (!contents.every((one) => one !== undefined))
    return { answer: failure('INVALID_SIGNING_PARAMS', 'data is not base64') };
  const timestamp = params.tsaProfile !== undefined && params.tsaProfile !== null;
  const write = (bytes: Uint8Array): string => pem('CMS', bytes);
  const done = answerWith(params, write, many);
  if (params.digested === true) {
    return {
      request: {
        kind: 'sign-hash',
        timestamp,
        documents: contents.map((hash) => ({ name: '', hash })),
      },
      done,
      refused,
    };
  }
  return {
    request: {
      kind: 'sign',
      form: { kind: 'cms', attached: params.encapsulate !== false, timestamp },
      documents: contents.map((content) => ({ name: '', mediaType: '', content })),
    },
    done,
    refused,
  };
}

function signXml(texts: readonly string[], params: Params): ReadMethod {
  return {
    request: {
      kind: 'sign',
      form: {
        kind: 'xml',
        place: { signed: params.tbsElementXPath ?? '', parent: params.signatureParentElementXPath ?? '' },
        layout: 'compact',
      },
      documents: texts.map((text) => ({
        name: '',
        mediaType: 'application/xml',
        content: new TextEncoder().encode(text),
      })),
    },
    done: answerWith(params, (bytes) => new TextDecoder().decode(bytes), true),
    refused,
  };
}

/** Pages take both a text and a list of one: recorded answers have a text for one CMS and a list for XML. */
const answerWith =
  (params: Params, write: (bytes: Uint8Array) => string, list: boolean) =>
  (result: PageResult): unknown => {
    if (!('signatures' in result)) return failure('GENERAL_ERROR', 'no signature');
    const made = result.signatures.map(write);
    if (params.outputCert === true) {
      const certificate = writeBase64(result.certificate);
      return { status: true, body: { result: { signatures: made, certificate } } };
    }
    return { status: true, body: { result: list ? made : made[0] } };
  };
