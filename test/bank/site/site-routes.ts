import { z } from 'zod';
import { ApiRefusal } from '../api/api-refusal.ts';
import { holderOf, type ApiSettings } from '../api/customer-certificate.ts';
import { languageFor, notSignedInWords } from '../api/pages.ts';
import { SignInDesk } from '../api/sign-in.ts';
import { jsonAnswer, type HttpAnswer, type HttpRequest } from '../http/answer.ts';
import type { Route } from '../http/listener.ts';
import type { BankSession, Customer } from '../records/entries.ts';
import type { OrderDesk } from './order-desk.ts';
import { checkOrderSignature, OrderSignatureError } from './order-signature.ts';
import { paymentOrderType } from './payment-order.ts';
import { siteFiles } from './site-files.ts';
import { accountPage, doctorPage, frontPage } from './site-pages.ts';

type Handler = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>;

export const sessionLifetimeMs = 30 * 60 * 1000;
/** `__Host-`: of this very origin, over TLS only. */
const cookieName = '__Host-session';

export const sessionCookie = (sessionId: string): string =>
  `${cookieName}=${sessionId}; Path=/; Secure; HttpOnly; SameSite=Strict`;

const base64 = z.base64().max(40_000);
const sessionRequest = z.union([
  z.strictObject({ challengeId: z.string().max(64), certificate: base64, signature: base64 }),
  z.strictObject({ challengeId: z.string().max(64), cms: base64 }),
]);
const signatureRequest = z.strictObject({ signature: base64 });
const orderPath = /^\/site\/orders\/([A-Za-z0-9_-]{1,64})\/signature$/;

/**
 * The site of the bank for its customers' browsers: pages, and what their script asks. Everything that changes something
 * wants an `Origin` of the bank's own beside the cookie.
 */
export function siteRoutes(
  settings: ApiSettings,
  orders: OrderDesk,
): (request: HttpRequest) => Route | undefined {
  const signIn = new SignInDesk(settings);
  const { records, now } = settings;

  const sessionOf = ({ cookie }: HttpRequest): { session: BankSession; customer: Customer } | undefined => {
    const sessionId = new RegExp(`(?:^|; )${cookieName}=([A-Za-z0-9_-]{1,64})(?:;|$)`).exec(
      cookie ?? '',
    )?.[1];
    const session = sessionId === undefined ? undefined : records.session(sessionId);
    const customer = session && records.customer(session.userId);
    const alive = session && now().getTime() - Date.parse(session.signedInAt) < sessionLifetimeMs;
    return customer && alive ? { session, customer } : undefined;
  };
  const customerOf = (request: HttpRequest): Customer => {
    const found = sessionOf(request);
    if (!found) throw new ApiRefusal(403, 'session-ended');
    return found.customer;
  };

  const openSession = (body: unknown): HttpAnswer => {
    const answer = sessionRequest.safeParse(body);
    if (!answer.success) throw new ApiRefusal(400, 'request-invalid');
    const { sessionId, customerName } =
      'cms' in answer.data
        ? signIn.sessionByStatement(answer.data.challengeId, (statement) =>
            statementSigner(settings, answer.data, statement),
          )
        : signIn.session(answer.data);
    return jsonAnswer(200, { customerName }, { 'Set-Cookie': sessionCookie(sessionId) });
  };

  const posts = new Map<string, (request: HttpRequest) => HttpAnswer>([
    [
      '/site/challenges',
      () => {
        const { challengeId, nonce, expiresAt } = signIn.openChallenge();
        const statement = signIn.statementOf(challengeId);
        return jsonAnswer(200, {
          challengeId,
          nonce: Buffer.from(nonce, 'base64url').toString('base64'),
          statement: Buffer.from(statement).toString('base64'),
          expiresAt,
        });
      },
    ],
    ['/site/sessions', (request) => openSession(jsonBody(request))],
    [
      '/site/orders',
      (request) => {
        const { orderId, document, name } = orders.draw(customerOf(request).userId, jsonBody(request));
        const content = Buffer.from(document).toString('base64');
        return jsonAnswer(200, { orderId, name, mediaType: paymentOrderType, document: content });
      },
    ],
    [
      '/site/sign-out',
      () => redirect('/', `${cookieName}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0`),
    ],
  ]);

  const signOrder =
    (orderId: string) =>
    (request: HttpRequest): HttpAnswer => {
      const { userId } = customerOf(request);
      const body = signatureRequest.safeParse(jsonBody(request));
      if (!body.success) throw new ApiRefusal(400, 'request-invalid');
      const cms = new Uint8Array(Buffer.from(body.data.signature, 'base64'));
      const { order } = orders.accept(userId, orderId, cms);
      return jsonAnswer(200, { number: order.number });
    };

  const gets = new Map<string, Handler>([
    [
      '/',
      (request) => {
        if (sessionOf(request)) return redirect('/account');
        const language = languageFor(request.acceptLanguage);
        return siteAnswer(frontPage(language, notSignedInWords(language)));
      },
    ],
    [
      '/account',
      (request) => {
        const found = sessionOf(request);
        if (!found) return redirect('/');
        const { customer } = found;
        const language = languageFor(request.acceptLanguage);
        return siteAnswer(accountPage(language, customer, orders.acceptedOf(customer.userId)));
      },
    ],
    ['/doctor', ({ acceptLanguage }) => siteAnswer(doctorPage(languageFor(acceptLanguage)))],
    [
      '/site/site.js',
      async () => ({
        status: 200,
        contentType: 'text/javascript; charset=utf-8',
        body: (await siteFiles()).script,
      }),
    ],
    [
      '/site/site.css',
      async () => ({ status: 200, contentType: 'text/css; charset=utf-8', body: (await siteFiles()).style }),
    ],
  ]);

  return ({ method, path }) => {
    const get = method === 'GET' ? gets.get(path) : undefined;
    if (get) return { handle: get };
    const orderId = orderPath.exec(path)?.[1];
    const post = method !== 'POST' ? undefined : orderId === undefined ? posts.get(path) : signOrder(orderId);
    return post && { handle: (request) => answered(request, settings.origin(), post) };
  };
}

/** A page's own request: from the bank's origin, or refused. */
function answered(
  request: HttpRequest,
  origin: string,
  serve: (request: HttpRequest) => HttpAnswer,
): HttpAnswer {
  try {
    if (request.origin !== origin) throw new ApiRefusal(403, 'origin-foreign');
    return serve(request);
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    return jsonAnswer(error.status, { error: error.error, message: error.message });
  }
}

/** Who has signed the statement for a sign-in, with the key for documents. */
function statementSigner(
  settings: ApiSettings,
  answer: { readonly cms: string } | object,
  statement: Uint8Array,
): Customer {
  try {
    const cms = 'cms' in answer ? answer.cms : '';
    const certificate = checkOrderSignature(new Uint8Array(Buffer.from(cms, 'base64')), statement);
    return holderOf(settings, certificate, 'signature');
  } catch (error) {
    if (!(error instanceof OrderSignatureError)) throw error;
    throw new ApiRefusal(403, 'signature-invalid', error.message);
  }
}

function jsonBody({ contentType, body }: HttpRequest): unknown {
  if (contentType !== 'application/json') throw new ApiRefusal(415, 'unsupported-media-type');
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    throw new ApiRefusal(400, 'request-invalid', 'JSON expected');
  }
}

const redirect = (to: string, cookie?: string): HttpAnswer => ({
  status: 303,
  contentType: 'text/plain',
  body: '',
  headers: { Location: to, ...(cookie === undefined ? {} : { 'Set-Cookie': cookie }) },
});

const siteAnswer = (html: string): HttpAnswer => ({
  status: 200,
  contentType: 'text/html; charset=utf-8',
  body: html,
  headers: {
    'Content-Security-Policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
      "connect-src 'self' https://127.0.0.1:* wss://127.0.0.1:*",
    // Not `no-referrer`: with it, browsers call the origin of the site's own requests `null` (Fetch §3.2).
    'Referrer-Policy': 'same-origin',
  },
});
