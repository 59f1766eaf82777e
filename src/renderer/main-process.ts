import { QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormatView } from '#shared/control-panel-views.ts';
import type {
  BankView,
  CertificateEndView,
  RegistrationView,
  SettingsView,
  TokensView,
} from '#shared/views.ts';
import type { BankFileView } from '#shared/bank-views.ts';
import type { CallOutput } from '#shared/ipc-contract.ts';
import type { KeySetView } from '#shared/renewal-views.ts';
import { call, listen } from './bridge.ts';

/** What the main process holds, as the page last heard of it; kept fresh by its events. */
const keys = {
  app: ['app'],
  tokens: ['tokens'],
  banks: ['banks'],
  bankFiles: ['bank-files'],
  registrations: ['registrations'],
  ends: ['ends'],
  keySets: ['key-sets'],
} as const;

export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      // The bridge works without a network, and a refused call would be refused again.
      queries: { networkMode: 'always', retry: false, staleTime: Infinity, refetchOnWindowFocus: false },
      // Not kept a moment longer than they are shown: what was sent may hold what was typed.
      mutations: { networkMode: 'always', retry: false, gcTime: 0 },
    },
  });

const appQuery = queryOptions({ queryKey: keys.app, queryFn: () => call('app.ready', undefined) });
const tokensQuery = queryOptions({ queryKey: keys.tokens, queryFn: () => call('tokens.list', undefined) });
const registrationsQuery = queryOptions({
  queryKey: keys.registrations,
  queryFn: () => call('registrations.list', undefined),
});

export const useApp = () => useQuery(appQuery);

export const useBanks = () =>
  useQuery({ queryKey: keys.banks, queryFn: (): Promise<BankView[]> => call('banks.list', undefined) });

/** Files of banks, those that can not be used as well. */
export const useBankFiles = () =>
  useQuery({
    queryKey: keys.bankFiles,
    queryFn: (): Promise<BankFileView[]> => call('banks.files', undefined),
  });

/** Shows the files that there are now at once. */
export function useKeepBankFiles(): (files: BankFileView[]) => void {
  const client = useQueryClient();
  return (files) => {
    client.setQueryData(keys.bankFiles, files);
  };
}

const startingTokens: TokensView = { presence: 'starting', tokens: [], transport: 'pcsc' };

/** The tokens present, `starting` until the main process has answered. */
export function useTokens(): TokensView & { readonly checkAgain: () => Promise<unknown> } {
  const { data = startingTokens, refetch } = useQuery(tokensQuery);
  return { ...data, checkAgain: refetch };
}

/** Registrations begun on this computer; `undefined` until the main process has answered. */
export const useRegistrations = (): RegistrationView[] | undefined => useQuery(registrationsQuery).data;

/** A format that was under way before this page was loaded. */
export const runningFormat = (): Promise<FormatView | undefined> =>
  call('panel.runningFormat', undefined).then(
    (view) => view ?? undefined,
    // The next stage tells, or the token itself.
    () => undefined,
  );

const noEnds: CertificateEndView[] = [];

/** Certificates that end soon; none until the main process has answered. */
export const useEnds = (): CertificateEndView[] =>
  useQuery({ queryKey: keys.ends, queryFn: () => call('ends.list', undefined) }).data ?? noEnds;

/** The key sets of all tokens that this computer has seen. */
export const useKeySets = ({ enabled = true } = {}) =>
  useQuery({
    queryKey: keys.keySets,
    queryFn: (): Promise<KeySetView[]> => call('renewals.list', undefined),
    enabled,
  });

/** Shows the key sets that there are now at once. */
export function keepKeySets(client: QueryClient, sets: KeySetView[]): void {
  void client.cancelQueries({ queryKey: keys.keySets });
  client.setQueryData(keys.keySets, sets);
}

/** Replaces one key set, or adds it. */
export function keepKeySet(client: QueryClient, changed: KeySetView): void {
  const known = client.getQueryData<KeySetView[]>(keys.keySets) ?? [];
  const replaced = known.map((one) => (one.id === changed.id ? changed : one));
  keepKeySets(client, replaced.includes(changed) ? replaced : [...replaced, changed]);
}

/** Replaces one registration, or adds it. */
export function keepRegistration(client: QueryClient, changed: RegistrationView): void {
  client.setQueryData<RegistrationView[]>(keys.registrations, (known = []) => [
    ...known.filter((one) => one.journalId !== changed.journalId),
    changed,
  ]);
}

/**
 * Follows the events of the main process for as long as the page lives, and asks for what the first screen shows: all at
 * once, and before React has drawn anything. Listening comes first, so that no change falls between the two.
 */
export function followMainProcess(client: QueryClient): void {
  listen('tokens.changed', (tokens) => {
    // A list asked for earlier may arrive later and be older.
    void client.cancelQueries({ queryKey: keys.tokens });
    client.setQueryData(keys.tokens, tokens);
  });
  listen('registration.changed', (registration) => {
    keepRegistration(client, registration);
  });
  listen('settings.changed', (settings) => {
    client.setQueryData(keys.app, (app: object | undefined) => app && { ...app, settings });
  });
  listen('ends.changed', (ends) => {
    void client.cancelQueries({ queryKey: keys.ends });
    client.setQueryData(keys.ends, ends);
  });
  listen('renewals.changed', (sets) => {
    keepKeySets(client, sets);
  });
  listen('banks.changed', (banks) => {
    client.setQueryData(keys.banks, banks);
    void client.invalidateQueries({ queryKey: keys.bankFiles });
  });
  // What is refused is asked for again, and told, by the screen that needs it.
  const unasked = () => undefined;
  void client.query(appQuery).catch(unasked);
  void client.query(tokensQuery).catch(unasked);
  void client.query(registrationsQuery).catch(unasked);
}

/** Calls `show` with where the user wants to be who presses something outside the window, or has before it was there. */
export function followPressed(show: (wish: NonNullable<CallOutput<'pressed.take'>>) => void): () => void {
  const ask = () =>
    void call('pressed.take', undefined).then(
      (wish) => {
        if (wish) show(wish);
      },
      // The window is open, and tells of it.
      () => undefined,
    );
  ask();
  return listen('pressed.changed', ask);
}

/** Shows changed settings at once. */
export function useKeepSettings(): (settings: SettingsView) => void {
  const client = useQueryClient();
  return (settings) => {
    client.setQueryData(keys.app, (app: object | undefined) => app && { ...app, settings });
  };
}
