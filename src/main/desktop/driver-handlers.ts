import { KiltError } from '#shared/errors.ts';
import type { Kilt } from '#main/kilt.ts';
import type { EventListener } from './application.ts';
import type { Handlers } from './ipc.ts';

/** The token's driver in the settings. The page chooses among what Kilt has found; any other path goes by command line. */
export function driverHandlers(
  kilt: Kilt,
  tell: EventListener,
): Pick<Handlers, 'driver.list' | 'driver.choose'> {
  return {
    'driver.list': async () => ({ found: await kilt.driver.here() }),
    'driver.choose': async ({ library }) => {
      const { driverLibrary, driverSigner } = kilt.settings.get();
      const offered = ['', driverLibrary, ...(await kilt.driver.here())];
      if (!offered.includes(library)) throw new KiltError('input-invalid', { field: 'driver' });
      const settings = await kilt.chooseDriver({ library, signer: driverSigner });
      tell('settings.changed', settings);
      tell('tokens.changed', kilt.tokensView());
      return settings;
    },
  };
}
