import { useEffect, useState } from 'react';

/** Milliseconds. Long enough for a key that was meant for another window to have come and gone. */
const guardedFor = 700;

/**
 * False for a moment after the window has come up, and again after it has got the keyboard: a key that was on its way to
 * another program must neither agree nor refuse.
 */
export function useGuard(): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let timer = setTimeout(setReady, guardedFor, true);
    const again = () => {
      clearTimeout(timer);
      setReady(false);
      timer = setTimeout(setReady, guardedFor, true);
    };
    window.addEventListener('focus', again);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('focus', again);
    };
  }, []);
  return ready;
}
