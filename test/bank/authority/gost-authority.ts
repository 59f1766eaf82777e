import { join } from 'node:path';
import { z } from 'zod';
import { gostDialect, type GostDialect } from '../gost/dialects.ts';
import { newGostKey, publicKeyInfo } from '../gost/key-pair.ts';
import { readJsonFile, writeFileAtomically } from '../records/atomic-file.ts';
import { certificatePem } from './certificate.ts';
import { issueGostCertificate, type GostIssuer } from './gost-certificate.ts';

/** The two CAs of one dialect. */
export interface GostChain {
  readonly root: Required<GostIssuer>;
  readonly issuing: Required<GostIssuer>;
}

const storedCa = z.object({ secret: z.string(), certificate: z.base64() });
const keyFile = z.object({
  format: z.literal(1),
  chains: z.partialRecord(gostDialect, z.object({ root: storedCa, issuing: storedCa })),
});
const keyFileName = 'bank-gost-keys.json';
const day = 24 * 3600 * 1000;

/**
 * The bank's GOST CAs, one chain a dialect. A chain is made when the first customer asks for it, and kept in a file of
 * its own (mode 0600); its root is also written as a PEM file.
 */
export class GostAuthority {
  readonly #dataDir: string;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  chain(dialect: GostDialect, now: Date): GostChain {
    return this.knownChain(dialect) ?? this.#newChain(dialect, now);
  }

  /** Undefined while nobody has asked for the dialect. */
  knownChain(dialect: GostDialect): GostChain | undefined {
    const stored = this.#stored().chains[dialect];
    if (!stored) return undefined;
    const open = ({ secret, certificate }: z.infer<typeof storedCa>): Required<GostIssuer> => ({
      key: { dialect, secret },
      certificate: new Uint8Array(Buffer.from(certificate, 'base64')),
    });
    return { root: open(stored.root), issuing: open(stored.issuing) };
  }

  #stored(): z.infer<typeof keyFile> {
    return readJsonFile(join(this.#dataDir, keyFileName), keyFile) ?? { format: 1, chains: {} };
  }

  #newChain(dialect: GostDialect, now: Date): GostChain {
    const certify = (kind: 'root' | 'issuing', days: number, issuer?: GostIssuer): Required<GostIssuer> => {
      const key = newGostKey(dialect);
      const name = kind === 'root' ? 'Root' : 'Issuing';
      const order = {
        kind,
        subject: {
          country: 'KZ',
          organisation: 'Kilt Demo Bank',
          commonName: `Kilt Demo ${name} CA (${dialect})`,
        },
        publicKey: publicKeyInfo(key),
        notBefore: new Date(now.getTime() - 60 * day),
        notAfter: new Date(now.getTime() + days * day),
      };
      return { key, certificate: issueGostCertificate(order, issuer ?? { key }) };
    };
    const root = certify('root', 3650);
    const issuing = certify('issuing', 3000, root);
    const store = ({ key, certificate }: Required<GostIssuer>) => ({
      secret: key.secret,
      certificate: Buffer.from(certificate).toString('base64'),
    });
    const { chains } = this.#stored();
    const file: z.infer<typeof keyFile> = {
      format: 1,
      chains: { ...chains, [dialect]: { root: store(root), issuing: store(issuing) } },
    };
    writeFileAtomically(join(this.#dataDir, keyFileName), JSON.stringify(file), 0o600);
    const pem = certificatePem(root.certificate);
    writeFileAtomically(join(this.#dataDir, `gost-${dialect}-root.pem`), pem, 0o644);
    return { root, issuing };
  }
}
