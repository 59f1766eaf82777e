import type { TokensView } from '#shared/views.ts';
import { errorView, type Scenario } from './stub-bridge.ts';

/** The token's driver in the settings, in every state. */

const maker = 'C:\\Windows\\System32\\kztPKCS11.dll';
const openSc = 'C:\\Program Files\\OpenSC Project\\OpenSC\\pkcs11\\opensc-pkcs11.dll';
const none: TokensView = { presence: 'no-token', tokens: [], transport: 'pcsc' };

/** @param token one in a reader */
export const driverScenarios = (token: TokensView['tokens'][number]): Readonly<Record<string, Scenario>> => ({
  driver: { tokens: none, drivers: [maker, openSc] },
  'driver-none-found': { tokens: none, drivers: [] },
  'driver-refused': {
    tokens: none,
    drivers: [maker, openSc],
    driverRefused: errorView('driver-not-allowed', {
      likelyCause: 'driver-signer-unknown',
      signer: 'CN=Somebody',
    }),
  },
  'driver-failed': {
    tokens: {
      ...none,
      presence: 'ready',
      tokens: [{ ...token, driverError: errorView('driver-failed', { likelyCause: 'driver-hung' }) }],
    },
    drivers: [openSc],
    settings: { driverLibrary: maker, driverSigner: 'ТОО «Токен»' },
  },
});
