import { join } from 'node:path';
import { certificateParts } from '../authority/certificate.ts';
import { bankEvent, type BankEvent, type Revocation } from './bank-event.ts';
import type { BankSession, Customer, Enrolment, KnownCertificate, Registration, Renewal } from './entries.ts';
import { NationalRevocations } from './national-revocations.ts';
import { KeySets, type KeySet } from './key-sets.ts';
import { Journal } from './journal.ts';

/** The bank's memory: a journal of events on disk and the state that follows from them. */
export class BankRecords {
  readonly #customers = new Map<string, Customer>();
  readonly #enrolments = new Map<string, Enrolment>();
  /** Later transactions that continue an earlier one. */
  readonly #continued = new Map<string, string>();
  readonly #registrations = new Map<string, Registration>();
  readonly #renewals = new Map<string, Renewal>();
  readonly #keySets = new KeySets();
  readonly #sessions = new Map<string, BankSession>();
  /** By the serial number's DER, hexadecimal. */
  readonly #revocations = new Map<string, Revocation>();
  /** What the demo national authority has revoked. */
  readonly national = new NationalRevocations();
  readonly #journal: Journal<BankEvent>;

  constructor(dataDir: string) {
    this.#journal = Journal.open(join(dataDir, 'records.jsonl'), bankEvent, (event) => {
      this.#apply(event);
    });
  }

  /** Writes an event down and takes it into account, in this order. */
  record(event: BankEvent): void {
    this.#journal.append(event);
    this.#apply(event);
  }

  close(): void {
    this.#journal.close();
  }

  customers(): readonly Customer[] {
    return [...this.#customers.values()];
  }

  customer(userId: string): Customer | undefined {
    return this.#customers.get(userId);
  }

  /** The enrolment that a transaction belongs to. */
  enrolment(transactionId: string): Enrolment | undefined {
    return this.#enrolments.get(this.#continued.get(transactionId) ?? transactionId);
  }

  enrolmentsOf(userId: string): readonly Enrolment[] {
    return [...this.#enrolments.values()].filter((enrolment) => enrolment.userId === userId);
  }

  registrations(): readonly Registration[] {
    return [...this.#registrations.values()];
  }

  registrationOf(userId: string): Registration | undefined {
    return this.registrations().find((registration) => registration.userId === userId);
  }

  renewals(): readonly Renewal[] {
    return [...this.#renewals.values()];
  }

  /** What a customer has registered and renewed, the oldest first. */
  keySetsOf(userId: string): readonly KeySet[] {
    return this.#keySets.of(userId);
  }

  session(sessionId: string): BankSession | undefined {
    return this.#sessions.get(sessionId);
  }

  /** Looks an issued certificate up by its exact bytes. */
  certificate(der: Uint8Array): KnownCertificate | undefined {
    const wanted = Buffer.from(der).toString('base64');
    for (const customer of this.#customers.values()) {
      if (customer.initialCertificate === wanted) {
        return { userId: customer.userId, role: 'initial-key', status: 'valid' };
      }
    }
    for (const enrolment of this.#enrolments.values()) {
      if (enrolment.certificate === wanted) {
        const { userId, purpose: role, transactionId } = enrolment;
        return { userId, role, status: standing(enrolment), transactionId };
      }
    }
    return undefined;
  }

  revocations(): readonly Revocation[] {
    return [...this.#revocations.values()];
  }

  /** @param serialNumber INTEGER, DER */
  revocationOf(serialNumber: Uint8Array): Revocation | undefined {
    return this.#revocations.get(hex(serialNumber));
  }

  /** Whether a customer has had a certificate with this number. @param serialNumber INTEGER, DER */
  hasIssued(serialNumber: Uint8Array): boolean {
    const wanted = hex(serialNumber);
    const issued = [
      ...this.customers().flatMap(({ initialCertificate }) => initialCertificate ?? []),
      ...[...this.#enrolments.values()].flatMap(({ certificate }) => certificate ?? []),
    ];
    return issued.some((certificate) => hex(serialOf(certificate)) === wanted);
  }

  #apply(event: BankEvent): void {
    switch (event.kind) {
      case 'customer-admitted': {
        const { kind: _, at, ...customer } = event;
        this.#customers.set(event.userId, {
          ...customer,
          decision: undefined,
          reason: undefined,
          expectedAt: undefined,
          renewalDemand: undefined,
          pinNumber: 1,
          wrongAttempts: [],
          admittedAt: at,
        });
        return;
      }
      case 'pin-renewed':
        this.#changeCustomer(event.userId, {
          sealedPin: event.sealedPin,
          wrongAttempts: [],
          pinNumber: (this.#customers.get(event.userId)?.pinNumber ?? 0) + 1,
        });
        return;
      case 'pin-wrong': {
        const before = this.#customers.get(event.userId)?.wrongAttempts ?? [];
        this.#changeCustomer(event.userId, { wrongAttempts: [...before, event.attempt] });
        return;
      }
      case 'pin-right':
        this.#changeCustomer(event.userId, { wrongAttempts: [] });
        return;
      case 'decided':
        this.#changeCustomer(event.userId, {
          decision: event.decision,
          reason: event.reason,
          expectedAt: event.expectedAt,
        });
        return;
      case 'renewal-demanded':
        this.#changeCustomer(event.userId, { renewalDemand: event.reason });
        return;
      case 'renewal-demand-withdrawn':
        this.#changeCustomer(event.userId, { renewalDemand: undefined });
        return;
      case 'certificate-requested':
        this.#enrolments.set(event.transactionId, {
          transactionId: event.transactionId,
          userId: event.userId,
          purpose: event.purpose,
          publicKey: event.publicKey,
          basis: event.basis,
          pinNumber: this.#customers.get(event.userId)?.pinNumber ?? 1,
          status: 'requested',
          certificate: undefined,
        });
        return;
      case 'request-repeated':
        this.#continued.set(event.transactionId, event.first);
        return;
      case 'request-superseded':
        this.#changeEnrolment(event.transactionId, { status: 'superseded' });
        return;
      case 'request-forgotten':
        this.#enrolments.delete(event.transactionId);
        return;
      case 'certificate-issued':
        this.#changeEnrolment(event.transactionId, { status: 'issued', certificate: event.certificate });
        return;
      case 'certificate-confirmed':
        this.#changeEnrolment(event.transactionId, { status: 'confirmed' });
        return;
      case 'certificate-revoked': {
        const serialNumber = serialOf(event.certificate);
        const { at: since, reason } = event;
        this.#revocations.set(hex(serialNumber), { serialNumber, since, reason });
        return;
      }
      case 'certificate-reinstated':
        this.#revocations.delete(hex(serialOf(event.certificate)));
        return;
      case 'national-revoked':
      case 'national-reinstated':
        this.national.apply(event);
        return;
      case 'certificate-declined':
        this.#changeEnrolment(event.transactionId, { status: 'declined' });
        return;
      case 'registered': {
        const { kind: _, at, ...registration } = event;
        this.#registrations.set(event.jti, { ...registration, registeredAt: at });
        this.#keySets.registered(event);
        return;
      }
      case 'renewed': {
        const { kind: _, at, ...renewal } = event;
        this.#renewals.set(event.jti, { ...renewal, renewedAt: at });
        this.#keySets.renewed(event);
        this.#changeCustomer(event.userId, { renewalDemand: undefined });
        return;
      }
      case 'signed-in':
        this.#sessions.set(event.sessionId, {
          sessionId: event.sessionId,
          userId: event.userId,
          signedInAt: event.at,
        });
        if (event.signInCertificate !== undefined) {
          this.#keySets.signedIn(event.userId, event.signInCertificate);
        }
        return;
    }
  }

  #changeCustomer(userId: string, change: Partial<Customer>): void {
    const customer = this.#customers.get(userId);
    if (customer) this.#customers.set(userId, { ...customer, ...change });
  }

  #changeEnrolment(transactionId: string, change: Partial<Enrolment>): void {
    const enrolment = this.#enrolments.get(transactionId);
    if (enrolment) this.#enrolments.set(transactionId, { ...enrolment, ...change });
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const serialOf = (certificate: string): Uint8Array =>
  certificateParts(new Uint8Array(Buffer.from(certificate, 'base64'))).serialNumber;

function standing(enrolment: Enrolment): KnownCertificate['status'] {
  switch (enrolment.status) {
    case 'confirmed':
      return 'valid';
    case 'issued':
      return 'unconfirmed';
    case 'requested':
    case 'declined':
    case 'superseded':
      return 'withdrawn';
  }
}
