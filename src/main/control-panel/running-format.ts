import type { FormatStage, FormatView } from '#shared/control-panel-views.ts';
import { errorViewOf } from '#shared/error-view.ts';
import { isKiltError } from '#shared/errors.ts';
import type { FormatJournal, JournalledFormat } from '#main/store/format-journal.ts';

/** One format while it is carried out: its stages, in the journal and told. */
export class RunningFormat {
  readonly format: JournalledFormat;
  readonly #journal: FormatJournal;
  readonly #tell: (view: FormatView) => void;
  readonly #onStage: ((stage: FormatStage) => void) | undefined;
  #view: FormatView;

  constructor(
    format: JournalledFormat,
    options: {
      readonly journal: FormatJournal;
      readonly tell: (view: FormatView) => void;
      readonly onStage: ((stage: FormatStage) => void) | undefined;
    },
  ) {
    this.format = format;
    this.#journal = options.journal;
    this.#tell = options.tell;
    this.#onStage = options.onStage;
    this.#view = formatView(format, 'running');
    this.#tell(this.#view);
  }

  get view(): FormatView {
    return this.#view;
  }

  /** @throws KiltError `disk-full`, `storage-failed`: nothing has been done to the token yet */
  checked(): void {
    this.#journal.reached(this.format.id, 'checked');
    this.#show('checked');
  }

  /** The token has been changed and must be made whole: a full disk does not stop that. */
  passed(stage: FormatStage): void {
    unlessUnwritable(() => this.#journal.reached(this.format.id, stage));
    this.#show(stage);
  }

  end(state: 'finished' | 'interrupted', error?: unknown): void {
    unlessUnwritable(() => this.#journal.end(this.format.id, state));
    this.#view = { ...this.#view, state, ...(error === undefined ? {} : { error: errorViewOf(error) }) };
    this.#tell(this.#view);
  }

  #show(stage: FormatStage): void {
    this.#view = { ...this.#view, done: [...this.#view.done, stage] };
    this.#tell(this.#view);
    this.#onStage?.(stage);
  }
}

export const formatView = (
  { tokenSerial, stages, startedAt }: JournalledFormat,
  state: FormatView['state'],
): FormatView => ({ tokenSerial, state, done: [...stages], startedAt });

/** What the token says counts for more than this line: it is asked when the token is met again. */
function unlessUnwritable(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isKiltError(error)) throw error;
  }
}
