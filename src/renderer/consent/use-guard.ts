import { useEffect, useState } from 'react';

/** Milliseconds. Long enough for a key or a click that was meant for another window to have come and gone. */
const guardedFor = 700;

export interface Guard {
  /** Clicks are taken. */
  readonly pointer: boolean;
  /** Keys are taken. */
  readonly keys: boolean;
}

/**
 * For a moment after the window has come up nothing is taken: what was on its way to another program must neither agree nor
 * refuse. Keys are not taken for a moment after it has got the keyboard, either; a click that brings the keyboard here is
 * meant for what it hits.
 */
export function useGuard(): Guard {
  const [pointer, setPointer] = useState(false);
  const [keys, setKeys] = useState(false);
  useEffect(() => {
    const opening = setTimeout(setPointer, guardedFor, true);
    let timer = setTimeout(setKeys, guardedFor, true);
    const again = () => {
      clearTimeout(timer);
      setKeys(false);
      timer = setTimeout(setKeys, guardedFor, true);
    };
    window.addEventListener('focus', again);
    return () => {
      clearTimeout(opening);
      clearTimeout(timer);
      window.removeEventListener('focus', again);
    };
  }, []);
  return { pointer, keys };
}
