/** The two certificates of a customer that belong together, from their registration or renewal on. */
export interface KeySet {
  /** Of the registration or the renewal. */
  readonly jti: string;
  readonly userId: string;
  /** DER, base64. */
  readonly signatureCertificate: string;
  /** DER, base64. */
  readonly signInCertificate: string;
  /** `new`: renewed, and nobody has signed in with it yet. */
  readonly state: 'new' | 'in-use' | 'replaced';
}

type Certificates = Pick<KeySet, 'jti' | 'userId' | 'signatureCertificate' | 'signInCertificate'>;

/**
 * The key sets of all customers, in the order of their coming.
 *
 * A renewed set stands beside the older ones, which go on working: only a sign-in that was made with it shows that the
 * customer really has the new keys, and ends the others.
 */
export class KeySets {
  #sets: readonly KeySet[] = [];

  of(userId: string): readonly KeySet[] {
    return this.#sets.filter((set) => set.userId === userId);
  }

  registered({ jti, userId, signatureCertificate, signInCertificate }: Certificates): void {
    this.#add({ jti, userId, signatureCertificate, signInCertificate, state: 'in-use' });
  }

  renewed({ jti, userId, signatureCertificate, signInCertificate }: Certificates): void {
    this.#add({ jti, userId, signatureCertificate, signInCertificate, state: 'new' });
  }

  /** Takes a set into use: every set that came before it is replaced. */
  signedIn(userId: string, signInCertificate: string): void {
    const used = this.#sets.findIndex(
      (set) => set.userId === userId && set.signInCertificate === signInCertificate,
    );
    if (this.#sets[used]?.state !== 'new') return;
    this.#sets = this.#sets.map((set, index) => {
      if (index === used) return { ...set, state: 'in-use' };
      return set.userId === userId && index < used ? { ...set, state: 'replaced' } : set;
    });
  }

  #add(set: KeySet): void {
    this.#sets = [...this.#sets, set];
  }
}
