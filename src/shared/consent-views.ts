import { z } from 'zod';
import { documentPreview } from './signing-views.ts';
import { language, presence, theme } from './views.ts';

/** What the consent window sees of a site's request. Nothing here goes back to the site. */

const id = z.string().min(1).max(128);

/** What a site asks for, in the order of weight. */
export const consentKind = z.enum([
  'connect',
  'tokens',
  'certificate',
  'sign-in',
  'sign',
  'sign-hash',
  'timestamp',
]);
export type ConsentKind = z.infer<typeof consentKind>;

export const siteView = z.object({
  /** Scheme, host and port; letters that are not Latin as `xn--…`. */
  origin: z.string(),
  /** The host as browsers may show it, where that differs. */
  letters: z.string().optional(),
  /** The name is written in other letters, or in letters of several scripts: it may look like another site's. */
  warning: z.enum(['other-letters', 'mixed-letters']).optional(),
  /** The bank whose own signed file names this very origin as its site. */
  bankName: z.string().optional(),
});
export type SiteView = z.infer<typeof siteView>;

export const consentKeyView = z.object({
  tokenId: z.string(),
  tokenName: z.string(),
  /** SHA-256 of the certificate, lower-case hexadecimal. */
  fingerprint: z.string(),
  purpose: z.enum(['signature', 'sign-in', 'other']),
  subjectName: z.string(),
  issuerName: z.string(),
  notAfter: z.iso.datetime(),
  validity: z.enum(['valid', 'not-yet', 'expired']),
  attemptsLeft: z.number().int().nullable(),
  pinBlocked: z.boolean(),
  minPinLength: z.number().int().nullable(),
});
export type ConsentKeyView = z.infer<typeof consentKeyView>;

export const consentDocumentView = z.object({
  documentId: z.string(),
  /** As the site calls it; may be empty. */
  name: z.string(),
  bytes: z.number().int().optional(),
  /** Of the document; where the site keeps it to itself, the hash that the site has sent, whatever it is of. */
  sha256: z.string(),
});
export type ConsentDocumentView = z.infer<typeof consentDocumentView>;

export const consentView = z.object({
  id: z.string(),
  kind: consentKind,
  site: siteView,
  /** Not allowed so far: this consent also lets the site call Kilt. */
  firstContact: z.boolean(),
  way: z.enum(['extension', 'loopback']),
  documents: z.array(consentDocumentView),
  /** How documents are signed. */
  form: z.enum(['detached', 'attached', 'xml']).optional(),
  timestamp: z.boolean(),
  /** Of the place in an XML document that is signed, where it is not the whole. */
  xmlPlace: z.string().optional(),
  needsKey: z.boolean(),
  needsPin: z.boolean(),
  presence,
  keys: z.array(consentKeyView),
  /** When the request is refused if nobody answers. */
  until: z.iso.datetime(),
  language,
  theme,
});
export type ConsentView = z.infer<typeof consentView>;

const nothing = z.void();
const secret = z.instanceof(Uint8Array).refine((bytes) => bytes.length <= 256);

/** Calls of the consent window; no other page may make them, and it may make no others. */
export const consentCalls = {
  /** The request that waits for an answer; `null`: there is none any more. */
  'consent.current': { input: nothing, output: consentView.nullable() },
  'consent.show': {
    input: z.object({ id, documentId: id }),
    output: z.object({ bytes: z.number().int(), sha256: z.string(), preview: documentPreview }),
  },
  /** The user's consent. Fails with what the user can put right; the window stays then. */
  'consent.agree': {
    input: z.object({
      id,
      key: z.object({ tokenId: id, fingerprint: id }).optional(),
      pin: secret.optional(),
    }),
    output: nothing,
  },
  'consent.refuse': { input: z.object({ id }), output: nothing },
} as const;

export const consentEvents = {
  /** Another request, none any more, or what is around the one that waits has changed. */
  'consent.changed': consentView.nullable(),
} as const;

/** Settings → «Сайты». */
export const siteApprovalView = z.object({
  site: siteView,
  way: z.enum(['extension', 'loopback']),
  approvedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
});
export type SiteApprovalView = z.infer<typeof siteApprovalView>;

export const browserName = z.enum(['chrome', 'chromium', 'edge', 'yandex', 'firefox']);
export type BrowserName = z.infer<typeof browserName>;

/** What a browser of this user knows of Kilt. */
export const browserHostState = z.enum([
  /** This browser is not here, as far as can be seen. */
  'no-browser',
  'installed',
  'missing',
  /** Names another program, another extension, or is no manifest at all. */
  'wrong',
  /** The program that it names is not there or can not be started. */
  'program-missing',
]);
export type BrowserHostState = z.infer<typeof browserHostState>;

/** The way through the browser's extension. */
export const extensionView = z.object({
  on: z.boolean(),
  /** Kilt waits for browsers. */
  listening: z.boolean(),
  /** Browsers whose extension is connected now. */
  connections: z.number().int(),
  /** Empty where this build tells browsers nothing. */
  browsers: z.array(z.object({ browser: browserName, state: browserHostState })),
  /** The system was against it; the log knows why. */
  failed: z.boolean(),
});
export type ExtensionView = z.infer<typeof extensionView>;

/** The server on this computer, for pages written for NCALayer. */
export const loopbackView = z.object({
  on: z.boolean(),
  port: z.enum(['own', 'ncalayer']),
  /** Of the port. */
  number: z.number().int(),
  running: z.boolean(),
  /** `not-trusted`: browsers will not believe it until its certificate is added by hand. */
  problem: z.enum(['port-taken', 'not-trusted', 'failed']).optional(),
});
export type LoopbackView = z.infer<typeof loopbackView>;

/** Settings → «Сайты». */
export const siteCalls = {
  'sites.list': { input: nothing, output: z.array(siteApprovalView) },
  'sites.revoke': { input: z.object({ origin: z.string().max(300) }), output: z.array(siteApprovalView) },
  'sites.revokeAll': { input: nothing, output: z.array(siteApprovalView) },
  'sites.extension': { input: nothing, output: extensionView },
  /** Browsers of this user are told where Kilt is, or it is taken back from all of them. */
  'sites.switchExtension': { input: z.object({ on: z.boolean() }), output: extensionView },
  'sites.loopback': { input: nothing, output: loopbackView },
  /** The user's consent: this computer's key is made and browsers are told to trust it, or both are taken away. */
  'sites.switchLoopback': {
    input: z.object({ on: z.boolean(), port: z.enum(['own', 'ncalayer']) }),
    output: loopbackView,
  },
} as const;

export const siteEvents = { 'sites.changed': z.array(siteApprovalView) } as const;
