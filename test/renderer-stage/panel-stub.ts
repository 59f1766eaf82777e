import type {
  FormatPlan,
  FormatStage,
  FormatView,
  Obstacle,
  PanelAction,
  PanelView,
  TokenInformationView,
} from '#shared/control-panel-views.ts';
import type { CallInput, CallName, CallOutput, EventName, EventPayload } from '#shared/ipc-contract.ts';
import type { ErrorView } from '#shared/views.ts';

/** What the control panel finds on the token, and how its calls are answered. */
export interface PanelScenario {
  readonly information: TokenInformationView;
  readonly tokenId: string;
  readonly rights?: PanelView['rights'];
  readonly plan?: Partial<FormatPlan>;
  /** Instead of doing it. */
  readonly refuse?: Partial<Record<CallName, ErrorView>>;
  /** The stage before which a format stops; it then waits there, or breaks off with the error. */
  readonly formatStopsBefore?: FormatStage;
  readonly formatError?: ErrorView;
}

type PanelCall = Extract<CallName, `panel.${string}`>;
type Handlers = { [Name in PanelCall]: (input: CallInput<Name>) => Answer<Name> | Promise<Answer<Name>> };
type Answer<Name extends CallName> = CallOutput<Name> | ErrorView;
type Tell = <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void;
type Role = 'user' | 'administrator';

const stages: readonly FormatStage[] = [
  'checked',
  'wiped',
  'folders',
  'administrator-pin',
  'user-pin',
  'application',
  'closed',
];

/** A token's control panel without a token behind it. */
export class PanelStub {
  readonly #scenario: PanelScenario;
  readonly #tell: Tell;
  #information: TokenInformationView;
  #rights: PanelView['rights'];

  constructor(scenario: PanelScenario, tell: Tell) {
    this.#scenario = scenario;
    this.#tell = tell;
    this.#information = scenario.information;
    this.#rights = scenario.rights ?? null;
  }

  /** The rights end without «Выйти»: the computer was locked. */
  endRights(): void {
    this.#rights = null;
    this.#tell('panel.changed', { tokenId: this.#scenario.tokenId });
  }

  readonly handlers: Handlers = {
    'panel.token': () => this.#refusal('panel.token') ?? this.#view(),
    'panel.login': ({ role }) => {
      const refusal = this.#refusal('panel.login');
      if (refusal) {
        const left = refusal.data['attemptsLeft'];
        if (typeof left === 'number') this.#changePin(role, { attemptsLeft: left, blocked: left === 0 });
        return refusal;
      }
      this.#rights = { role, since: new Date().toISOString() };
      return this.#view();
    },
    'panel.logout': () => {
      this.#rights = null;
      return this.#view();
    },
    'panel.changePin': ({ role }) => {
      const refusal = this.#refusal('panel.changePin');
      if (refusal) return refusal;
      this.#changePin(role, { isDefault: false });
      return this.#view();
    },
    'panel.unblock': () => {
      const refusal = this.#refusal('panel.unblock');
      if (refusal) return refusal;
      this.#changePin('user', { blocked: false, attemptsLeft: this.#information.userPin.maxAttempts });
      return this.#view();
    },
    'panel.rename': ({ label }) => {
      const refusal = this.#refusal('panel.rename');
      if (refusal) return refusal;
      this.#information = { ...this.#information, label };
      return this.#view();
    },
    'panel.runningFormat': () => null,
    'panel.planFormat': () => this.#refusal('panel.planFormat') ?? this.#plan(),
    'panel.format': () => this.#refusal('panel.format') ?? this.#format(),
  };

  #refusal(name: PanelCall): ErrorView | undefined {
    return this.#scenario.refuse?.[name];
  }

  #view(): PanelView {
    return {
      tokenId: this.#scenario.tokenId,
      information: this.#information,
      rights: this.#rights,
      actions: actionsOf(this.#information, this.#rights?.role),
    };
  }

  #changePin(role: Role, changes: Partial<TokenInformationView['userPin']>): void {
    const name = role === 'user' ? 'userPin' : 'administratorPin';
    this.#information = { ...this.#information, [name]: { ...this.#information[name], ...changes } };
  }

  #plan(): FormatPlan {
    const { serial, label, layout, administratorPin } = this.#information;
    return {
      tokenId: this.#scenario.tokenId,
      serial,
      label,
      confirmWith: label ?? serial,
      blockers: [],
      withoutAdministrator:
        layout === 'half-formatted'
          ? 'half-formatted'
          : administratorPin.blocked
            ? 'administrator-pin-blocked'
            : null,
      certificates: [],
      keys: [],
      otherObjects: 0,
      settings: {
        label: label ?? '',
        userPinChangedBy: 'both',
        userMinLength: 6,
        administratorMinLength: 6,
        userAttempts: 10,
        administratorAttempts: 10,
      },
      ...this.#scenario.plan,
    };
  }

  async #format(): Promise<FormatView> {
    const { formatStopsBefore: stop, formatError } = this.#scenario;
    let view: FormatView = {
      tokenSerial: this.#information.serial,
      state: 'running',
      done: [],
      startedAt: new Date(Date.now() - 4_000).toISOString(),
    };
    this.#tell('format.changed', view);
    for (const stage of stages) {
      if (stage === stop) {
        if (formatError === undefined) return new Promise(() => undefined);
        view = { ...view, state: 'interrupted', error: formatError };
        this.#information = { ...this.#information, label: null, layout: 'half-formatted' };
        this.#rights = null;
        this.#tell('format.changed', view);
        return view;
      }
      view = { ...view, done: [...view.done, stage] };
      this.#tell('format.changed', view);
    }
    view = { ...view, state: 'finished' };
    this.#rights = null;
    this.#tell('format.changed', view);
    return view;
  }
}

/** As the main process answers it. */
function actionsOf(
  { layout, userPin, administratorPin }: TokenInformationView,
  role: Role | undefined,
): PanelView['actions'] {
  const all = (obstacle: Obstacle): Record<PanelAction, Obstacle | null> => ({
    'change-user-pin': obstacle,
    'change-administrator-pin': obstacle,
    unblock: obstacle,
    rename: obstacle,
    format: null,
    import: obstacle,
    delete: obstacle,
  });
  if (layout === 'half-formatted') return all('half-formatted');
  const administrator = role === 'administrator' ? null : 'needs-administrator';
  const user = role === 'user' ? null : 'needs-user';
  return {
    ...all('needs-user'),
    'change-user-pin':
      role === undefined
        ? 'needs-login'
        : userPin.changedBy === 'user' && role === 'administrator'
          ? 'changed-by-user-only'
          : userPin.changedBy === 'administrator' && role === 'user'
            ? 'changed-by-administrator-only'
            : userPin.blocked
              ? 'pin-blocked'
              : null,
    'change-administrator-pin': administrator,
    unblock: administrator ?? (userPin.blocked ? null : 'not-blocked'),
    rename: user ?? (layout === 'none' ? 'no-layout' : null),
    import: user,
    delete: user,
    format: administratorPin.blocked ? null : administrator,
  };
}
