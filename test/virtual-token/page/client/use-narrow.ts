import { useSyncExternalStore } from 'react';

const narrow = window.matchMedia('(max-width: 959px)');

const subscribe = (changed: () => void): (() => void) => {
  narrow.addEventListener('change', changed);
  return () => {
    narrow.removeEventListener('change', changed);
  };
};

/** Whether there is no room for the trace beside the token. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => narrow.matches);
