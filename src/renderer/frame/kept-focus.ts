import { useLayoutEffect, useRef, type RefObject } from 'react';

/**
 * What is disabled while one waits for an answer loses the focus, and the keyboard its place: Esc and Tab would go to
 * nothing. Gives the focus back in the same moment in which the answer appears.
 *
 * @param area within which the focus was, and stays
 */
export function useKeptFocus(area: RefObject<HTMLElement | null>, pending: boolean): void {
  const had = useRef<HTMLElement>(null);
  const waited = useRef(false);
  // Not after painting: a key may be pressed as soon as the answer is seen.
  useLayoutEffect(() => {
    const { activeElement } = document;
    if (pending) {
      waited.current = true;
      had.current =
        activeElement instanceof HTMLElement && area.current?.contains(activeElement) === true
          ? activeElement
          : null;
      return;
    }
    if (!waited.current) return;
    waited.current = false;
    const isLost = activeElement === null || activeElement === document.body || isDisabled(activeElement);
    if (!isLost) return;
    const back = had.current;
    if (back?.isConnected === true && !isDisabled(back)) back.focus();
    else area.current?.querySelector<HTMLElement>('input:not([disabled]), button:not([disabled])')?.focus();
  }, [area, pending]);
}

const isDisabled = (element: Element): boolean => element.matches(':disabled');
