import type * as Pkcs11Js from 'pkcs11js';
import { asDer, equalBytes, fromHex, toHex } from '#shared/bytes.ts';
import { publicKeyInfo, rsaPublicKey } from '../../rsa-encoding.ts';
import type { KeyUsage } from '../../token-session.ts';
import type { LibraryAnswer, LibraryKey, LibraryRequest } from '../library-protocol.ts';
import { returnValues } from '../return-values.ts';
import { certificateNames } from './certificate-names.ts';
import { HostFailure, returnValueOf } from './host-failure.ts';
import { attributes, gost512, keyTypes, mechanisms, objectClasses } from './pkcs11-numbers.ts';

type Handle = Pkcs11Js.Handle;
type Order<Step extends LibraryRequest['do']> = Extract<LibraryRequest, { do: Step }>;

/** 65537 */
const PUBLIC_EXPONENT = Buffer.of(0x01, 0x00, 0x01);
const CKC_X_509 = 0;
const AT_ONCE = 64;

/** The keys and certificates that one session of a library can see. */
export class KeysAndCertificates {
  readonly #pkcs11: Pkcs11Js.PKCS11;
  readonly #session: Handle;

  constructor(pkcs11: Pkcs11Js.PKCS11, session: Handle) {
    this.#pkcs11 = pkcs11;
    this.#session = session;
  }

  all(): LibraryAnswer<'objects'> {
    const privateKeys = this.#keys(objectClasses.privateKey);
    const ids = new Set(privateKeys.map(({ id }) => id));
    const publicKeys = this.#keys(objectClasses.publicKey);
    const withPublicHalf = privateKeys.map((key) => ({
      ...key,
      publicKeyInfo: key.publicKeyInfo ?? publicKeys.find(({ id }) => id === key.id)?.publicKeyInfo ?? null,
    }));
    return {
      keys: [...withPublicHalf, ...publicKeys.filter(({ id }) => id !== '' && !ids.has(id))],
      certificates: this.#certificates().flatMap(({ handle, der }) => [
        { id: this.#id(handle), label: this.#label(handle), der },
      ]),
    };
  }

  privateKey(keyId: string): Handle | undefined {
    return this.#find(objectClasses.privateKey, keyId)[0];
  }

  /** A whole pair with this id is returned as it is; half of one, which an interruption left, is made anew. */
  generate({ keyId, label, bits, usage }: Order<'generate'>): Uint8Array {
    const there = this.all().keys.find(({ id }) => id === keyId);
    if (there?.privateSeen === true && there.publicKeyInfo !== null) return there.publicKeyInfo;
    this.removeKey(keyId);
    const common = [
      { type: attributes.CKA_TOKEN, value: true },
      { type: attributes.CKA_KEY_TYPE, value: keyTypes.CKK_RSA },
      { type: attributes.CKA_ID, value: Buffer.from(fromHex(keyId)) },
      { type: attributes.CKA_LABEL, value: label },
    ];
    const mayDecrypt = usage.includes('decrypt');
    const pair = this.#pkcs11.C_GenerateKeyPair(
      this.#session,
      { mechanism: mechanisms.CKM_RSA_PKCS_KEY_PAIR_GEN },
      [
        ...common,
        { type: attributes.CKA_CLASS, value: objectClasses.publicKey },
        { type: attributes.CKA_PRIVATE, value: false },
        { type: attributes.CKA_MODULUS_BITS, value: bits },
        { type: attributes.CKA_PUBLIC_EXPONENT, value: PUBLIC_EXPONENT },
        { type: attributes.CKA_VERIFY, value: true },
        { type: attributes.CKA_ENCRYPT, value: mayDecrypt },
      ],
      [
        ...common,
        { type: attributes.CKA_CLASS, value: objectClasses.privateKey },
        { type: attributes.CKA_PRIVATE, value: true },
        { type: attributes.CKA_SENSITIVE, value: true },
        { type: attributes.CKA_EXTRACTABLE, value: false },
        { type: attributes.CKA_SIGN, value: true },
        { type: attributes.CKA_DECRYPT, value: mayDecrypt },
      ],
    );
    const made = this.#rsaPublicKeyInfo(pair.publicKey);
    if (made === null) throw new HostFailure('defect');
    return made;
  }

  /**
   * The new one is there before the old one goes, where the library takes two with one identifier (OpenSC's does not). An
   * interrupted replacement is made good by doing it again.
   */
  storeCertificate({ keyId, label, der }: Order<'store-certificate'>): void {
    const before = this.#find(objectClasses.certificate, keyId);
    if (before.some((handle) => equalBytes(this.#bytes(handle, attributes.CKA_VALUE), der))) return;
    const { subject, issuer, serialNumber } = certificateNames(der);
    const wanted: Pkcs11Js.Template = [
      { type: attributes.CKA_CLASS, value: objectClasses.certificate },
      { type: attributes.CKA_CERTIFICATE_TYPE, value: CKC_X_509 },
      { type: attributes.CKA_TOKEN, value: true },
      { type: attributes.CKA_PRIVATE, value: false },
      { type: attributes.CKA_LABEL, value: label },
      { type: attributes.CKA_ID, value: Buffer.from(fromHex(keyId)) },
      { type: attributes.CKA_SUBJECT, value: Buffer.from(subject) },
      { type: attributes.CKA_ISSUER, value: Buffer.from(issuer) },
      { type: attributes.CKA_SERIAL_NUMBER, value: Buffer.from(serialNumber) },
      { type: attributes.CKA_VALUE, value: Buffer.from(der) },
    ];
    try {
      this.#pkcs11.C_CreateObject(this.#session, wanted);
    } catch (error) {
      if (before.length === 0 || returnValueOf(error) === returnValues.CKR_USER_NOT_LOGGED_IN) throw error;
      this.#destroy(before);
      this.#pkcs11.C_CreateObject(this.#session, wanted);
      return;
    }
    this.#destroy(before);
  }

  removeCertificate(der: Uint8Array): void {
    this.#destroy(
      this.#certificates()
        .filter((one) => equalBytes(one.der, der))
        .map(({ handle }) => handle),
    );
  }

  /** The certificate goes before the key, so that an interrupted removal is not taken for a whole pair. */
  removeKey(keyId: string): void {
    for (const objectClass of [
      objectClasses.certificate,
      objectClasses.publicKey,
      objectClasses.privateKey,
    ]) {
      this.#destroy(this.#find(objectClass, keyId));
    }
  }

  #destroy(handles: readonly Handle[]): void {
    for (const handle of handles) this.#pkcs11.C_DestroyObject(this.#session, handle);
  }

  #keys(objectClass: number): LibraryKey[] {
    return this.#find(objectClass).map((handle) => {
      const info = this.#rsaPublicKeyInfo(handle);
      const modulus = this.#bytes(handle, attributes.CKA_MODULUS);
      return {
        id: this.#id(handle),
        label: this.#label(handle),
        ...this.#kind(handle, modulus.length * 8),
        usage: this.#usage(handle),
        publicKeyInfo: info,
        privateSeen: objectClass === objectClasses.privateKey,
      };
    });
  }

  #kind(handle: Handle, rsaBits: number): Pick<LibraryKey, 'algorithm' | 'bits'> {
    switch (unsigned(this.#bytes(handle, attributes.CKA_KEY_TYPE))) {
      case keyTypes.CKK_RSA:
        return { algorithm: 'rsa', bits: rsaBits };
      case keyTypes.CKK_GOSTR3410:
        return { algorithm: 'gost', bits: 256 };
      case gost512.keyType:
        return { algorithm: 'gost', bits: 512 };
      default:
        return { algorithm: 'other', bits: 0 };
    }
  }

  #usage(handle: Handle): KeyUsage[] {
    const says = (attribute: number): boolean => this.#bytes(handle, attribute)[0] === 1;
    return [
      ...(says(attributes.CKA_SIGN) ? (['sign'] as const) : []),
      ...(says(attributes.CKA_SIGN_RECOVER) ? (['signRecover'] as const) : []),
      ...(says(attributes.CKA_DECRYPT) ? (['decrypt'] as const) : []),
    ];
  }

  #rsaPublicKeyInfo(handle: Handle): Uint8Array | null {
    const modulus = this.#bytes(handle, attributes.CKA_MODULUS);
    const exponent = this.#bytes(handle, attributes.CKA_PUBLIC_EXPONENT);
    if (modulus.length === 0 || exponent.length === 0) return null;
    return publicKeyInfo(rsaPublicKey(modulus, exponent));
  }

  #certificates(): { handle: Handle; der: Uint8Array }[] {
    return this.#find(objectClasses.certificate).flatMap((handle) => {
      const der = this.#bytes(handle, attributes.CKA_VALUE);
      return der.length === 0 ? [] : [{ handle, der: asDer(der) }];
    });
  }

  #find(objectClass: number, keyId?: string): Handle[] {
    const template: Pkcs11Js.Template = [{ type: attributes.CKA_CLASS, value: objectClass }];
    if (keyId !== undefined) template.push({ type: attributes.CKA_ID, value: Buffer.from(fromHex(keyId)) });
    this.#pkcs11.C_FindObjectsInit(this.#session, template);
    try {
      const found: Handle[] = [];
      for (;;) {
        const some = this.#pkcs11.C_FindObjects(this.#session, AT_ONCE);
        found.push(...some);
        if (some.length < AT_ONCE) return found;
      }
    } finally {
      this.#pkcs11.C_FindObjectsFinal(this.#session);
    }
  }

  #id(handle: Handle): string {
    return toHex(this.#bytes(handle, attributes.CKA_ID));
  }

  #label(handle: Handle): string {
    return new TextDecoder().decode(this.#bytes(handle, attributes.CKA_LABEL));
  }

  /** Empty where the object has no such attribute or does not tell it. */
  #bytes(handle: Handle, type: number): Uint8Array {
    try {
      const [found] = this.#pkcs11.C_GetAttributeValue(this.#session, handle, [{ type }]);
      return found === undefined ? new Uint8Array() : Uint8Array.from(found.value);
    } catch (error) {
      if (isNoAttribute(returnValueOf(error))) return new Uint8Array();
      throw error;
    }
  }
}

/** CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID */
const isNoAttribute = (returnValue: number | undefined): boolean =>
  returnValue === 0x11 || returnValue === 0x12;

/** A CK_ULONG as this computer has it in memory: 4 or 8 bytes, least significant first. */
const unsigned = (bytes: Uint8Array): number =>
  bytes.slice(0, 6).reduceRight((number, byte) => number * 256 + byte, 0);
