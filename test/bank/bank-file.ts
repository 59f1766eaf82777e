import type { BankSystem } from '#main/enrolment/bank-system.ts';
import type { Authority } from './authority/authority.ts';
import type { NationalAuthority } from '#test/virtual-token/national/authority.ts';
import { certificatePem } from './authority/certificate.ts';
import { nationalPaths, revocationPaths } from './revocation/revocation-routes.ts';

type National = NonNullable<BankSystem['national']>;

/**
 * What a bank file says of the demo national authority.
 *
 * @param origin plain HTTP of the bank, which answers for the authority too
 */
export function nationalMember(
  authority: NationalAuthority,
  owner: National['owner'],
  check: Check,
  origin: string,
): National {
  const families = ['RSA', 'GOST'] as const;
  return {
    anchors: families.flatMap((family) => authority.chain(family)).map(certificatePem),
    owner,
    revocation: {
      check,
      crls: families.map((family) => `${origin}${nationalPaths[family]}`),
      ocsp: { url: `${origin}${nationalPaths.ocsp}`, nonce: 'required' },
      authorities: [],
      fromCertificates: [],
    },
  };
}

export type Check = 'required' | 'if-available' | 'off';

/** The `BankSystem` file with which Kilt finds this bank. */
export function bankFile(
  authority: Authority,
  httpsPort: number,
  httpPort: number,
  authentication: BankSystem['authentication'],
  check: Check,
  national?: BankSystem['national'],
): BankSystem {
  const taken = authentication === 'national-signature' ? national : undefined;
  const revocation = (path: string) => `http://127.0.0.1:${String(httpPort)}${path}`;
  const origin = `https://127.0.0.1:${String(httpsPort)}`;
  return {
    format: 1,
    id: 'demo-bank',
    version: 1,
    bank: { ru: 'Демо-банк Kilt', kk: 'Kilt демо-банкі', en: 'Kilt Demo Bank' },
    name: { ru: 'Демо-банк Kilt', kk: 'Kilt демо-банкі', en: 'Kilt Demo Bank' },
    description: {
      ru: 'Для проверки Kilt: ключи этого банка ничего не защищают',
      kk: 'Kilt-ті тексеруге арналған: бұл банктің кілттері ештеңені қорғамайды',
      en: 'For trying Kilt out: the keys of this bank protect nothing',
    },
    customers: taken?.owner ?? 'any',
    authentication,
    ...(taken ? { national: taken } : {}),
    ca: {
      url: `${origin}/.well-known/cmp`,
      name: authority.issuingName,
      anchors: [authority.root.pem],
      registrationToken: authentication !== 'id-and-pin',
    },
    api: { url: `${origin}/api`, origin, tlsAnchors: [authority.tlsRoot.pem] },
    revocation: {
      check,
      crls: [revocation(revocationPaths.issuing), revocation(revocationPaths.root)],
      ocsp: { url: revocation(revocationPaths.ocsp), nonce: 'required' },
      authorities: [authority.issuing.pem],
      fromCertificates: [],
      initialKey: true,
    },
    renewal: { expired: 'id-and-pin', status: true, decisionDays: 3 },
    site: `${origin}/`,
    subject: 'UID={userId},CN={userId},C=KZ',
    keys: { bits: 2048 },
  };
}
