import { resolve } from 'node:path';
import { z } from 'zod';
import { wipe } from '#shared/bytes.ts';
import {
  admissionOrder,
  admit,
  admitWithNationalSignature,
  nationalAdmissionOrder,
  writeAdmission,
  type Admission,
  type AdmissionOrder,
  type NationalAdmission,
  type NationalAdmissionOrder,
} from './admission.ts';
import type { Authority } from './authority/authority.ts';
import { certificateParts } from './authority/certificate.ts';
import { newPin, sealPin } from './authority/sealed-pin.ts';
import { BankError } from './bank-error.ts';
import { decisionFor, isLocked } from './cmp/enrolment-rules.ts';
import { faultOrder, type FaultOrder, type Faults } from './faults.ts';
import { writeFileAtomically } from './records/atomic-file.ts';
import { nationalSerial, revocationReason, type RevocationReason } from './records/bank-event.ts';
import type { BankRecords } from './records/bank-records.ts';
import type { Decision, Registration, Renewal } from './records/entries.ts';

/** Which of a customer's certificates. */
export const revokedKey = z.enum(['signature', 'sign-in', 'initial-key', 'all']);
export type RevokedKey = z.infer<typeof revokedKey>;

/** What the office is asked from the command line, over the control channel or directly. */
export const officeCommand = z.discriminatedUnion('command', [
  z.object({ command: z.literal('admit'), order: admissionOrder, outDir: z.string() }),
  z.object({ command: z.literal('admit-national'), order: nationalAdmissionOrder, outDir: z.string() }),
  z.object({
    command: z.literal('decide'),
    userId: z.string(),
    decision: z.enum(['approved', 'held', 'refused']),
    reason: z.string().optional(),
    expectedAt: z.iso.datetime().optional(),
  }),
  z.object({ command: z.literal('demand-renewal'), userId: z.string(), reason: z.string() }),
  z.object({ command: z.literal('withdraw-demand'), userId: z.string() }),
  z.object({ command: z.literal('forget'), userId: z.string() }),
  z.object({ command: z.literal('renew-pin'), userId: z.string(), pinFile: z.string() }),
  z.object({
    command: z.literal('revoke'),
    userId: z.string(),
    which: revokedKey,
    reason: revocationReason,
  }),
  z.object({ command: z.literal('reinstate'), userId: z.string() }),
  z.object({
    command: z.literal('revoke-national'),
    serialNumber: nationalSerial,
    reason: revocationReason,
  }),
  z.object({ command: z.literal('reinstate-national'), serialNumber: nationalSerial }),
  z.object({ command: z.literal('customers') }),
  z.object({ command: z.literal('registrations') }),
  z.object({ command: z.literal('renewals') }),
  z.object({ command: z.literal('fault'), order: faultOrder }),
]);
export type OfficeCommand = z.input<typeof officeCommand>;

/** A customer as the list shows one; without secrets. */
export interface CustomerRow {
  readonly userId: string;
  readonly name: string;
  readonly decision: Decision;
  readonly wrongPins: number;
  readonly locked: boolean;
  readonly certificates: readonly { readonly purpose: string; readonly status: string }[];
  readonly registered: boolean;
}

/** The bank's officers: they admit customers, decide about requests and look things up. */
export class Office {
  readonly #records: BankRecords;
  readonly #authority: Authority;
  readonly #faults: Faults | undefined;
  readonly #approval: 'auto' | 'manual';
  readonly #now: () => Date;

  constructor(settings: {
    readonly records: BankRecords;
    readonly authority: Authority;
    /** Absent where no server runs in this process. */
    readonly faults?: Faults;
    readonly approval: 'auto' | 'manual';
    readonly now: () => Date;
  }) {
    this.#records = settings.records;
    this.#authority = settings.authority;
    this.#faults = settings.faults;
    this.#approval = settings.approval;
    this.#now = settings.now;
  }

  /** @throws BankError, ZodError */
  admit(order: AdmissionOrder): Promise<Admission> {
    return admit({ records: this.#records, authority: this.#authority, now: this.#now }, order);
  }

  /** A customer who brings a NUC signature along. @throws BankError, ZodError */
  admitNational(order: NationalAdmissionOrder): NationalAdmission {
    const desk = { records: this.#records, authority: this.#authority, now: this.#now };
    return admitWithNationalSignature(desk, order);
  }

  /** Approval or refusal stands for both keys of a customer, also for requests that are still to come. */
  decide(
    userId: string,
    decision: Decision,
    { reason, expectedAt }: { reason?: string | undefined; expectedAt?: Date | undefined } = {},
  ): void {
    this.#mustKnow(userId);
    this.#records.record({
      kind: 'decided',
      at: this.#now().toISOString(),
      userId,
      decision,
      ...(reason === undefined ? {} : { reason }),
      ...(expectedAt === undefined ? {} : { expectedAt: expectedAt.toISOString() }),
    });
  }

  /** Tells the customer at every sign-in that the bank wants new keys, until they have come. */
  demandRenewal(userId: string, reason: string): void {
    this.#mustKnow(userId);
    this.#records.record({ kind: 'renewal-demanded', at: this.#now().toISOString(), userId, reason });
  }

  withdrawRenewalDemand(userId: string): void {
    this.#mustKnow(userId);
    this.#records.record({ kind: 'renewal-demand-withdrawn', at: this.#now().toISOString(), userId });
  }

  /** The bank loses the customer's requests that were not finished. Returns how many. */
  forget(userId: string): number {
    this.#mustKnow(userId);
    const unfinished = this.#records
      .enrolmentsOf(userId)
      .filter(({ status }) => status === 'requested' || status === 'issued');
    for (const { transactionId } of unfinished) {
      this.#records.record({ kind: 'request-forgotten', at: this.#now().toISOString(), transactionId });
    }
    return unfinished.length;
  }

  /** A new OTP card: unlocks a customer. The new ПИН goes to a file. */
  renewPin(userId: string, pinFile: string): void {
    this.#mustKnow(userId);
    const pin = newPin();
    try {
      const sealedPin = sealPin(pin, userId, this.#authority.sealingKey);
      writeFileAtomically(pinFile, pin, 0o600);
      this.#records.record({ kind: 'pin-renewed', at: this.#now().toISOString(), userId, sealedPin });
    } finally {
      wipe(pin);
    }
  }

  /** @throws BankError when the customer has no such certificate */
  revoke(userId: string, which: RevokedKey, reason: RevocationReason): void {
    const certificates = this.#certificatesOf(userId, which);
    if (certificates.length === 0) throw new BankError(`${userId} has no such certificate`);
    for (const certificate of certificates) {
      const at = this.#now().toISOString();
      this.#records.record({ kind: 'certificate-revoked', at, certificate, reason });
    }
  }

  /** Lifts suspensions; what is revoked stays revoked. */
  reinstate(userId: string): void {
    for (const certificate of this.#certificatesOf(userId, 'all')) {
      const { serialNumber } = certificateParts(new Uint8Array(Buffer.from(certificate, 'base64')));
      if (this.#records.revocationOf(serialNumber)?.reason !== 'certificateHold') continue;
      this.#records.record({ kind: 'certificate-reinstated', at: this.#now().toISOString(), certificate });
    }
  }

  /** As the demo national authority: a NUC signature, by its serial number as Kilt shows it. */
  revokeNational(serialNumber: string, reason: RevocationReason): void {
    this.#records.record({
      kind: 'national-revoked',
      at: this.#now().toISOString(),
      serialNumber: nationalSerial.parse(serialNumber),
      reason,
    });
  }

  /** Lifts a suspension; what is revoked stays revoked. @throws BankError when it is not suspended */
  reinstateNational(serialNumber: string): void {
    const isSuspended = this.#records.national.reasonOf(serialNumber) === 'certificateHold';
    if (!isSuspended) throw new BankError(`${serialNumber} is not suspended`);
    this.#records.record({ kind: 'national-reinstated', at: this.#now().toISOString(), serialNumber });
  }

  #certificatesOf(userId: string, which: RevokedKey): readonly string[] {
    this.#mustKnow(userId);
    const issued = this.#records
      .enrolmentsOf(userId)
      .flatMap(({ purpose, certificate }) =>
        certificate === undefined ? [] : { which: purpose, certificate },
      );
    const initial = this.#records.customer(userId)?.initialCertificate;
    const all = initial === undefined ? issued : [{ which: 'initial-key', certificate: initial }, ...issued];
    return all.filter((one) => which === 'all' || one.which === which).map(({ certificate }) => certificate);
  }

  customers(): readonly CustomerRow[] {
    return this.#records.customers().map((customer) => ({
      userId: customer.userId,
      name: customer.name,
      decision: decisionFor(customer, this.#approval),
      wrongPins: customer.wrongAttempts.length,
      locked: isLocked(customer),
      certificates: this.#records
        .enrolmentsOf(customer.userId)
        .map(({ purpose, status }) => ({ purpose, status })),
      registered: this.#records.registrationOf(customer.userId) !== undefined,
    }));
  }

  registrations(): readonly Registration[] {
    return this.#records.registrations();
  }

  renewals(): readonly Renewal[] {
    return this.#records.renewals();
  }

  setFault(order: FaultOrder): void {
    if (!this.#faults) throw new BankError('the bank is not running: there is no answer to spoil');
    this.#faults.order(order);
  }

  /** Carries out a command; the answer holds no secrets. @throws BankError, ZodError */
  async run(input: unknown): Promise<object> {
    const command = officeCommand.parse(input);
    switch (command.command) {
      case 'admit':
      case 'admit-national': {
        const outDir = resolve(command.outDir);
        const admission =
          command.command === 'admit' ? await this.admit(command.order) : this.admitNational(command.order);
        writeAdmission(admission, outDir);
        return { userId: admission.userId, name: admission.name, folder: outDir };
      }
      case 'decide':
        this.decide(command.userId, command.decision, {
          reason: command.reason,
          expectedAt: command.expectedAt === undefined ? undefined : new Date(command.expectedAt),
        });
        return { userId: command.userId, decision: command.decision };
      case 'demand-renewal':
        this.demandRenewal(command.userId, command.reason);
        return { userId: command.userId, demanded: command.reason };
      case 'withdraw-demand':
        this.withdrawRenewalDemand(command.userId);
        return { userId: command.userId };
      case 'forget':
        return { userId: command.userId, forgotten: this.forget(command.userId) };
      case 'renew-pin':
        this.renewPin(command.userId, resolve(command.pinFile));
        return { userId: command.userId, pinFile: resolve(command.pinFile) };
      case 'revoke':
        this.revoke(command.userId, command.which, command.reason);
        return { userId: command.userId, revoked: command.which, reason: command.reason };
      case 'reinstate':
        this.reinstate(command.userId);
        return { userId: command.userId };
      case 'revoke-national':
        this.revokeNational(command.serialNumber, command.reason);
        return { serialNumber: command.serialNumber, reason: command.reason };
      case 'reinstate-national':
        this.reinstateNational(command.serialNumber);
        return { serialNumber: command.serialNumber };
      case 'customers':
        return { customers: this.customers() };
      case 'registrations':
        return { registrations: this.registrations() };
      case 'renewals':
        return { renewals: this.renewals() };
      case 'fault':
        this.setFault(command.order);
        return { fault: command.order };
    }
  }

  #mustKnow(userId: string): void {
    if (!this.#records.customer(userId)) throw new BankError(`no customer ${userId}`);
  }
}
