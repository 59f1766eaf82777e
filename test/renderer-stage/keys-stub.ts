import type { CallInput, CallName, CallOutput } from '#shared/ipc-contract.ts';
import type { KeySetView, RenewalPlan, RenewalView } from '#shared/renewal-views.ts';
import type { ErrorView } from '#shared/views.ts';

/** The key sets there are, what regenerating the first would mean, and what is refused. */
export interface KeysScenario {
  readonly sets?: readonly KeySetView[];
  readonly plan?: Partial<RenewalPlan>;
  /** What becomes of the first set when its request is sent. */
  readonly sent?: KeySetView | ErrorView;
  /** What becomes of it when it goes on. */
  readonly continued?: KeySetView | ErrorView;
}

type KeysCall = Extract<CallName, `renewals.${string}`>;
type Handlers = { [Name in KeysCall]: (input: CallInput<Name>) => CallOutput<Name> | ErrorView };

/** «Ключи» without a main process behind them. */
export class KeysStub {
  readonly #scenario: KeysScenario;
  readonly #tell: (sets: KeySetView[]) => void;
  #sets: KeySetView[];

  constructor(scenario: KeysScenario, tell: (sets: KeySetView[]) => void) {
    this.#scenario = scenario;
    this.#sets = [...(scenario.sets ?? [])];
    this.#tell = tell;
  }

  readonly handlers: Handlers = {
    'renewals.list': () => this.#sets,
    'renewals.refresh': () => this.#sets,
    'renewals.plan': ({ keySetId }) => ({
      keySetId,
      authentication: 'old-key',
      obstacles: [],
      room: { needed: 6200, free: 41_984 },
      expectedAt: new Date(Date.now() + 3 * 86_400_000).toISOString(),
      ...this.#scenario.plan,
    }),
    'renewals.send': () => this.#become(this.#scenario.sent),
    'renewals.continue': () => this.#become(this.#scenario.continued),
    'renewals.close': () => {
      this.#sets = this.#sets.map((set) => {
        const { renewal: _, reason: __, ...rest } = set;
        return set.status === 'refused' ? { ...rest, status: 'planned-renewal' } : set;
      });
      return this.#sets;
    },
  };

  #become(next: KeySetView | ErrorView | undefined): KeySetView | ErrorView {
    if (next === undefined || !('certificates' in next)) {
      return next ?? { id: 'internal', code: '0900001', data: {} };
    }
    this.#sets = this.#sets.map((set) => (set.id === next.id ? next : set));
    this.#tell(this.#sets);
    return next;
  }
}

/** A regeneration in the middle. */
export const renewal = (changes: Partial<RenewalView>): RenewalView => ({
  journalId: 'renewal-1',
  startedAt: new Date().toISOString(),
  state: 'running',
  done: [],
  readyToTake: false,
  needs: { tokenPin: true, registrationPin: false },
  ...changes,
});
