import type { buildConnector } from 'undici';

/**
 * TLS to a bank: its own roots and no others, its name, TLS 1.2 or later.
 *
 * All of it is said although it is the default: environment variables (`NODE_TLS_REJECT_UNAUTHORIZED`, `NODE_OPTIONS`)
 * change defaults, and what a customer's computer has in its environment is nobody's word for a bank.
 *
 * @param anchors PEM certificates; with none, no server is believed
 */
export const pinnedTls = (anchors: readonly string[]): buildConnector.BuildOptions => ({
  ca: [...anchors],
  rejectUnauthorized: true,
  minVersion: 'TLSv1.2',
});
