import type { NationalAuthority } from '#test/virtual-token/national/authority.ts';
import type { Authority } from '../authority/authority.ts';
import type { Faults } from '../faults.ts';
import type { HttpAnswer, HttpRequest } from '../http/answer.ts';
import type { Route } from '../http/listener.ts';
import type { BankRecords } from '../records/bank-records.ts';
import { answerOcsp } from './ocsp-responder.ts';
import { bankIssuer, nationalIssuer, type RevocationIssuer } from './revocation-issuer.ts';
import { revocationList } from './revocation-list.ts';

export const revocationPaths = {
  issuing: '/crl/issuing.crl',
  root: '/crl/root.crl',
  ocsp: '/ocsp',
} as const;

/** The same of the demo national authority: a CRL for each of its issuing CAs, and one responder for all. */
export const nationalPaths = {
  RSA: '/national/rsa.crl',
  GOST: '/national/gost.crl',
  ocsp: '/national/ocsp',
} as const;

const hour = 3_600_000;
const listValidity = 24 * hour;

type Handler = (request: HttpRequest) => HttpAnswer;
type Routes = (request: HttpRequest) => Route | undefined;

interface RevocationSettings {
  readonly records: BankRecords;
  readonly faults: Faults;
  readonly now: () => Date;
}

const crl = (body: Uint8Array): HttpAnswer => ({ status: 200, contentType: 'application/pkix-crl', body });
const ocsp = (body: Uint8Array): HttpAnswer => ({
  status: 200,
  contentType: 'application/ocsp-response',
  body,
});

/** What the bank's CAs say about revocation, over plain HTTP: lists and a responder. All of it is signed. */
export function revocationRoutes(settings: RevocationSettings & { readonly authority: Authority }): Routes {
  const { records, authority } = settings;
  const [root, issuing] = [bankIssuer(authority.root), bankIssuer(authority.issuing)];
  const { thisUpdate, dates } = datesFrom(settings);
  const standing = (serialNumber: Uint8Array) =>
    records.revocationOf(serialNumber) ?? (records.hasIssued(serialNumber) ? 'good' : 'unknown');
  return routesOf(settings, [
    [`GET ${revocationPaths.issuing}`, () => crl(revocationList(issuing, records.revocations(), dates()))],
    [`GET ${revocationPaths.root}`, () => crl(revocationList(root, [], dates()))],
    [`POST ${revocationPaths.ocsp}`, ({ body }) => ocsp(answerOcsp(body, [issuing], standing, thisUpdate()))],
  ]);
}

/** The same of the demo national authority, which knows a signature by its serial number alone. */
export function nationalRevocationRoutes(
  settings: RevocationSettings & { readonly national: NationalAuthority },
): Routes {
  const { records, national } = settings;
  const issuers = (family: 'RSA' | 'GOST') => {
    const [root, issuing] = national.signers(family);
    return { root: nationalIssuer(root), issuing: nationalIssuer(issuing) };
  };
  const [rsa, gost] = [issuers('RSA'), issuers('GOST')];
  const { thisUpdate, dates } = datesFrom(settings);
  const list = (issuer: RevocationIssuer): HttpAnswer =>
    crl(revocationList(issuer, records.national.all(), dates()));
  const standing = (serialNumber: Uint8Array) => records.national.of(serialNumber) ?? 'good';
  return routesOf(settings, [
    [`GET ${nationalPaths.RSA}`, () => list(rsa.issuing)],
    [`GET ${nationalPaths.GOST}`, () => list(gost.issuing)],
    [
      `POST ${nationalPaths.ocsp}`,
      ({ body }) =>
        ocsp(answerOcsp(body, [rsa.issuing, gost.issuing, rsa.root, gost.root], standing, thisUpdate())),
    ],
  ]);
}

function datesFrom({ faults, now }: RevocationSettings) {
  const thisUpdate = (): Date => {
    const stale = faults.take('revocation', 'dates') !== undefined;
    return new Date(now().getTime() - (stale ? 2 * listValidity : 0));
  };
  const dates = () => {
    const since = thisUpdate();
    return { thisUpdate: since, nextUpdate: new Date(since.getTime() + listValidity) };
  };
  return { thisUpdate, dates };
}

function routesOf({ faults }: RevocationSettings, handlers: readonly (readonly [string, Handler])[]): Routes {
  const routes: ReadonlyMap<string, Handler> = new Map(handlers);
  return ({ method, path }) => {
    const handle = routes.get(`${method} ${path}`);
    return handle && { handle, fault: () => faults.take('revocation', 'http') };
  };
}
