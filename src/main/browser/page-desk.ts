import { randomUUID } from 'node:crypto';
import { isKiltError, KiltError } from '#shared/errors.ts';
import type { ConsentView, SiteView } from '#shared/consent-views.ts';
import type { SettingsView } from '#shared/views.ts';
import type { AuditLog } from '#main/store/audit-log.ts';
import type { SiteApprovals } from '#main/store/site-approvals.ts';
import type { Consent, ConsentDesk, ConsentQuestion } from './consent-desk.ts';
import type { KeyPurpose, OfferedKey } from './offered-keys.ts';
import { shownOrigin, type Origin } from './origin.ts';
import { askedDocuments, showAsked, type AskedDocument } from './page-documents.ts';
import { certificateName, pageSubject, type PageKeys } from './page-keys.ts';
import type { PageAnswer, PageDoor, PageRefusal, PageRequest, PageResult } from './page-request.ts';
import { signForPage, type PageSigner } from './page-signer.ts';
import { limitBroken } from './request-limits.ts';
import { RequestRate } from './request-rate.ts';
import { UsedNonces } from './used-nonces.ts';

export interface PageDeskServices {
  readonly approvals: SiteApprovals;
  readonly keys: PageKeys;
  readonly audit: AuditLog;
  readonly consent: ConsentDesk;
  readonly signer: PageSigner;
  /** Address of the time-stamping authority for pages that want a time-stamp. */
  readonly timestampUrl: () => string;
  /** Name of the bank whose own file says that this is its site. */
  readonly bankNameOf: (origin: Origin) => string | undefined;
  readonly settings: () => Pick<SettingsView, 'language' | 'theme'>;
  readonly now: () => Date;
  /** A defect of the program: the page learns nothing of it. */
  readonly onDefect: (error: unknown) => void;
  readonly rate?: RequestRate | undefined;
  /** How long the user is waited for. */
  readonly patienceMilliseconds?: number | undefined;
}

/** A question that nobody has answered for so long is taken back. */
const patience = 5 * 60 * 1000;

/** A request that is put to the user. */
type AskingRequest = Exclude<PageRequest, { readonly kind: 'hello' }>;

/**
 * Where all requests of pages arrive, whichever way they came. One request at a time; before the user's consent a page
 * learns nothing: not who has a token, nor which certificates are on it.
 */
export class PageDesk implements PageDoor {
  readonly #services: PageDeskServices;
  readonly #rate: RequestRate;
  readonly #nonces = new UsedNonces();
  #busy = false;

  constructor(services: PageDeskServices) {
    this.#services = services;
    this.#rate = services.rate ?? new RequestRate(services.now);
  }

  async ask(request: PageRequest, signal: AbortSignal): Promise<PageAnswer> {
    try {
      return await this.#answer(request, signal);
    } catch (error) {
      this.#services.onDefect(error);
      return { outcome: 'refused', reason: 'failed', code: codeOf(error) };
    }
  }

  async #answer(request: PageRequest, signal: AbortSignal): Promise<PageAnswer> {
    const { approvals, keys } = this.#services;
    if (signal.aborted) return refused('page-closed');
    const wait = this.#rate.admit(request.origin);
    if (wait !== undefined) return { ...refused('rate-limited'), retryAfterSeconds: wait };
    const broken = limitBroken(request);
    if (broken) return refused(broken);
    if (request.kind === 'sign-in' && this.#nonces.has(request.origin, request.nonce))
      return refused('malformed');
    const approved = approvals.isApproved(request.origin);
    if (request.kind === 'hello') return { outcome: 'done', result: { kind: 'hello', approved } };
    if (approved) {
      approvals.used(request.origin);
      if (request.kind === 'connect') return { outcome: 'done', result: { kind: 'connect' } };
      if (request.kind === 'tokens')
        return { outcome: 'done', result: { kind: 'tokens', present: keys.hasToken() } };
    }
    if (this.#busy) return refused('busy');
    this.#busy = true;
    try {
      return await this.#askUser(request, !approved, signal);
    } finally {
      this.#busy = false;
    }
  }

  async #askUser(request: AskingRequest, firstContact: boolean, page: AbortSignal): Promise<PageAnswer> {
    const { approvals, audit, consent } = this.#services;
    const asking = new Asking(request, firstContact, page, this.#services);
    let outcome: 'agreed' | 'refused';
    try {
      outcome = await consent.ask(asking, asking.signal);
    } finally {
      asking.end();
    }
    const signedNonce = asking.result?.kind === 'sign-in' && request.kind === 'sign-in';
    if (signedNonce) this.#nonces.keep(request.origin, request.nonce);
    if (page.aborted) return refused('page-closed');
    if (outcome === 'agreed' && asking.result) return { outcome: 'done', result: asking.result };
    if (asking.signal.aborted) return refused('timed-out');
    this.#rate.refused(request.origin);
    audit.note(
      {
        ...noToken,
        action: 'refuse-site',
        detail: { site: request.origin, way: request.way, kind: request.kind },
      },
      'done',
    );
    const { failure } = asking;
    // A site that the user has not allowed learns nothing of what stood in the way.
    if (failure && approvals.isApproved(request.origin)) return { ...refused('failed'), code: failure.code };
    return refused('user-refused');
  }
}

const noToken = { tokenSerial: '', tokenLabel: null, role: null } as const;
const refused = (reason: PageRefusal): Extract<PageAnswer, { outcome: 'refused' }> => ({
  outcome: 'refused',
  reason,
});
const codeOf = (error: unknown): string => (isKiltError(error) ? error : new KiltError('internal')).code;

/** One request while the user is asked about it. */
class Asking implements ConsentQuestion {
  readonly id = randomUUID();
  readonly signal: AbortSignal;
  result: PageResult | undefined;
  /** What the last consent came to, where that was nothing the user could put right by typing again. */
  failure: KiltError | undefined;
  readonly #request: AskingRequest;
  readonly #firstContact: boolean;
  readonly #page: AbortSignal;
  readonly #services: PageDeskServices;
  readonly #documents: readonly AskedDocument[];
  readonly #until: Date;
  readonly #late = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #working = false;

  constructor(request: AskingRequest, firstContact: boolean, page: AbortSignal, services: PageDeskServices) {
    this.#request = request;
    this.#firstContact = firstContact;
    this.#page = page;
    this.#services = services;
    this.#documents = askedDocuments(request);
    const milliseconds = services.patienceMilliseconds ?? patience;
    this.#until = new Date(services.now().getTime() + milliseconds);
    this.signal = AbortSignal.any([page, this.#late.signal]);
    this.#timer = setTimeout(() => {
      if (!this.#working) this.#late.abort();
    }, milliseconds);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  view(): ConsentView {
    const { keys, settings } = this.#services;
    const { kind, origin, way } = this.#request;
    const purpose = purposeOf(this.#request);
    return {
      id: this.id,
      kind,
      site: siteView(origin, this.#services.bankNameOf),
      firstContact: this.#firstContact,
      way,
      documents: this.#documents.map(({ view }) => view),
      ...formView(this.#request),
      timestamp: hasTimestamp(this.#request),
      needsKey: purpose !== undefined,
      needsPin: needsPin(this.#request),
      presence: keys.presence(),
      keys: purpose === undefined ? [] : keys.offered(purpose),
      until: this.#until.toISOString(),
      ...pick(settings()),
    };
  }

  show(documentId: string) {
    return showAsked(this.#documents, documentId);
  }

  onChange(listener: () => void): () => void {
    return this.#services.keys.onChange(listener);
  }

  async agree(consent: Consent): Promise<void> {
    if (this.signal.aborted) throw new KiltError('operation-cancelled');
    if (this.#working) throw new KiltError('operation-busy');
    this.#working = true;
    try {
      this.failure = undefined;
      const key = this.#chosen(consent);
      const result = await this.#work(consent, key);
      if (this.#page.aborted) throw new KiltError('operation-cancelled');
      // Only now: a PIN that was wrong and a user who thinks better of it leave no consent standing.
      this.#services.approvals.allow(this.#request.origin, this.#request.way);
      if (this.#firstContact) this.#note('allow-site');
      this.result = result;
    } catch (error) {
      if (isKiltError(error) && !typedAgain.includes(error.id)) this.failure = error;
      throw error;
    } finally {
      this.#working = false;
    }
  }

  #chosen(consent: Consent): OfferedKey | undefined {
    const purpose = purposeOf(this.#request);
    if (purpose === undefined) return undefined;
    if (!consent.key) throw new KiltError('input-invalid', { field: 'key' });
    if (needsPin(this.#request) && !consent.pin) throw new KiltError('input-invalid', { field: 'pin' });
    return this.#services.keys.find(consent.key, purpose);
  }

  async #work({ pin }: Consent, key: OfferedKey | undefined): Promise<PageResult> {
    const request = this.#request;
    const { keys, audit } = this.#services;
    switch (request.kind) {
      case 'connect':
        return { kind: 'connect' };
      case 'tokens':
        return { kind: 'tokens', present: keys.hasToken() };
      case 'timestamp':
        throw new KiltError('internal', { step: 'timestamp for a page' });
      case 'certificate': {
        if (!key) throw new KiltError('input-invalid', { field: 'key' });
        this.#note('give-certificate', key);
        return { kind: 'certificate', certificate: key.certificate.der };
      }
      case 'sign-in': {
        if (!key || !pin) throw new KiltError('input-invalid', { field: 'key' });
        const { origin, nonce } = request;
        const signature = await audit.record(
          { ...pageSubject(key), action: 'sign-in-to-site', detail: this.#detail(key) },
          () => keys.signIn(key, pin, origin, nonce),
        );
        return { kind: 'sign-in', certificate: key.certificate.der, signature };
      }
      case 'sign':
      case 'sign-hash': {
        if (!key || !pin) throw new KiltError('input-invalid', { field: 'key' });
        const signatures = await signForPage(this.#services.signer, {
          request,
          key: { tokenId: key.token.id, fingerprint: key.fingerprint, pin },
          timestampUrl: hasTimestamp(request) ? this.#services.timestampUrl() : undefined,
          signal: this.#page,
        });
        return { kind: request.kind, certificate: key.certificate.der, signatures };
      }
    }
  }

  #note(action: 'allow-site' | 'give-certificate', key?: OfferedKey): void {
    const subject = key ? pageSubject(key) : noToken;
    this.#services.audit.note({ ...subject, action, detail: this.#detail(key) }, 'done');
  }

  #detail(key?: OfferedKey) {
    const { origin, way } = this.#request;
    return { site: origin, way, ...(key ? { certificate: certificateName(key) } : {}) };
  }
}

/** Failures after which the user types, or chooses, again. */
const typedAgain: readonly string[] = ['wrong-pin', 'input-invalid', 'key-not-found', 'operation-busy'];

/** What the user is told of a site. */
export function siteView(origin: Origin, bankNameOf: PageDeskServices['bankNameOf']): SiteView {
  const { ascii, letters, warning } = shownOrigin(origin);
  const bankName = bankNameOf(origin);
  return {
    origin: ascii,
    ...(letters === undefined ? {} : { letters }),
    ...(warning === undefined ? {} : { warning }),
    ...(bankName === undefined ? {} : { bankName }),
  };
}

const pick = ({ language, theme }: Pick<SettingsView, 'language' | 'theme'>) => ({ language, theme });

function purposeOf(request: AskingRequest): KeyPurpose | undefined {
  switch (request.kind) {
    case 'connect':
    case 'tokens':
    case 'timestamp':
      return undefined;
    case 'certificate':
      return request.purpose;
    case 'sign-in':
      return 'sign-in';
    case 'sign':
    case 'sign-hash':
      return 'signature';
  }
}

const needsPin = ({ kind }: AskingRequest): boolean => ['sign-in', 'sign', 'sign-hash'].includes(kind);

function hasTimestamp(request: AskingRequest): boolean {
  if (request.kind === 'timestamp') return true;
  if (request.kind === 'sign-hash') return request.timestamp;
  return request.kind === 'sign' && request.form.kind === 'cms' && request.form.timestamp;
}

function formView(request: AskingRequest): Pick<ConsentView, 'form' | 'xmlPlace'> {
  if (request.kind === 'sign-hash') return { form: 'detached' };
  if (request.kind !== 'sign') return {};
  const { form } = request;
  if (form.kind === 'cms') return { form: form.attached ? 'attached' : 'detached' };
  return { form: 'xml', ...(form.place.signed === '' ? {} : { xmlPlace: form.place.signed }) };
}
