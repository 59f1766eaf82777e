import { OpensslWorkshop } from '#test/unit/pki/openssl-workshop.ts';

const engine = `openssl_conf = openssl_init
[openssl_init]
engines = engine_section
[engine_section]
gost = gost_section
[gost_section]
engine_id = gost
default_algorithms = ALL
`;

/** GOST keys as OpenSSL's engine names them. */
export const engineKeys = {
  '512-A': ['gost2012_512', 'A'],
  '256-A': ['gost2012_256', 'A'],
  '256-TCA': ['gost2012_256', 'TCA'],
} as const;
export type EngineKey = keyof typeof engineKeys;

/** A workshop with OpenSSL's GOST engine (Debian: libengine-gost-openssl), which knows the Russian dialect only. */
export class GostWorkshop extends OpensslWorkshop {
  constructor() {
    super();
    this.write('gost.cnf', `${engine}${new TextDecoder().decode(this.read('openssl.cnf'))}`);
  }

  override get environment(): NodeJS.ProcessEnv {
    return { ...process.env, OPENSSL_CONF: this.path('gost.cnf') };
  }

  /** `<name>.key` and `<name>.pub`. */
  gostKey(name: string, kind: EngineKey): void {
    const [algorithm, set] = engineKeys[kind];
    this.run('genpkey', '-algorithm', algorithm, '-pkeyopt', `paramset:${set}`, '-out', `${name}.key`);
    this.run('pkey', '-in', `${name}.key`, '-pubout', '-out', `${name}.pub`);
  }

  /** SubjectPublicKeyInfo of `<name>.key`, DER. */
  publicKeyInfo(name: string): Uint8Array {
    this.run('pkey', '-in', `${name}.key`, '-pubout', '-outform', 'DER', '-out', `${name}.spki`);
    return this.read(`${name}.spki`);
  }
}
