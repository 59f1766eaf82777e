import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { wipe } from '#shared/bytes.ts';
import type { FormatView } from '#shared/control-panel-views.ts';
import type { CallInput } from '#shared/ipc-contract.ts';
import type { ErrorView } from '#shared/views.ts';
import { call, failureOf, listen } from '../../bridge.ts';
import { runningFormat } from '../../main-process.ts';

export interface Formatting {
  /** The format under way, or the one that has just ended, until it is dismissed. */
  readonly view: FormatView | undefined;
  /** «Начать» was pressed and has not been answered. */
  readonly pending: boolean;
  /** Why nothing was done. */
  readonly error: ErrorView | undefined;
  readonly start: (order: CallInput<'panel.format'>) => void;
  readonly dismiss: () => void;
}

/**
 * «Начать», and what `format.changed` tells of it. A format that was begun before this page was loaded is followed all
 * the same; the end of one that nobody looks at is told by the token itself.
 */
export function useFormatting(): Formatting {
  const [view, setView] = useState<FormatView>();
  useEffect(() => {
    const end = listen('format.changed', (changed) => {
      setView((known) => {
        const followed = known?.tokenSerial === changed.tokenSerial;
        return changed.state === 'running' || followed ? changed : known;
      });
    });
    void runningFormat().then((running) => {
      // What was told meanwhile is newer.
      setView((known) => known ?? running);
    });
    return end;
  }, []);

  const starting = useMutation({
    mutationFn: async (order: CallInput<'panel.format'>) => {
      try {
        return await call('panel.format', order);
      } finally {
        wipe(order.newUserPin);
        wipe(order.newAdministratorPin);
      }
    },
    onSuccess: setView,
    onError: () => {
      // Refused before the token was asked for anything: that is an answer to «Начать», not an end.
      setView((known) => (known !== undefined && known.done.length === 0 ? undefined : known));
    },
  });
  return {
    view,
    pending: starting.isPending,
    error: starting.error === null ? undefined : failureOf(starting.error),
    start: (order) => {
      starting.mutate(order);
    },
    dismiss: () => {
      starting.reset();
      setView(undefined);
    },
  };
}
