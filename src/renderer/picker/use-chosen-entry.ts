import { useEffect, useRef, useState, type RefObject } from 'react';
import type { TokenEntry } from '#shared/token-entries.ts';

/**
 * Which row is chosen: the one the user chose while it is there, else one of a token that has just arrived, else the first
 * that can be used. A newcomer does not take the choice away from somebody who is typing a password.
 *
 * @param wanted a token's id, or a row's
 */
export function useChosenEntry(
  present: readonly TokenEntry[],
  wanted: string | undefined,
  password: RefObject<HTMLInputElement | null>,
): { chosen: TokenEntry | undefined; choose: (entryId: string) => void } {
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
    present.find(({ entryId }) => entryId === chosenId) ??
    present.find(({ id }) => id === chosenId) ??
    present.find(({ state }) => state === 'ready') ??
    present[0];
  return { chosen, choose };
}
