import type { RefObject } from 'react';
import type { CallOutput } from '#shared/ipc-contract.ts';
import type { ProfileName, TokenView } from '#shared/views.ts';
import { call } from '../bridge.ts';
import { useTokenPassword, type TokenPasswordEntry } from '../fields/use-token-password.ts';

export type Opened = CallOutput<'picker.open'>;

/**
 * «ОК» of the picker: one try, see {@link useTokenPassword}.
 *
 * @param profile which one where the token has several, or `new` for one more
 */
export const useOpenToken = (
  token: TokenView | undefined,
  field: RefObject<HTMLInputElement | null>,
  onOpened: (opened: Opened, tokenId: string) => void,
  profile?: ProfileName | 'new',
): TokenPasswordEntry =>
  useTokenPassword(token, field, (tokenId, pin) => call('picker.open', { tokenId, pin, profile }), onOpened);
