import { zodResolver } from '@hookform/resolvers/zod';
import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useForm } from 'react-hook-form';
import { wipe } from '#shared/bytes.ts';
import type { KeySetView } from '#shared/renewal-views.ts';
import { secretBytes } from '../fields/typed-secret.ts';
import { useTokenPassword } from '../fields/use-token-password.ts';
import { keepKeySet, useTokens } from '../main-process.ts';
import { renewalDataRules, type RenewalData } from './password-fields.tsx';

/** What is sent with the password, or that the password alone is. */
type Send = (secrets: {
  tokenId: string;
  pin: Uint8Array<ArrayBuffer>;
  registrationPin?: Uint8Array<ArrayBuffer>;
}) => Promise<KeySetView>;

/**
 * A step of a regeneration that needs the token's password, and the new ПИН where the old key authenticates nobody: one
 * try, everything typed wiped, the answer shown.
 */
export function useRenewalPassword(
  set: KeySetView,
  asksRegistrationPin: boolean,
  send: Send,
  onDone: (changed: KeySetView) => void,
) {
  const client = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const { tokens: present } = useTokens();
  const token = present.find(({ id }) => id === set.tokenId);
  const form = useForm<RenewalData>({
    defaultValues: { registrationPin: '' },
    resolver: zodResolver(renewalDataRules),
  });
  const entry = useTokenPassword(
    token,
    field,
    async (tokenId, pin) => {
      const registrationPin = asksRegistrationPin
        ? secretBytes(form.getValues('registrationPin'))
        : undefined;
      try {
        return await send({ tokenId, pin, ...(registrationPin && { registrationPin }) });
      } finally {
        wipe(registrationPin);
      }
    },
    (changed) => {
      form.reset();
      keepKeySet(client, changed);
      onDone(changed);
    },
  );
  return {
    token,
    form,
    entry,
    submit: () => {
      if (asksRegistrationPin) void form.handleSubmit(entry.submit)();
      else entry.submit();
    },
  };
}
