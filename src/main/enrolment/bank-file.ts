import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { KiltError } from '#shared/errors.ts';
import type { CertificateInfo } from '#main/pki/certificate.ts';
import { JwsError, jwsClaims, parseJws, type UnverifiedJws } from '#main/pki/jws.ts';
import { isRs256Signature } from '#main/pki/node-crypto-profiles.ts';
import { parseStrictJson, StrictJsonError } from '#main/pki/strict-json.ts';
import { readBankSystem, type BankFileProblem, type BankSystem } from './bank-system.ts';

/**
 * A bank's file is a JWS in compact form (RFC 7515 §7.1) around the JSON of its {@link BankSystem}: `alg` RS256, `typ`
 * as below, the publisher's certificate first in `x5c`. Why so: docs/decisions/030-a-bank-signs-its-file.md.
 */
export const bankFileType = 'kilt-bank+jws';

/** Names of signed files, and of the JSON that testers and a bank's developers have. */
export const bankFileExtension = '.kiltbank';
export const unsignedExtension = '.json';

/** Base64url and dots (RFC 7515 §7.1): cut short or not, it was meant to be a signed file. */
const compactForm = /^[\w.-]+$/;

/** Several times what the largest real one could need; a wrong file is refused before it is read. */
export const largestBankFile = 256 * 1024;

/** Whose key signed a bank's file. Its name is what the signer says of itself; the fingerprint is what counts. */
export interface BankSigner {
  /** Common name, or the whole name as RFC 4514 text. */
  readonly name: string;
  /** SHA-256 of the public key (SubjectPublicKeyInfo), lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface SignedBankFile {
  readonly bank: BankSystem;
  /** Absent for a file without signature. */
  readonly signer?: BankSigner;
}

/**
 * Bytes of a bank's file.
 *
 * @throws KiltError `bank-file-invalid` {field: name of the file, reason: `unreadable` | `larger than …`}
 */
export function bankFileBytes(file: string): Uint8Array {
  const wrong = (reason: string, cause?: unknown) =>
    new KiltError('bank-file-invalid', { field: path.basename(file), reason }, { cause });
  try {
    // Before it is opened: a pipe would be waited for.
    const about = statSync(file);
    if (!about.isFile()) throw wrong('unreadable');
    if (about.size > largestBankFile) throw wrong(`larger than ${largestBankFile} bytes`);
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    if (error instanceof KiltError) throw error;
    throw wrong('unreadable', error);
  }
}

/** A bank's file as far as it can be read, and everything that is wrong with it. */
export interface BankFileReport {
  readonly read: SignedBankFile | undefined;
  /** Who signed, as soon as that is proven, whatever else is wrong. */
  readonly signer: BankSigner | undefined;
  readonly problems: readonly BankFileProblem[];
  /** The first problem as an error for the user; absent when there is none. */
  readonly error: KiltError | undefined;
}

/**
 * Reads a bank's file: its signature first, then what it says.
 *
 * @param unsigned what to do with JSON that nobody has signed
 */
export function reportOnBankFile(
  bytes: Uint8Array,
  options: { readonly fileName: string; readonly unsigned: 'accept' | 'refuse' },
): BankFileReport {
  const { fileName } = options;
  const failed = (error: KiltError, problems: readonly BankFileProblem[], signer?: BankSigner) => ({
    read: undefined,
    signer,
    problems,
    error,
  });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch (cause) {
    return failed(invalid(fileName, 'not UTF-8', cause), [{ field: '', reason: 'must be UTF-8' }]);
  }
  if (text.startsWith('{')) {
    if (options.unsigned === 'refuse') {
      const problem = { field: '', reason: 'is not signed' };
      return failed(new KiltError('bank-file-unsigned', { field: fileName }), [problem]);
    }
    return reportOnClaims(fileName, () => parseStrictJson(text), undefined);
  }
  if (!compactForm.test(text)) {
    const reason = 'neither a signed bank file nor JSON';
    return failed(invalid(fileName, reason, undefined), [{ field: '', reason }]);
  }
  let signed: ReturnType<typeof checkSignature>;
  try {
    signed = checkSignature(text);
  } catch (error) {
    if (!(error instanceof JwsError)) throw error;
    const reason = error.message;
    return failed(new KiltError('bank-signature-wrong', { field: fileName, reason }, { cause: error }), [
      { field: '', reason: `signature: ${reason}` },
    ]);
  }
  return reportOnClaims(fileName, () => jwsClaims(signed.jws.claims), signed.signer);
}

/** As {@link reportOnBankFile}, for whom the first problem is enough. @throws KiltError `bank-file-…`, `bank-signature-wrong` */
export function readBankFile(file: string, unsigned: 'accept' | 'refuse'): SignedBankFile {
  const { read, error } = reportOnBankFile(bankFileBytes(file), { fileName: path.basename(file), unsigned });
  if (!read) throw error ?? new KiltError('bank-file-invalid', { field: path.basename(file) });
  return read;
}

function reportOnClaims(
  fileName: string,
  claims: () => unknown,
  signer: BankSigner | undefined,
): BankFileReport {
  let json: unknown;
  try {
    json = claims();
  } catch (cause) {
    if (!(cause instanceof StrictJsonError || cause instanceof JwsError)) throw cause;
    const problems = [{ field: '', reason: cause.message }];
    return { read: undefined, signer, problems, error: invalid(fileName, cause.message, cause) };
  }
  const answer = readBankSystem(json);
  if ('problems' in answer) {
    const [first, ...others] = answer.problems;
    const error = new KiltError('bank-file-invalid', {
      field: first?.field || fileName,
      reason: first?.reason ?? 'wrong shape',
      ...(others.length === 0 ? {} : { more: others.length }),
    });
    return { read: undefined, signer, problems: answer.problems, error };
  }
  return {
    read: { bank: answer.bank, ...(signer ? { signer } : {}) },
    signer,
    problems: [],
    error: undefined,
  };
}

const invalid = (field: string, reason: string, cause: unknown): KiltError =>
  new KiltError('bank-file-invalid', { field, reason }, { cause });

/** @throws JwsError */
function checkSignature(compact: string): { readonly jws: UnverifiedJws; readonly signer: BankSigner } {
  const jws = parseJws(compact);
  // Before anything else is believed of it: a customer's registration is a JWS of the same form.
  if (jws.type !== bankFileType) throw new JwsError(`not of type ${bankFileType}`);
  const { publicKeyInfo } = jws.signer;
  if (!isRs256Signature({ publicKeyInfo, data: jws.signed, signature: jws.signature }))
    throw new JwsError('the signature is wrong');
  return { jws, signer: signerOf(jws.signer) };
}

const signerOf = ({
  commonName,
  subject,
  publicKeyInfo,
  notBefore,
  notAfter,
}: CertificateInfo): BankSigner => ({
  name: commonName ?? subject,
  fingerprint: createHash('sha256').update(publicKeyInfo).digest('hex'),
  notBefore,
  notAfter,
});
