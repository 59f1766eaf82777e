import { useMutation } from '@tanstack/react-query';
import { useEffect, useState, type RefObject } from 'react';
import { wipe } from '#shared/bytes.ts';
import type { SignatureForm, SigningView } from '#shared/signing-views.ts';
import type { TokenView } from '#shared/views.ts';
import { call, listen } from '../bridge.ts';
import { takeTyped } from '../fields/typed-secret.ts';
import type { Complaint } from '../fields/use-token-password.ts';

export interface SigningSettings {
  readonly fingerprint: string;
  readonly form: SignatureForm;
  readonly timestampUrl: string;
}

/** Takes the password out of its field and has the documents signed: one try for all. Before the last try it asks. */
export function useSigning(
  token: TokenView | undefined,
  documentIds: readonly string[],
  settings: SigningSettings,
  field: RefObject<HTMLInputElement | null>,
) {
  const [progress, setProgress] = useState<SigningView>();
  const [asksLastAttempt, setAsksLastAttempt] = useState(false);
  const [complaint, setComplaint] = useState<Complaint>();

  useEffect(() => listen('signing.changed', setProgress), []);

  const signing = useMutation({
    mutationFn: async () => {
      const pin = takeTyped(field.current);
      const { fingerprint, form, timestampUrl } = settings;
      try {
        return await call('signing.sign', {
          tokenId: token?.id ?? '',
          fingerprint,
          pin,
          documentIds: [...documentIds],
          form,
          ...(form === 'xml' || timestampUrl.trim() === '' ? {} : { timestampUrl: timestampUrl.trim() }),
        });
      } finally {
        wipe(pin);
        setProgress(undefined);
      }
    },
  });
  // Not in `onError`: the field takes the focus only once React has enabled it again.
  const refused = signing.status === 'error';
  useEffect(() => {
    if (refused) field.current?.focus();
  }, [refused, field]);

  const tryIt = () => {
    setAsksLastAttempt(false);
    signing.mutate();
  };
  return {
    progress,
    complaint,
    asksLastAttempt,
    pending: signing.isPending,
    error: signing.error,
    result: signing.data,
    submit: () => {
      const typed = field.current?.value ?? '';
      const shortest = Math.max(1, token?.userPin?.minLength ?? 1);
      if (typed.length < shortest) {
        setComplaint(typed === '' ? { kind: 'empty' } : { kind: 'too-short', minLength: shortest });
        field.current?.focus();
        return;
      }
      setComplaint(undefined);
      if (token?.userPin?.attemptsLeft === 1) setAsksLastAttempt(true);
      else tryIt();
    },
    confirmLastAttempt: tryIt,
    declineLastAttempt: () => {
      setAsksLastAttempt(false);
      field.current?.focus();
    },
    cancel: () => void call('signing.cancel', undefined),
    reset: () => {
      setComplaint(undefined);
      signing.reset();
    },
  };
}
