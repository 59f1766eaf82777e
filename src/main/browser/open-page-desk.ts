import type { Kilt } from '#main/kilt.ts';
import type { ConsentDesk } from './consent-desk.ts';
import type { Origin } from './origin.ts';
import { PageDesk } from './page-desk.ts';
import { PageKeys } from './page-keys.ts';

export interface PageDeskOptions {
  readonly consent: ConsentDesk;
  readonly now?: (() => Date) | undefined;
  readonly onDefect: (error: unknown) => void;
  readonly patienceMilliseconds?: number | undefined;
}

/** Puts the desk for pages on top of the services. */
export function openPageDesk(kilt: Kilt, options: PageDeskOptions): PageDesk {
  const now = options.now ?? (() => new Date());
  return new PageDesk({
    approvals: kilt.sites,
    keys: new PageKeys({ tokens: kilt.tokens, now }),
    audit: kilt.audit,
    consent: options.consent,
    signer: kilt.pageSigning,
    timestampUrl: () => kilt.settings.get().timestampUrl,
    bankNameOf: bankNames(kilt),
    settings: () => kilt.settings.get(),
    now,
    onDefect: options.onDefect,
    patienceMilliseconds: options.patienceMilliseconds,
  });
}

/** A bank's file is signed by the bank: what it names as its site is the bank's. */
export const bankNames =
  (kilt: Pick<Kilt, 'banks' | 'settings'>) =>
  (origin: Origin): string | undefined => {
    const bank = kilt.banks.all().find(({ api }) => api.origin === origin);
    return bank?.bank[kilt.settings.get().language];
  };
