import type {
  CertificateCheckView,
  AuditView,
  ImportView,
  StoredObjectsView,
} from '#shared/control-panel-views.ts';
import type { CallInput, CallName, CallOutput } from '#shared/ipc-contract.ts';
import type { ErrorView, LicenceView } from '#shared/views.ts';

/** What lies on the token and in the journal, what an import file holds, and what is refused. */
export interface RecordsScenario {
  readonly stored?: StoredObjectsView;
  /** What the certification authority says. */
  readonly check?: Omit<CertificateCheckView, 'fingerprint' | 'checkedAt'>;
  readonly audit?: AuditView;
  /** What the system's dialog answers; `null`: cancelled. */
  readonly file?: CallOutput<'certificates.chooseImport'>;
  readonly view?: ImportView;
  readonly licences?: readonly LicenceView[];
  /** Instead of doing it. */
  readonly refuse?: Partial<Record<CallName, ErrorView>>;
}

type RecordsCall = Extract<CallName, `${'certificates' | 'audit' | 'folders' | 'about'}.${string}`>;
type Answer<Name extends CallName> = CallOutput<Name> | ErrorView;
type Handlers = { [Name in RecordsCall]: (input: CallInput<Name>) => Answer<Name> };

const nothingStored: StoredObjectsView = { tokenId: '', certificates: [], keys: [], unreadable: [] };

/** Certificates, journal, folders and licences without a main process behind them. */
export class RecordsStub {
  readonly #scenario: RecordsScenario;
  #stored: StoredObjectsView;

  constructor(scenario: RecordsScenario) {
    this.#scenario = scenario;
    this.#stored = scenario.stored ?? nothingStored;
  }

  readonly #answers: Handlers = {
    'certificates.list': ({ tokenId }) => ({ ...this.#stored, tokenId }),
    'certificates.check': ({ fingerprint }) => ({
      ...(this.#scenario.check ?? { verdict: 'untrusted', why: 'issuer-unknown' }),
      fingerprint,
      checkedAt: '2026-11-22T10:15:00.000Z',
    }),
    'certificates.export': ({ format }) => ({ fileName: format === 'pem' ? 'Айгерим.pem' : 'Айгерим.cer' }),
    'certificates.chooseImport': () => this.#scenario.file ?? null,
    'certificates.openImport': () => this.#view(),
    'certificates.import': ({ tokenId }) => {
      const [first] = this.#stored.certificates;
      const written = this.#view().certificates.filter(({ alreadyOnToken }) => !alreadyOnToken);
      if (first) {
        this.#stored = {
          ...this.#stored,
          certificates: [...this.#stored.certificates, ...written.map((one) => ({ ...first, ...one }))],
        };
      }
      return { ...this.#stored, tokenId };
    },
    'certificates.forgetImport': () => undefined,
    'certificates.delete': ({ tokenId, target }) => {
      this.#stored = {
        ...this.#stored,
        certificates: this.#stored.certificates.filter((one) =>
          target.kind === 'certificate'
            ? one.fingerprint !== target.fingerprint
            : one.objectId !== target.objectId,
        ),
        keys: this.#stored.keys
          .filter((one) => target.kind === 'certificate' || one.objectId !== target.objectId)
          .map((one) => ({ ...one })),
      };
      return { ...this.#stored, tokenId };
    },
    'audit.list': ({ offset, count }) => {
      const audit = this.#scenario.audit ?? { entries: [], total: 0, chain: { state: 'intact' } };
      return { ...audit, entries: audit.entries.slice(offset, offset + count) };
    },
    'audit.export': () => ({ fileName: 'kilt-audit-2026-11-22.jsonl' }),
    'folders.open': () => undefined,
    'about.licences': () => [...(this.#scenario.licences ?? [])],
  };

  readonly handlers = Object.fromEntries(
    Object.entries(this.#answers).map(([name, answer]) => [
      name,
      (input: never) => this.#scenario.refuse?.[name as RecordsCall] ?? answer(input),
    ]),
  ) as Handlers;

  #view(): ImportView {
    const { view, file } = this.#scenario;
    return (
      view ?? { importId: 'import-1', fileName: file?.fileName ?? '', kind: 'certificates', certificates: [] }
    );
  }
}
