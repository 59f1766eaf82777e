import { createHash } from 'node:crypto';
import type * as Pkcs11Js from 'pkcs11js';
import { loadFromOwnFolder } from '#native/windows-dll-search.ts';
import { concatBytes, wipe } from '#shared/bytes.ts';
import { sha256Prefix } from '../../rsa-encoding.ts';
import type { LibraryAnswer, LibraryRequest, LibraryStep, LibraryToken } from '../library-protocol.ts';
import { returnValues } from '../return-values.ts';
import { HostFailure, returnValueOf } from './host-failure.ts';
import { KeysAndCertificates } from './keys-and-certificates.ts';
import { gost512, mechanisms } from './pkcs11-numbers.ts';

const CKF_SERIAL_SESSION = 0x4;
const CKF_RW_SESSION = 0x2;
const CKU_USER = 1;
/** Of an RSA-4096 key, and more than any GOST signature. */
const LONGEST_SIGNATURE = 512;

type Request<Step extends LibraryStep> = Extract<LibraryRequest, { do: Step }>;

/** One library, and at most one session with one of its tokens. */
export class LoadedLibrary {
  #pkcs11: Pkcs11Js.PKCS11 | undefined;
  #session: Pkcs11Js.Handle | undefined;
  #loggedIn = false;

  /** @throws HostFailure, and pkcs11js's errors with what the library returned */
  async carryOut(request: LibraryRequest): Promise<LibraryAnswer<LibraryStep>> {
    switch (request.do) {
      case 'load':
        await this.#load(request);
        return undefined;
      case 'tokens':
        return this.#tokens();
      case 'open':
        this.#open(request);
        return undefined;
      case 'login':
        this.#login(request);
        return undefined;
      case 'logout':
        this.#logout();
        return undefined;
      case 'objects':
        return this.#objects.all();
      case 'sign':
        return this.#sign(request);
      case 'generate':
        return this.#objects.generate(request);
      case 'store-certificate':
        this.#objects.storeCertificate(request);
        return undefined;
      case 'remove-certificate':
        this.#objects.removeCertificate(request.der);
        return undefined;
      case 'remove-key':
        this.#objects.removeKey(request.keyId);
        return undefined;
      case 'finish':
        this.#finish();
        return undefined;
    }
  }

  async #load({ library }: Request<'load'>): Promise<void> {
    const { PKCS11 } = await import('pkcs11js').catch((error: unknown) => {
      throw new HostFailure('no-support', { cause: error });
    });
    const pkcs11 = new PKCS11();
    try {
      if (process.platform === 'win32') loadFromOwnFolder(library);
      pkcs11.load(library);
    } catch (error) {
      throw new HostFailure('not-loaded', { cause: error });
    }
    pkcs11.C_Initialize();
    this.#pkcs11 = pkcs11;
  }

  #tokens(): LibraryToken[] {
    return this.#library.C_GetSlotList(true).flatMap((slot) => {
      try {
        const { serialNumber, label, flags, minPinLen } = this.#library.C_GetTokenInfo(slot);
        return [
          {
            slot: slot.toString('hex'),
            serial: trimmed(serialNumber),
            label: trimmed(label),
            flags,
            minPinLength: minPinLen,
          },
        ];
      } catch (error) {
        // A card of another kind in another reader is no trouble of this token's.
        if (returnValueOf(error) === undefined) throw error;
        return [];
      }
    });
  }

  #open({ slot, toWrite }: Request<'open'>): void {
    const flags = CKF_SERIAL_SESSION | (toWrite ? CKF_RW_SESSION : 0);
    this.#session = this.#library.C_OpenSession(Buffer.from(slot, 'hex'), flags);
  }

  /** The one call of C_Login. pkcs11js takes the PIN as a string, which goes only when this process does. */
  #login({ pin }: Request<'login'>): void {
    try {
      this.#library.C_Login(this.#opened, CKU_USER, new TextDecoder().decode(pin));
      this.#loggedIn = true;
    } finally {
      wipe(pin);
    }
  }

  #logout(): void {
    this.#loggedIn = false;
    this.#library.C_Logout(this.#opened);
  }

  /** RSA with SHA-256: hashed here where the token takes that (CKM_RSA_PKCS), else in the library. */
  #sign({ keyId, how, data }: Request<'sign'>): Uint8Array {
    const key = this.#objects.privateKey(keyId);
    if (key === undefined) throw new HostFailure('no-key');
    if (how === 'gost')
      return this.#signWith(key, data.length > 32 ? gost512.mechanism : mechanisms.CKM_GOSTR3410, data);
    try {
      const digestInfo = concatBytes(sha256Prefix, createHash('sha256').update(data).digest());
      return this.#signWith(key, mechanisms.CKM_RSA_PKCS, digestInfo);
    } catch (error) {
      if (returnValueOf(error) !== returnValues.CKR_MECHANISM_INVALID) throw error;
      return this.#signWith(key, mechanisms.CKM_SHA256_RSA_PKCS, data);
    }
  }

  #signWith(key: Pkcs11Js.Handle, mechanism: number, data: Uint8Array): Uint8Array {
    this.#library.C_SignInit(this.#opened, { mechanism }, key);
    const signature = this.#library.C_Sign(this.#opened, Buffer.from(data), Buffer.alloc(LONGEST_SIGNATURE));
    return Uint8Array.from(signature);
  }

  /** The rights of a login belong to the card, and may outlive this process. */
  #finish(): void {
    if (this.#loggedIn) this.#logout();
    if (this.#session !== undefined) this.#library.C_CloseSession(this.#session);
    this.#session = undefined;
    this.#pkcs11?.C_Finalize();
    this.#pkcs11 = undefined;
  }

  get #library(): Pkcs11Js.PKCS11 {
    if (this.#pkcs11 === undefined) throw new HostFailure('defect');
    return this.#pkcs11;
  }

  get #opened(): Pkcs11Js.Handle {
    if (this.#session === undefined) throw new HostFailure('defect');
    return this.#session;
  }

  get #objects(): KeysAndCertificates {
    return new KeysAndCertificates(this.#library, this.#opened);
  }
}

/** Fields of CK_TOKEN_INFO are padded with blanks; some libraries pad with zeros. */
const trimmed = (field: string): string => field.replace(/[\s\0]+$/, '');
