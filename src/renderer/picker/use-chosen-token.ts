import { useEffect, useRef, useState, type RefObject } from 'react';
import type { TokenView } from '#shared/views.ts';

/**
 * Which row is chosen: the one the user chose while it is there, else a token that has just arrived, else the first
 * that can be used. A newcomer does not take the choice away from somebody who is typing a password.
 */
export function useChosenToken(
  present: readonly TokenView[],
  wanted: string | undefined,
  password: RefObject<HTMLInputElement | null>,
): { chosen: TokenView | undefined; choose: (id: string) => void } {
  const [chosenId, choose] = useState(wanted);
  const known = useRef<readonly string[]>(undefined);

  useEffect(() => {
    const ids = present.map(({ id }) => id);
    // The tokens that were there when the screen appeared are no newcomers.
    const newcomer = known.current && ids.find((id) => known.current?.includes(id) === false);
    if (newcomer !== undefined && (password.current?.value ?? '') === '') choose(newcomer);
    known.current = ids;
  }, [present, password]);

  const chosen =
    present.find(({ id }) => id === chosenId) ?? present.find(({ state }) => state === 'ready') ?? present[0];
  return { chosen, choose };
}
