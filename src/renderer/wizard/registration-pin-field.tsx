import { Field } from '@fluentui/react-components';
import { useState } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { PlainInput } from '../fields/plain-input.tsx';
import { asRegistrationPin } from './registration-data.ts';

/** «ПИН» from the OTP card: readable, so that it can be compared with the card; capital as typed. */
export function RegistrationPinField({
  field: { onChange, ...field },
  error,
  onFocus,
}: {
  field: UseFormRegisterReturn;
  error: string | undefined;
  onFocus?: () => void;
}) {
  const { t } = useTranslation();
  const [notLatin, setNotLatin] = useState(false);
  const complaint = error ?? (notLatin ? t('fields.registrationPinSigns') : undefined);
  return (
    <Field
      label={t('fields.registrationPin')}
      hint={t('fields.registrationPinHint')}
      validationMessage={complaint ?? null}
      validationState={error !== undefined ? 'error' : notLatin ? 'warning' : 'none'}
      required
    >
      <PlainInput
        {...field}
        autoComplete="off"
        spellCheck={false}
        {...(onFocus && { onFocus })}
        onChange={(event) => {
          const input = event.target;
          const pin = asRegistrationPin(input.value);
          if (pin !== input.value) {
            const caret = (input.selectionStart ?? pin.length) - (input.value.length - pin.length);
            input.value = pin;
            input.setSelectionRange(caret, caret);
          }
          setNotLatin(/[^A-Z0-9]/.test(pin));
          void onChange(event);
        }}
      />
    </Field>
  );
}
