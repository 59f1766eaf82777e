import { toHex } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { pieces } from '#main/pki/cms/byte-source.ts';
import { digestAlgorithm, type DigestAlgorithm } from '#main/pki/digest-algorithms.ts';
import { oids } from '#main/pki/oids.ts';
import type { FileSource } from './file-source.ts';

/** A document as it was read: enough to sign it, to show what was signed, and to see that it is still the same. */
export interface DocumentDigest {
  readonly bytes: number;
  readonly changedAt: number;
  /** By the object identifiers of their hashes; SHA-256 is always there. */
  readonly digests: ReadonlyMap<string, Uint8Array>;
  /** Lower-case hexadecimal: how people compare documents. */
  readonly sha256: string;
}

/** Several hashes of one thing that goes by once. */
export class ParallelDigests {
  readonly #running: readonly (readonly [string, ReturnType<DigestAlgorithm['start']>])[];

  /** Hashes that this program does not know are left out. SHA-256 is always calculated. */
  constructor(objectIdentifiers: readonly string[]) {
    this.#running = [...new Set([oids.sha256, ...objectIdentifiers])].flatMap((one) => {
      const algorithm = digestAlgorithm(one);
      return algorithm ? [[one, algorithm.start()] as const] : [];
    });
  }

  update(piece: Uint8Array): void {
    for (const [, digest] of this.#running) digest.update(piece);
  }

  end(): ReadonlyMap<string, Uint8Array> {
    return new Map(this.#running.map(([objectIdentifier, digest]) => [objectIdentifier, digest.digest()]));
  }
}

export const sha256Of = (digests: ReadonlyMap<string, Uint8Array>): string =>
  toHex(digests.get(oids.sha256) ?? new Uint8Array());

/**
 * Reads a document of any size once, in constant memory.
 *
 * @throws KiltError `operation-cancelled`, `document-unreadable`
 */
export async function digestDocument(
  source: FileSource,
  objectIdentifiers: readonly string[],
  signal?: AbortSignal,
): Promise<DocumentDigest> {
  const running = new ParallelDigests(objectIdentifiers);
  for await (const piece of pieces(source, 0, source.size)) {
    if (signal?.aborted) throw new KiltError('operation-cancelled');
    running.update(piece);
  }
  const digests = running.end();
  return { bytes: source.size, changedAt: source.changedAt, digests, sha256: sha256Of(digests) };
}
