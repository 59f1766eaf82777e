import { useMutation } from '@tanstack/react-query';
import { useLayoutEffect, useState, type RefObject } from 'react';
import { wipe } from '#shared/bytes.ts';
import type { ErrorView, TokenView } from '#shared/views.ts';
import { failureOf } from '../bridge.ts';
import { takeTyped } from './typed-secret.ts';

/** What keeps «ОК» from spending a try. */
export type Complaint =
  { readonly kind: 'empty' } | { readonly kind: 'too-short'; readonly minLength: number };

/**
 * The password of a token for one thing to do: takes it out of its field, spends exactly one try, wipes. Before the last
 * try it asks; a password that can not be right for its length is not tried.
 *
 * @param send does it; the password is wiped when it has answered
 */
export function useTokenPassword<Answer>(
  token: TokenView | undefined,
  field: RefObject<HTMLInputElement | null>,
  send: (tokenId: string, pin: Uint8Array<ArrayBuffer>) => Promise<Answer>,
  onDone: (answer: Answer, tokenId: string) => void,
) {
  const [asksLastAttempt, setAsksLastAttempt] = useState(false);
  const [complaint, setComplaint] = useState<Complaint>();

  const opening = useMutation({
    mutationFn: async (tokenId: string) => {
      const pin = takeTyped(field.current);
      try {
        return await send(tokenId, pin);
      } finally {
        wipe(pin);
      }
    },
    onSuccess: onDone,
  });

  // Not in `onError`: the field takes the focus only once React has enabled it again. And not after painting: who sees
  // the answer may press a key.
  const refused = opening.status === 'error';
  useLayoutEffect(() => {
    if (refused) field.current?.focus();
  }, [refused, field]);

  const tryIt = () => {
    setAsksLastAttempt(false);
    if (token !== undefined) opening.mutate(token.id);
  };

  const error: ErrorView | undefined = opening.error === null ? undefined : failureOf(opening.error);
  return {
    field,
    complaint,
    error,
    pending: opening.isPending,
    asksLastAttempt,
    submit: () => {
      if (token === undefined || opening.isPending) return;
      const typed = field.current?.value ?? '';
      const minLength = token.userPin?.minLength ?? 1;
      if (typed.length < Math.max(1, minLength)) {
        setComplaint(typed === '' ? { kind: 'empty' } : { kind: 'too-short', minLength });
        field.current?.focus();
        return;
      }
      setComplaint(undefined);
      if (token.userPin?.attemptsLeft === 1) setAsksLastAttempt(true);
      else tryIt();
    },
    confirmLastAttempt: tryIt,
    declineLastAttempt: () => {
      setAsksLastAttempt(false);
      field.current?.focus();
    },
    /** Forgets what was typed and what was answered. */
    reset: () => {
      if (field.current) field.current.value = '';
      setComplaint(undefined);
      opening.reset();
    },
  };
}

export type TokenPasswordEntry = ReturnType<typeof useTokenPassword>;
