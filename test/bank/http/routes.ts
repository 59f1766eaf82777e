import { DerError } from '../asn1/der.ts';
import { ApiRefusal } from '../api/api-refusal.ts';
import type { ApiSettings } from '../api/customer-certificate.ts';
import { endedPage, languageFor, sessionPage } from '../api/pages.ts';
import { register } from '../api/registrations.ts';
import { renewalStatus } from '../api/renewal-status.ts';
import { renew } from '../api/renewals.ts';
import { SignInDesk } from '../api/sign-in.ts';
import type { CmpDesk } from '../cmp/desk.ts';
import type { Faults } from '../faults.ts';
import { sessionCookie, sessionLifetimeMs } from '../site/site-routes.ts';
import { htmlAnswer, jsonAnswer, textAnswer, type HttpAnswer, type HttpRequest } from './answer.ts';
import type { Route } from './listener.ts';

type Find = (request: HttpRequest) => Route | undefined;

const cmpMediaType = 'application/pkixcmp';
/** RFC 9811 §3.6, and two paths that `openssl cmp` users are used to. */
const cmpPaths: ReadonlySet<string> = new Set(['/.well-known/cmp', '/pkix/', '/']);

/** CMP over HTTP: status 200 for every CMP answer, 400 only where there is no CMP message to answer. */
export function cmpRoutes(desk: CmpDesk, faults: Faults): Find {
  const route: Route = {
    fault: () => faults.take('cmp', 'http'),
    handle: ({ contentType, body }) => {
      if (contentType !== cmpMediaType) return textAnswer(415, `${cmpMediaType} expected\n`);
      try {
        return { status: 200, contentType: cmpMediaType, body: desk.handle(body) };
      } catch (error) {
        if (error instanceof DerError) return textAnswer(400, 'Not a PKIMessage\n');
        throw error;
      }
    },
  };
  return ({ method, path }) => (method === 'POST' && cmpPaths.has(path) ? route : undefined);
}

const jsonBody = ({ contentType, body }: HttpRequest): unknown => {
  if (contentType !== 'application/json') throw new ApiRefusal(415, 'unsupported-media-type');
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    throw new ApiRefusal(400, 'request-invalid', 'JSON expected');
  }
};

const joseBody = ({ contentType, body }: HttpRequest): string => {
  if (contentType !== 'application/jose') throw new ApiRefusal(415, 'unsupported-media-type');
  return Buffer.from(body).toString('utf8').trim();
};

/** The bank API under `/api`. */
export function apiRoutes(settings: ApiSettings, faults: Faults): Find {
  const signIn = new SignInDesk(settings);
  const routes: ReadonlyMap<string, (request: HttpRequest) => HttpAnswer> = new Map([
    [
      '/api/registrations',
      (request: HttpRequest) => {
        const { status, answer } = register(settings, joseBody(request));
        return jsonAnswer(status, answer);
      },
    ],
    [
      '/api/renewals',
      (request) => {
        const { status, answer } = renew(settings, joseBody(request));
        return jsonAnswer(status, answer);
      },
    ],
    ['/api/renewals/status', (request) => jsonAnswer(200, renewalStatus(settings, jsonBody(request)))],
    ['/api/login/challenges', (request) => jsonAnswer(200, signIn.challenge(jsonBody(request)))],
    ['/api/login/sessions', (request) => jsonAnswer(200, signIn.session(jsonBody(request)))],
  ]);
  return ({ method, path }) => {
    if (!path.startsWith('/api/')) return undefined;
    const serve = routes.get(path);
    return {
      fault: () => faults.take('api', 'http'),
      handle: (request) => {
        try {
          if (!serve) throw new ApiRefusal(404, 'not-found');
          if (method !== 'POST') throw new ApiRefusal(405, 'method-not-allowed');
          return serve(request);
        } catch (error) {
          if (!(error instanceof ApiRefusal)) throw error;
          const failure = { error: error.error, message: error.message };
          return jsonAnswer(
            error.status,
            failure,
            error.status === 429 ? { 'Retry-After': '60' } : undefined,
          );
        }
      },
    };
  };
}

const sessionPath = /^\/session\/([A-Za-z0-9_-]{1,64})$/;

/** Who comes from Kilt goes on to the account without signing in again. */
const withCookie = (answer: HttpAnswer, sessionId: string): HttpAnswer => ({
  ...answer,
  headers: { ...answer.headers, 'Set-Cookie': sessionCookie(sessionId) },
});

/** The page that Kilt opens, and `/health`. The site is in `site/site-routes.ts`. */
export function pageRoutes({ records, now }: ApiSettings): Find {
  return ({ method, path }) => {
    if (method !== 'GET') return undefined;
    if (path === '/health') return { handle: () => jsonAnswer(200, { status: 'ok' }) };
    const sessionId = sessionPath.exec(path)?.[1];
    if (sessionId === undefined) return undefined;
    return {
      handle: ({ acceptLanguage }) => {
        const language = languageFor(acceptLanguage);
        const session = records.session(sessionId);
        const customer = session && records.customer(session.userId);
        const alive = session && now().getTime() - Date.parse(session.signedInAt) < sessionLifetimeMs;
        return customer && alive
          ? withCookie(htmlAnswer(200, sessionPage(language, customer, session)), sessionId)
          : htmlAnswer(404, endedPage(language));
      },
    };
  };
}

export const firstOf =
  (...finds: readonly Find[]): Find =>
  (request) => {
    for (const find of finds) {
      const route = find(request);
      if (route) return route;
    }
    return undefined;
  };
