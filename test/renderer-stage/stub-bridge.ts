import type { BankFileView, BankImportView } from '#shared/bank-views.ts';
import { errorCatalogue, type ErrorData, type ErrorId } from '#shared/errors.ts';
import type {
  CallInput,
  CallName,
  CallOutput,
  CallResult,
  EventName,
  EventPayload,
  KiltBridge,
} from '#shared/ipc-contract.ts';
import type {
  BankView,
  CertificateEndView,
  ErrorView,
  HomeView,
  RegistrationView,
  SettingsView,
  TokensView,
} from '#shared/views.ts';
import { PanelStub, type PanelScenario } from './panel-stub.ts';
import { KeysStub, type KeysScenario } from './keys-stub.ts';
import { RecordsStub, type RecordsScenario } from './records-stub.ts';
import { siteHandlers, type SiteScenario } from './site-stub.ts';

/** What the outside world looks like when the page opens, and how it answers. */
export interface Scenario {
  readonly tokens: TokensView;
  readonly banks?: readonly BankView[];
  readonly registrations?: readonly RegistrationView[];
  readonly ends?: readonly CertificateEndView[];
  /** The answer to «ОК» of the picker. */
  readonly open?: CallOutput<'picker.open'> | ErrorView;
  readonly check?: ErrorView | CallOutput<'wizard.checkData'>;
  /** What `wizard.start` and `registration.resume` answer. */
  readonly start?: RegistrationView | ErrorView;
  readonly home?: HomeView;
  /** Milliseconds that «ОК» takes. */
  readonly slow?: number;
  /** The control panel of one of the tokens. */
  readonly panel?: PanelScenario;
  /** Certificates of that token, and the journal. */
  readonly records?: RecordsScenario;
  /** Key sets and their regeneration. */
  readonly keys?: KeysScenario;
  readonly settings?: Partial<SettingsView>;
  /** Drivers that are installed. */
  readonly drivers?: readonly string[];
  readonly driverRefused?: ErrorView;
  /** Banks' files, and what the chosen one says. */
  readonly bankFiles?: readonly BankFileView[];
  readonly bankImport?: BankImportView | ErrorView;
  /** Requests of sites, and the sites in the settings. */
  readonly site?: SiteScenario;
}

export const errorView = (id: ErrorId, data: ErrorData = {}): ErrorView => ({
  id,
  code: errorCatalogue[id].code,
  data: { ...data },
});

/** What a scenario has no answer for is answered with `internal`. */
type Handlers = {
  [Name in CallName]?: (
    input: CallInput<Name>,
  ) => CallOutput<Name> | ErrorView | Promise<CallOutput<Name> | ErrorView>;
};

const isError = (answer: unknown): answer is ErrorView =>
  typeof answer === 'object' && answer !== null && 'code' in answer && 'data' in answer;

function collectSecrets(value: unknown, into: Uint8Array[]): void {
  if (value instanceof Uint8Array) into.push(value);
  else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) collectSecrets(inner, into);
}

/** A bridge without a main process behind it. Keeps what it was asked, so that a script can look. */
export class StubBridge {
  readonly asked: { name: CallName; input: unknown }[] = [];
  /** The page's own secret buffers, to see that it wipes them. */
  readonly handed: Uint8Array[] = [];
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>();
  readonly #scenario: Scenario;
  readonly panel: PanelStub | undefined;
  #settings: SettingsView;
  #tokens: TokensView;

  constructor(scenario: Scenario, settings: SettingsView) {
    this.#scenario = scenario;
    this.#settings = { ...settings, ...scenario.settings };
    this.#tokens = scenario.tokens;
    Object.assign(this.#handlers, new RecordsStub(scenario.records ?? {}).handlers);
    const keys = new KeysStub(scenario.keys ?? {}, (sets) => {
      this.tell('renewals.changed', sets);
    });
    Object.assign(this.#handlers, keys.handlers);
    Object.assign(
      this.#handlers,
      siteHandlers(scenario.site ?? {}, () => this.#settings),
    );
    if (scenario.panel) {
      this.panel = new PanelStub(scenario.panel, (name, payload) => {
        this.tell(name, payload);
      });
      Object.assign(this.#handlers, this.panel.handlers);
    }
  }

  asKilt(): KiltBridge {
    return {
      call: async (name, input) => {
        // A copy, as the real bridge makes one: the page wipes its own.
        collectSecrets(input, this.handed);
        this.asked.push({ name, input: structuredClone(input) });
        await new Promise((done) =>
          setTimeout(done, name === 'picker.open' ? (this.#scenario.slow ?? 0) : 0),
        );
        const handler = this.#handlers[name] as ((input: unknown) => unknown) | undefined;
        const answer = handler ? await handler(input) : errorView('internal');
        return (isError(answer) ? { ok: false, error: answer } : { ok: true, value: answer }) as CallResult<
          typeof name
        >;
      },
      drop: () => Promise.resolve({ ok: false, error: errorView('internal') }),
      on: (name, listener) => {
        const listeners = this.#listeners.get(name) ?? new Set();
        listeners.add(listener);
        this.#listeners.set(name, listeners);
        return () => listeners.delete(listener);
      },
    };
  }

  /** The outside world changes. */
  tell<Name extends EventName>(name: Name, payload: EventPayload<Name>): void {
    if (name === 'tokens.changed') this.#tokens = payload as TokensView;
    for (const listener of this.#listeners.get(name) ?? []) listener(payload as never);
  }

  readonly #handlers: Handlers = {
    'app.ready': () => ({
      settings: this.#settings,
      about: {
        version: '0.1.0',
        electron: '45.4.1',
        chromium: '150.0.7700.12',
        node: '24.9.0',
        system: 'Windows 11 10.0.26200 (x64)',
        transport: 'pcsc',
        dataFolder: 'C:\\Users\\Aigerim\\AppData\\Roaming\\Kilt',
        logFolder: 'C:\\Users\\Aigerim\\AppData\\Roaming\\Kilt\\logs',
      },
    }),
    'settings.change': (changes) => {
      const given = Object.entries(changes).filter(([, value]) => value !== undefined);
      this.#settings = { ...this.#settings, ...Object.fromEntries(given) };
      return this.#settings;
    },
    'driver.list': () => ({ found: [...(this.#scenario.drivers ?? [])] }),
    'driver.choose': ({ library }) => {
      if (this.#scenario.driverRefused) return this.#scenario.driverRefused;
      this.#settings = { ...this.#settings, driverLibrary: library };
      return this.#settings;
    },
    'tokens.list': () => this.#tokens,
    'banks.list': () => [...(this.#scenario.banks ?? [])],
    'registrations.list': () => [...(this.#scenario.registrations ?? [])],
    'ends.list': () => [...(this.#scenario.ends ?? [])],
    'pressed.take': () => undefined,
    'ends.snooze': ({ id }) => {
      this.tell(
        'ends.changed',
        [...(this.#scenario.ends ?? [])].filter((end) => end.id !== id),
      );
    },
    'picker.open': () => this.#scenario.open ?? errorView('internal'),
    'profile.leave': () => undefined,
    'profile.openBank': () => undefined,
    'wizard.chooseKeyFile': () => ({ id: 'file-1', fileName: 'Key.pfx' }),
    'wizard.checkData': () =>
      this.#scenario.check ?? {
        draftId: 'draft-1',
        keyContainer: {
          fileName: 'Key.pfx',
          subjectName: 'Сериккызы Айгерим',
          issuerName: 'Demo Bank Initial Keys',
          notAfter: '2026-12-31T18:59:59Z',
        },
      },
    'wizard.start': () => this.#scenario.start ?? errorView('internal'),
    'registration.resume': () => this.#scenario.start ?? errorView('internal'),
    'wizard.forget': () => undefined,
    'banks.files': () => [...(this.#scenario.bankFiles ?? [])],
    'banks.chooseImport': () => this.#scenario.bankImport ?? null,
    'banks.import': () => [...(this.#scenario.bankFiles ?? [])],
    'banks.forgetImport': () => undefined,
    'banks.remove': () => [...(this.#scenario.bankFiles ?? [])].slice(1),
    'clipboard.copy': () => undefined,
  };
}
