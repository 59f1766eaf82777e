import type { Authority } from '../authority/authority.ts';
import type { Faults } from '../faults.ts';
import type { HttpAnswer, HttpRequest } from '../http/answer.ts';
import type { Route } from '../http/listener.ts';
import type { BankRecords } from '../records/bank-records.ts';
import { answerOcsp } from './ocsp-responder.ts';
import { revocationList } from './revocation-list.ts';

export const revocationPaths = {
  issuing: '/crl/issuing.crl',
  root: '/crl/root.crl',
  ocsp: '/ocsp',
} as const;

const hour = 3_600_000;
const listValidity = 24 * hour;

/** What the bank's CAs say about revocation, over plain HTTP: lists and a responder. All of it is signed. */
export function revocationRoutes(settings: {
  readonly records: BankRecords;
  readonly authority: Authority;
  readonly faults: Faults;
  readonly now: () => Date;
}): (request: HttpRequest) => Route | undefined {
  const { records, authority, faults, now } = settings;
  const thisUpdate = (): Date => {
    const stale = faults.take('revocation', 'dates') !== undefined;
    return new Date(now().getTime() - (stale ? 2 * listValidity : 0));
  };
  const dates = () => {
    const since = thisUpdate();
    return { thisUpdate: since, nextUpdate: new Date(since.getTime() + listValidity) };
  };
  const crl = (body: Uint8Array): HttpAnswer => ({ status: 200, contentType: 'application/pkix-crl', body });
  const routes: ReadonlyMap<string, (request: HttpRequest) => HttpAnswer> = new Map<
    string,
    (request: HttpRequest) => HttpAnswer
  >([
    [
      `GET ${revocationPaths.issuing}`,
      () => crl(revocationList(authority.issuing, records.revocations(), dates())),
    ],
    [`GET ${revocationPaths.root}`, () => crl(revocationList(authority.root, [], dates()))],
    [
      `POST ${revocationPaths.ocsp}`,
      ({ body }) => ({
        status: 200,
        contentType: 'application/ocsp-response',
        body: answerOcsp(
          body,
          authority.issuing,
          (serialNumber) =>
            records.revocationOf(serialNumber) ?? (records.hasIssued(serialNumber) ? 'good' : 'unknown'),
          thisUpdate(),
        ),
      }),
    ],
  ]);
  return ({ method, path }) => {
    const handle = routes.get(`${method} ${path}`);
    return handle && { handle, fault: () => faults.take('revocation', 'http') };
  };
}
