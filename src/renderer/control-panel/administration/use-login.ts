import { useMutation } from '@tanstack/react-query';
import { useLayoutEffect, useState, type RefObject } from 'react';
import { wipe } from '#shared/bytes.ts';
import type { PanelView } from '#shared/control-panel-views.ts';
import type { ErrorView } from '#shared/views.ts';
import { call, failureOf } from '../../bridge.ts';
import { takeTyped } from '../../fields/typed-secret.ts';
import { pinOf, type PinRole } from '../pin-role.ts';
import { useKeepPanel, useReadPanelAgain } from '../use-panel.ts';

/** What keeps «ОК» from spending a try. */
export type LoginComplaint =
  { readonly kind: 'empty' } | { readonly kind: 'too-short'; readonly minLength: number };

/**
 * «Ввести PIN-код…»: takes the PIN out of its field, spends exactly one try, wipes. Before the last try it asks; a PIN
 * that can not be right for its length is not tried.
 */
export function useLogin(
  { tokenId, information }: PanelView,
  role: PinRole,
  field: RefObject<HTMLInputElement | null>,
  onLoggedIn: () => void,
) {
  const keepPanel = useKeepPanel();
  const readAgain = useReadPanelAgain();
  const [asksLastAttempt, setAsksLastAttempt] = useState(false);
  const [complaint, setComplaint] = useState<LoginComplaint>();

  const login = useMutation({
    mutationFn: async () => {
      const pin = takeTyped(field.current);
      try {
        return await call('panel.login', { tokenId, role, pin });
      } finally {
        wipe(pin);
      }
    },
    onSuccess: (panel) => {
      keepPanel(panel);
      onLoggedIn();
    },
    onError: () => {
      // The attempts left have changed.
      readAgain(tokenId);
    },
  });

  // Not in `onError`: the field takes the focus only once React has enabled it again. And not after painting: who sees
  // the answer may press a key.
  const refused = login.status === 'error';
  useLayoutEffect(() => {
    if (refused) field.current?.focus();
  }, [refused, field]);

  const tryIt = () => {
    setAsksLastAttempt(false);
    login.mutate();
  };
  const { attemptsLeft, minLength } = pinOf(information, role);
  const error: ErrorView | undefined = login.error === null ? undefined : failureOf(login.error);
  return {
    complaint,
    error,
    pending: login.isPending,
    asksLastAttempt,
    submit: () => {
      if (login.isPending) return;
      const typed = field.current?.value ?? '';
      const shortest = Math.max(1, minLength ?? 1);
      if (typed.length < shortest) {
        setComplaint(typed === '' ? { kind: 'empty' } : { kind: 'too-short', minLength: shortest });
        field.current?.focus();
        return;
      }
      setComplaint(undefined);
      if (attemptsLeft === 1) setAsksLastAttempt(true);
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
      login.reset();
    },
  };
}
