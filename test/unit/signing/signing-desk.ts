import { createPrivateKey, createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import type { DerBytes } from '#shared/bytes.ts';
import type { CheckedSignatureView, SignatureForm, SigningView } from '#shared/signing-views.ts';
import { keyObjectSigner } from '#main/pki/key-object-signer.ts';
import type { CertifiedSigner } from '#main/pki/signer.ts';
import { checkSignature } from '#main/signing/signature-check.ts';
import { signBatch, type BatchOrder } from '#main/signing/signing-batch.ts';
import { OpensslWorkshop } from '#test/unit/pki/openssl-workshop.ts';

/** Documents, and people with RSA keys and certificates of OpenSSL's making, in one folder. */
export class SigningDesk {
  readonly openssl = new OpensslWorkshop();

  /** An authority `ca`, and `aigul` and `dana` with certificates of it; `stranger` has one of nobody's. */
  constructor() {
    const { openssl } = this;
    openssl.rsaKey('ca');
    openssl.root('ca', '/C=KZ/O=Demo/CN=Demo CA');
    for (const name of ['aigul', 'dana']) {
      openssl.rsaKey(name);
      openssl.certificate(name, 'ca', `/C=KZ/CN=${name}`);
    }
    openssl.rsaKey('stranger');
    openssl.root('stranger', '/CN=stranger', 'ee');
  }

  remove(): void {
    this.openssl.remove();
  }

  path(name: string): string {
    return this.openssl.path(name);
  }

  /** A folder of its own, so that names of signatures do not meet. */
  folder(name: string): (file: string) => string {
    mkdirSync(this.path(name), { recursive: true });
    return (file) => `${name}/${file}`;
  }

  signer(name: string): CertifiedSigner {
    const signer = keyObjectSigner(createPrivateKey(readFileSync(this.path(`${name}.key`))));
    return { ...signer, certificate: this.openssl.der(name), chain: [] };
  }

  /** Signs with a key in memory, as the token would. */
  sign(
    files: readonly string[],
    form: SignatureForm,
    more: Partial<BatchOrder> & { readonly who?: string } = {},
  ): Promise<SigningView> {
    const { who = 'aigul', ...order } = more;
    const signer = this.signer(who);
    return signBatch({
      documents: files.map((file) => ({ path: this.path(file) })),
      form,
      signer,
      withKey: (work) => work((data) => signer.sign(data)),
      now: () => new Date(),
      ...order,
    });
  }

  check(
    file: string,
    more: { readonly document?: string; readonly anchors?: readonly DerBytes[]; readonly now?: Date } = {},
  ): Promise<CheckedSignatureView> {
    const { document, anchors = [this.openssl.der('ca')], now = new Date() } = more;
    return checkSignature({
      file: this.path(file),
      document: document === undefined ? undefined : this.path(document),
      anchors,
      issuers: [],
      now,
    });
  }

  /** `openssl cms -sign`, DER unless told otherwise; `<out>` in the same folder. */
  opensslSign(document: string, out: string, ...more: readonly string[]): void {
    const outform = more.includes('-outform') ? [] : ['-outform', 'DER'];
    this.openssl.run(
      ...['cms', '-sign', '-binary', '-in', document, '-signer', 'aigul.crt', '-inkey', 'aigul.key'],
      ...[...outform, '-out', out, ...more],
    );
  }

  /** What `openssl cms -verify` gives back; throws when it refuses. */
  opensslVerify(signature: string, ...more: readonly string[]): Uint8Array {
    this.openssl.run(
      ...['cms', '-verify', '-binary', '-in', signature, '-inform', 'DER', '-CAfile', 'ca.crt'],
      ...['-purpose', 'any', '-out', 'verified.out', ...more],
    );
    return this.openssl.read('verified.out');
  }
}

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');
