import { createHash } from 'node:crypto';
import { KiltError } from '#shared/errors.ts';
import { decodeXml, largestXml } from '#main/pki/xml/xml-document.ts';
import { XmlError } from '#main/pki/xml/xml-error.ts';
import { prepareXmlSignature, type PreparedXml } from '#main/pki/xml/xml-signature-writer.ts';
import { withFile } from './file-source.ts';
import type { PrepareFile, SignatureTerms } from './file-signature.ts';
import { writeSignatureFile } from './signature-file.ts';

/**
 * Enveloped XMLDSig of a whole XML file (XMLDSig 1.1 §4), in the form of the NCA's clients. Of many files only what the
 * key signs is kept meanwhile: the file is read once more when it is written, and has to be the same.
 */
export const prepareXmlFile: PrepareFile = async (file, { sha256 }, { form, signer }) => {
  const { signedInfo } = await preparedXml(file, sha256, signer);
  return {
    toSign: () => signedInfo,
    async write(signature) {
      const { finish } = await preparedXml(file, sha256, signer);
      return writeSignatureFile(file, form, (add) => add(Buffer.from(finish(signature), 'utf8')));
    },
  };
};

async function preparedXml(
  file: string,
  sha256: string,
  signer: SignatureTerms['signer'],
): Promise<PreparedXml> {
  try {
    const content = await withFile(file, async (source) => {
      if (source.size > largestXml) throw new XmlError('too-much');
      return source.read(0, source.size);
    });
    if (createHash('sha256').update(content).digest('hex') !== sha256)
      throw new KiltError('document-changed');
    return prepareXmlSignature(decodeXml(content), { layout: 'common-utils' }, signer);
  } catch (error) {
    if (error instanceof XmlError)
      throw new KiltError('xml-unusable', { reason: error.failure }, { cause: error });
    throw error;
  }
}
