import { equalBytes, type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { pieces } from '#main/pki/cms/byte-source.ts';
import { CmsError } from '#main/pki/cms/cms-error.ts';
import { signedAttributes, signedDataFrame } from '#main/pki/cms/signed-data-writer.ts';
import { ParallelDigests } from './document-digest.ts';
import { withFile, type FileSource } from './file-source.ts';
import type { PrepareFile } from './file-signature.ts';
import { writeSignatureFile } from './signature-file.ts';

/** CAdES-BES of a file of any size, apart from the document or around it; with a time-stamp CAdES-T. */
export const prepareCmsFile: PrepareFile = async (
  file,
  digest,
  { form, signer, digest: hash, stamp, now },
) => {
  const value = digest.digests.get(hash.oid);
  if (!value) throw new KiltError('internal', { step: 'document-digest' });
  // A key file's are members of its class: a copy of it would not have them.
  const { algorithm, certificate, chain } = signer;
  let attributes: DerBytes | undefined;
  return {
    toSign: () => (attributes = signedAttributes(signer, value, now())),
    async write(signature) {
      if (!attributes) throw new KiltError('internal', { step: 'write-signature' });
      const timestampToken = await stamp?.(signature, hash);
      const attachedBytes = form === 'attached' ? digest.bytes : undefined;
      const { head, tail } = signedDataFrame(
        { algorithm, certificate, chain, attributes, signature, timestampToken },
        attachedBytes,
      );
      return withFile(file, async (source) => {
        if (source.size !== digest.bytes || source.changedAt !== digest.changedAt)
          throw new KiltError('document-changed');
        return writeSignatureFile(file, form, async (add) => {
          await add(head);
          if (form === 'attached') await copy(source, hash.oid, value, add);
          await add(tail);
        });
      });
    },
  };
};

/** The document into the file of its signature; another document than was signed never gets there. */
async function copy(
  source: FileSource,
  hash: string,
  expected: Uint8Array,
  add: (piece: Uint8Array) => Promise<void>,
): Promise<void> {
  const copied = new ParallelDigests([hash]);
  try {
    for await (const piece of pieces(source, 0, source.size)) {
      copied.update(piece);
      await add(piece);
    }
  } catch (error) {
    if (error instanceof CmsError) throw new KiltError('document-changed', {}, { cause: error });
    throw error;
  }
  if (!equalBytes(copied.end().get(hash) ?? new Uint8Array(), expected))
    throw new KiltError('document-changed');
}
