import { existsSync, mkdirSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import type { BankSystem } from '#main/enrolment/bank-system.ts';
import { openNationalAuthority, type NationalAuthority } from '#test/virtual-token/national/authority.ts';
import type { Admission, AdmissionOrder, NationalAdmission, NationalAdmissionOrder } from './admission.ts';
import { openAuthority } from './authority/authority.ts';
import { BankError } from './bank-error.ts';
import { bankFile, nationalMember } from './bank-file.ts';
import { usualCertificateDays } from './cmp/customer-certificate.ts';
import { CmpDesk } from './cmp/desk.ts';
import { openControlChannel } from './control/control-channel.ts';
import { Faults, type FaultOrder } from './faults.ts';
import { listener } from './http/listener.ts';
import { apiRoutes, cmpRoutes, firstOf, pageRoutes } from './http/routes.ts';
import { Office, type CustomerRow, type RevokedKey } from './office.ts';
import type { RevocationReason } from './records/bank-event.ts';
import { readJsonFile, writeFileAtomically } from './records/atomic-file.ts';
import { BankRecords } from './records/bank-records.ts';
import type { Registration, Renewal } from './records/entries.ts';
import { lockFolder } from './records/folder-lock.ts';
import type { KeySet } from './records/key-sets.ts';
import { OrderDesk, type AcceptedOrder } from './site/order-desk.ts';
import { siteRoutes } from './site/site-routes.ts';
import { publishSystems, type Published } from './systems/publish.ts';
import { nationalRevocationRoutes, revocationRoutes } from './revocation/revocation-routes.ts';

export interface BankOptions {
  readonly dataDir: string;
  /** 0 or absent: the port of the last start; at the first start any free one. */
  readonly httpsPort?: number;
  readonly httpPort?: number;
  /** `manual`: every request waits for `approve`. */
  readonly approval?: 'auto' | 'manual';
  /** What a waiting client is told. */
  readonly checkAfterSeconds?: number;
  /** What the bank file asks of Kilt; the bank itself takes all. */
  readonly authentication?: BankSystem['authentication'];
  /** The national authority whose signatures it takes; one of the bank's own folder where absent. */
  readonly national?: {
    /** As the virtual token's profile `national` has it (`--authority-data`). */
    readonly authorityFolder?: string;
    readonly owner?: NonNullable<BankSystem['national']>['owner'];
  };
  /** Also writes signed files of the manuals' four systems, into `banks/`. */
  readonly systems?: boolean;
  /** How long customers' certificates live; a year where absent. */
  readonly certificateDays?: number;
  /** How Kilt is to check for revocation, in the bank file; `if-available` where absent. */
  readonly revocation?: 'required' | 'if-available' | 'off';
  readonly now?: () => Date;
  /** Hears of defects of the bank itself. */
  readonly report?: (error: unknown) => void;
}

export interface RunningBank {
  readonly urls: {
    /** Origin over TLS: bank API, pages, CMP. */
    readonly https: string;
    /** Plain HTTP: CMP alone, for `openssl cmp`. */
    readonly http: string;
    /** CMP over TLS. */
    readonly cmp: string;
    readonly api: string;
  };
  /** Path of the `BankSystem` file. */
  readonly bankFile: string;
  readonly system: BankSystem;
  /** With {@link BankOptions.systems}. */
  readonly published: Published | undefined;
  admit(order?: AdmissionOrder): Promise<Admission>;
  admitNational(order: NationalAdmissionOrder): NationalAdmission;
  setFault(order: FaultOrder): void;
  approve(userId: string): void;
  refuse(userId: string, reason: string): void;
  /** Later requests wait again; `expectedAt` is when the customer may expect a decision. */
  hold(userId: string, expectedAt?: Date): void;
  /** The bank loses the requests that were not finished. */
  forget(userId: string): void;
  /** Wants new keys out of turn, until the customer has renewed them. */
  demandRenewal(userId: string, reason: string): void;
  withdrawRenewalDemand(userId: string): void;
  /** A new ПИН, with which the customer may begin again. */
  renewPin(userId: string, pinFile: string): void;
  revoke(userId: string, which: RevokedKey, reason?: RevocationReason): void;
  /** Lifts suspensions. */
  reinstate(userId: string): void;
  /** As the demo national authority: a NUC signature, by its serial number as Kilt shows it. */
  revokeNational(serialNumber: string, reason?: RevocationReason): void;
  /** Lifts its suspension. */
  reinstateNational(serialNumber: string): void;
  customers(): readonly CustomerRow[];
  registrations(): readonly Registration[];
  renewals(): readonly Renewal[];
  /** What a customer has registered and renewed, the oldest first, and which of it is in use. */
  keySets(userId: string): readonly KeySet[];
  /** Payment orders that were signed and taken on the site. */
  orders(): readonly AcceptedOrder[];
  stop(): Promise<void>;
}

/** Where a bank keeps a national authority of its own, for want of another. */
const nationalFolder = 'national';

/** The national authority that the bank believes; none where it was told of none and has never had one. */
async function nationalAuthority(
  { dataDir, authentication, national, systems }: BankOptions,
  now: Date,
): Promise<NationalAuthority | undefined> {
  const own = join(dataDir, nationalFolder);
  const needed = authentication === 'national-signature' || national !== undefined || systems === true;
  if (!needed && !existsSync(own)) return undefined;
  return await openNationalAuthority(national?.authorityFolder ?? own, now);
}

const portsFile = z.object({ https: z.number().int(), http: z.number().int() });

/**
 * Starts the demo bank on 127.0.0.1. All it knows lies in the data folder.
 *
 * @throws BankError when a bank runs on the folder already or a port is taken
 */
export async function startBank(options: BankOptions): Promise<RunningBank> {
  const { dataDir } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(dataDir);
  try {
    return await openBank(options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function openBank(options: BankOptions, unlock: () => void): Promise<RunningBank> {
  const { dataDir, approval = 'auto', now = () => new Date() } = options;
  const report = options.report ?? ((error: unknown) => console.error(error));
  const authority = await openAuthority(dataDir, now());
  const records = new BankRecords(dataDir);
  const faults = new Faults();
  const national = await nationalAuthority(options, now());
  const office = new Office({ records, authority, faults, approval, now });
  const { checkAfterSeconds = 5, certificateDays = usualCertificateDays } = options;
  const desk = new CmpDesk({
    records,
    authority,
    nationalIssuers: national ? [...national.chain('RSA'), ...national.chain('GOST')] : [],
    faults,
    approval,
    checkAfterSeconds,
    certificateDays,
    now,
  });

  let origin = '';
  const apiSettings = { records, authority, now, approval, origin: () => origin };
  const orders = new OrderDesk(dataDir, apiSettings);
  const cmp = cmpRoutes(desk, faults);
  const revocation = [
    revocationRoutes({ records, authority, faults, now }),
    ...(national ? [nationalRevocationRoutes({ records, national, faults, now })] : []),
  ];
  const http = createHttpServer(listener(firstOf(cmp, ...revocation), report));
  const https = createHttpsServer(
    { key: authority.tlsServer.privateKeyPem, cert: authority.tlsServer.pem, minVersion: 'TLSv1.2' },
    listener(
      firstOf(cmp, apiRoutes(apiSettings, faults), pageRoutes(apiSettings), siteRoutes(apiSettings, orders)),
      report,
    ),
  );
  const servers = [http, https];
  try {
    const kept = readJsonFile(join(dataDir, 'ports.json'), portsFile);
    const httpPort = await listen(http, options.httpPort || kept?.http);
    const httpsPort = await listen(https, options.httpsPort || kept?.https);
    writeFileAtomically(
      join(dataDir, 'ports.json'),
      JSON.stringify({ https: httpsPort, http: httpPort }),
      0o644,
    );
    const httpOrigin = `http://127.0.0.1:${String(httpPort)}`;
    const check = options.revocation ?? 'if-available';
    const owner = options.national?.owner ?? 'any';
    const taken = national && nationalMember(national, owner, check, httpOrigin);
    const authentication = options.authentication ?? 'initial-key';
    const system = bankFile(authority, httpsPort, httpPort, authentication, check, taken);
    origin = system.api.origin;
    const bankFilePath = join(dataDir, 'bank.json');
    writeFileAtomically(bankFilePath, `${JSON.stringify(system, undefined, 2)}\n`, 0o644);
    const published = options.systems ? await publishSystems(dataDir, system, taken, now()) : undefined;
    const control = await openControlChannel(dataDir, office, report);
    return {
      urls: {
        https: origin,
        http: httpOrigin,
        cmp: system.ca.url,
        api: system.api.url,
      },
      bankFile: bankFilePath,
      system,
      published,
      admit: (order = {}) => office.admit(order),
      admitNational: (order) => office.admitNational(order),
      setFault: (order) => {
        office.setFault(order);
      },
      approve: (userId) => {
        office.decide(userId, 'approved');
      },
      refuse: (userId, reason) => {
        office.decide(userId, 'refused', { reason });
      },
      hold: (userId, expectedAt) => {
        office.decide(userId, 'held', { expectedAt });
      },
      forget: (userId) => {
        office.forget(userId);
      },
      demandRenewal: (userId, reason) => {
        office.demandRenewal(userId, reason);
      },
      withdrawRenewalDemand: (userId) => {
        office.withdrawRenewalDemand(userId);
      },
      renewPin: (userId, pinFile) => {
        office.renewPin(userId, pinFile);
      },
      revoke: (userId, which, reason = 'unspecified') => {
        office.revoke(userId, which, reason);
      },
      revokeNational: (serialNumber, reason = 'unspecified') => {
        office.revokeNational(serialNumber, reason);
      },
      reinstateNational: (serialNumber) => {
        office.reinstateNational(serialNumber);
      },
      reinstate: (userId) => {
        office.reinstate(userId);
      },
      customers: () => office.customers(),
      registrations: () => office.registrations(),
      renewals: () => office.renewals(),
      keySets: (userId) => records.keySetsOf(userId),
      orders: () => orders.accepted(),
      stop: async () => {
        control.close();
        await Promise.all(servers.map(closeServer));
        orders.close();
        records.close();
        unlock();
      },
    };
  } catch (error) {
    await Promise.all(servers.map(closeServer));
    orders.close();
    records.close();
    throw error;
  }
}

function listen(server: Server, port = 0): Promise<number> {
  return new Promise((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      failed(error.code === 'EADDRINUSE' ? new BankError(`port ${String(port)} is taken`) : error);
    });
    server.listen(port, '127.0.0.1', () => {
      // A TCP server that listens has an address with a port.
      done((server.address() as AddressInfo).port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => {
      done();
    });
    server.closeAllConnections();
  });
}
