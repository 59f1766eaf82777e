import { fromHex } from '#shared/bytes.ts';
import { der, tags } from '../asn1/der.ts';
import type { BankEvent, Revocation, RevocationReason } from './bank-event.ts';

type NationalEvent = Extract<BankEvent, { kind: `national-${string}` }>;

/** Which NUC signatures the demo national authority has revoked or suspended. */
export class NationalRevocations {
  /** By serial number, hexadecimal. */
  readonly #revocations = new Map<string, Revocation>();

  apply(event: NationalEvent): void {
    const { serialNumber } = event;
    if (event.kind === 'national-reinstated') this.#revocations.delete(serialNumber);
    else
      this.#revocations.set(serialNumber, {
        serialNumber: der(tags.integer, fromHex(serialNumber)),
        since: event.at,
        reason: event.reason,
      });
  }

  all(): readonly Revocation[] {
    return [...this.#revocations.values()];
  }

  /** @param serialNumber hexadecimal */
  reasonOf(serialNumber: string): RevocationReason | undefined {
    return this.#revocations.get(serialNumber)?.reason;
  }

  /** @param serialNumber INTEGER, DER */
  of(serialNumber: Uint8Array): Revocation | undefined {
    return this.all().find((one) => Buffer.from(one.serialNumber).equals(serialNumber));
  }
}
