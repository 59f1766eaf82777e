import { useEffect, useState } from 'react';
import { call } from '../bridge.ts';

/** How long a button says that it has copied. */
const shownFor = 2_000;

/** Copies through the main process: the page itself may not touch the clipboard. */
export function useCopy(): { copy: (text: string) => void; copied: boolean } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => {
      setCopied(false);
    }, shownFor);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  return {
    copied,
    copy: (text) => {
      void call('clipboard.copy', { text }).then(
        () => {
          setCopied(true);
        },
        // The text stays on the screen and can be selected by hand.
        () => undefined,
      );
    },
  };
}
