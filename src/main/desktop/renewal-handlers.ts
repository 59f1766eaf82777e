import { asSecret } from '#shared/bytes.ts';
import type { Kilt } from '#main/kilt.ts';
import type { Handlers } from './ipc.ts';

type RenewalCalls = Pick<Handlers, Extract<keyof Handlers, `renewals.${string}`>>;

/** The bridge's calls for «Ключи». */
export function renewalHandlers({ renewals }: Kilt): RenewalCalls {
  return {
    'renewals.list': async () => [...renewals.list()],
    'renewals.refresh': async () => [...(await renewals.refresh())],
    'renewals.plan': async ({ keySetId }) => renewals.plan(keySetId),
    'renewals.send': ({ pin, registrationPin, ...order }) =>
      renewals.send({
        ...order,
        pin: asSecret(pin),
        registrationPin: registrationPin && asSecret(registrationPin),
      }),
    'renewals.continue': ({ pin, registrationPin, ...order }) =>
      renewals.continue({
        ...order,
        pin: asSecret(pin),
        registrationPin: registrationPin && asSecret(registrationPin),
      }),
    'renewals.close': async ({ journalId }) => [...(await renewals.close(journalId))],
  };
}
