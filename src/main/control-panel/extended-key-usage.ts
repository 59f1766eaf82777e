/**
 * Names of extended key usages: those of RFC 5280 §4.2.1.12 and its kin as the standards write them, and the roles
 * that the NUC of Kazakhstan puts into its certificates.
 */
const names: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
  '1.3.6.1.4.1.311.20.2.2': 'smartcardLogon',
  '1.2.398.3.3.4.1.1': 'NUC: natural person',
  '1.2.398.3.3.4.1.2': 'NUC: legal person',
  '1.2.398.3.3.4.1.2.1': 'NUC: head',
  '1.2.398.3.3.4.1.2.2': 'NUC: right to sign',
  '1.2.398.3.3.4.1.2.3': 'NUC: right to sign finance',
  '1.2.398.3.3.4.1.2.4': 'NUC: HR',
  '1.2.398.3.3.4.1.2.5': 'NUC: employee',
  '1.2.398.3.3.4.1.2.6': 'NUC: information system',
  '1.2.398.5.19.1.2.2.1': 'Treasury client',
};

/** The name of a usage, or its object identifier where it has none here. */
export const usageName = (oid: string): string => names[oid] ?? oid;
