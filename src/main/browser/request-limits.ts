import { longestNonce, shortestNonce, type PageRefusal, type PageRequest } from './page-request.ts';

/** As many documents as one consent can be read for. */
export const mostDocuments = 200;
/** Bytes of all documents of a request together. Larger ones are signed in Kilt's own window, from the disk. */
export const largestRequest = 32 * 1024 * 1024;
/** An XML document is read whole into a tree. */
export const largestXml = 8 * 1024 * 1024;
const longestName = 255;
const longestPath = 1024;
/** Hashes that documents are signed with have 32 or 64 bytes (SHA-256, Streebog). */
const hashLengths: readonly number[] = [32, 64];

/** What is wrong with a request before anybody is asked, or `undefined`. */
export function limitBroken(request: PageRequest): PageRefusal | undefined {
  switch (request.kind) {
    case 'hello':
    case 'connect':
    case 'tokens':
    case 'certificate':
      return undefined;
    case 'sign-in': {
      const { length } = request.nonce;
      return length >= shortestNonce && length <= longestNonce ? undefined : 'malformed';
    }
    case 'sign': {
      const { documents, form } = request;
      if (documents.length === 0 || documents.some(({ name }) => name.length > longestName))
        return 'malformed';
      if (documents.length > mostDocuments || sum(documents.map(({ content }) => content)) > largestRequest)
        return 'too-large';
      if (form.kind === 'cms') return undefined;
      if (form.place.signed.length > longestPath || form.place.parent.length > longestPath)
        return 'malformed';
      return documents.some(({ content }) => content.length > largestXml) ? 'too-large' : undefined;
    }
    case 'sign-hash': {
      const { documents } = request;
      if (documents.length === 0 || documents.some(({ hash }) => !hashLengths.includes(hash.length)))
        return 'malformed';
      if (documents.some(({ name }) => name.length > longestName)) return 'malformed';
      return documents.length > mostDocuments ? 'too-large' : undefined;
    }
    case 'timestamp':
      // Nothing in Kilt adds a time-stamp to a signature that somebody else made (decision 081).
      return 'unsupported';
  }
}

const sum = (parts: readonly Uint8Array[]): number => parts.reduce((total, { length }) => total + length, 0);
