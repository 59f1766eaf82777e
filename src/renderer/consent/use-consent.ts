import { useMutation } from '@tanstack/react-query';
import { useCallback, useEffect, useState, type RefObject } from 'react';
import { wipe } from '#shared/bytes.ts';
import type { ConsentKeyView, ConsentView } from '#shared/consent-views.ts';
import { call } from '../bridge.ts';
import { takeTyped } from '../fields/typed-secret.ts';
import type { Complaint } from '../fields/use-token-password.ts';

/** Names a key among those of all tokens. */
const nameOf = ({ tokenId, fingerprint }: ConsentKeyView): string => `${tokenId} ${fingerprint}`;

/** Which key is chosen, and the two answers. The password leaves its field with the consent and stays nowhere. */
export function useConsent(view: ConsentView, field: RefObject<HTMLInputElement | null>) {
  const [chosen, setChosen] = useState<string>();
  const [complaint, setComplaint] = useState<Complaint>();
  const [asksLastAttempt, setAsksLastAttempt] = useState(false);
  const key =
    view.keys.find((one) => nameOf(one) === chosen) ??
    view.keys.find(({ validity }) => validity === 'valid') ??
    view.keys[0];

  const agreeing = useMutation({
    mutationFn: async () => {
      const pin = view.needsPin ? takeTyped(field.current) : undefined;
      try {
        await call('consent.agree', {
          id: view.id,
          ...(view.needsKey && key ? { key: { tokenId: key.tokenId, fingerprint: key.fingerprint } } : {}),
          ...(pin === undefined ? {} : { pin }),
        });
      } finally {
        wipe(pin);
      }
    },
  });
  const { id } = view;
  const refuse = useCallback(() => {
    // The window closes with the answer; one that comes too late has been answered already.
    void call('consent.refuse', { id }).catch(() => undefined);
  }, [id]);
  // Not in `onError`: the field takes the focus only once React has enabled it again.
  const refused = agreeing.status === 'error';
  useEffect(() => {
    if (refused) field.current?.focus();
  }, [refused, field]);

  const tryIt = () => {
    setAsksLastAttempt(false);
    agreeing.mutate();
  };
  const usable = key?.validity === 'valid' && !(view.needsPin && key.pinBlocked);
  return {
    key,
    keyName: key === undefined ? '' : nameOf(key),
    nameOf,
    choose: setChosen,
    complaint,
    asksLastAttempt,
    /** Something is there to agree to. A certificate that has ended may be given, but signs nothing. */
    possible: !view.needsKey || (key !== undefined && (usable || !view.needsPin)),
    pending: agreeing.isPending,
    error: agreeing.error,
    refuse,
    typed: () => {
      setComplaint(undefined);
    },
    agree: () => {
      if (!view.needsPin) {
        tryIt();
        return;
      }
      const typed = field.current?.value ?? '';
      const shortest = Math.max(1, key?.minPinLength ?? 1);
      if (typed.length < shortest) {
        setComplaint(typed === '' ? { kind: 'empty' } : { kind: 'too-short', minLength: shortest });
        field.current?.focus();
      } else if (key?.attemptsLeft === 1) setAsksLastAttempt(true);
      else tryIt();
    },
    confirmLastAttempt: tryIt,
    declineLastAttempt: () => {
      setAsksLastAttempt(false);
      field.current?.focus();
    },
  };
}
