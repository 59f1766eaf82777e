import { Button, Field, makeStyles, tokens, type FieldProps } from '@fluentui/react-components';
import { Eye20Regular } from '@fluentui/react-icons/svg/eye';
import { EyeOff20Regular } from '@fluentui/react-icons/svg/eye-off';
import { useState, type ChangeEventHandler, type FocusEventHandler, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { PlainInput } from './plain-input.tsx';

const useStyles = makeStyles({
  eye: { minWidth: '28px', marginInlineEnd: '-6px' },
  hints: {
    minHeight: tokens.lineHeightBase200,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorStatusWarningForeground3,
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: '12px',
  },
});

interface SecretFieldProps {
  readonly label: string;
  readonly hint?: Exclude<FieldProps['hint'], undefined>;
  readonly error?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly inputRef?: Ref<HTMLInputElement>;
  /** From react-hook-form's `register`, where the field belongs to a form. */
  readonly name?: string;
  readonly onChange?: ChangeEventHandler<HTMLInputElement>;
  readonly onBlur?: FocusEventHandler<HTMLInputElement>;
  readonly onFocus?: () => void;
  /** A password that is being chosen, not asked for. */
  readonly fresh?: boolean;
}

const notAscii = /[^\x20-\x7e]/;

/**
 * A password: show and hide, Caps Lock and keyboard-layout hints below in a line of their own (so nothing moves),
 * paste allowed.
 */
export function SecretField({
  label,
  hint,
  error,
  disabled = false,
  inputRef,
  fresh = false,
  onChange,
  ...input
}: SecretFieldProps) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const [notLatin, setNotLatin] = useState(false);
  const watchCapsLock = (event: { getModifierState: (key: 'CapsLock') => boolean }) => {
    setCapsLock(event.getModifierState('CapsLock'));
  };
  const Eye = shown ? EyeOff20Regular : Eye20Regular;
  return (
    <div>
      <Field
        label={label}
        hint={hint ?? null}
        validationMessage={error ?? null}
        validationState={error === undefined ? 'none' : 'error'}
      >
        <PlainInput
          {...input}
          ref={inputRef ?? null}
          type={shown ? 'text' : 'password'}
          autoComplete={fresh ? 'new-password' : 'off'}
          spellCheck={false}
          disabled={disabled}
          onKeyDown={watchCapsLock}
          onKeyUp={watchCapsLock}
          onMouseDown={watchCapsLock}
          onChange={(event) => {
            setNotLatin(notAscii.test(event.target.value));
            onChange?.(event);
          }}
          contentAfter={
            <Button
              appearance="transparent"
              size="small"
              className={styles.eye}
              icon={<Eye aria-hidden />}
              disabled={disabled}
              aria-label={t(shown ? 'fields.hidePassword' : 'fields.showPassword')}
              aria-pressed={shown}
              onClick={() => {
                setShown(!shown);
              }}
            />
          }
        />
      </Field>
      <div className={styles.hints} role="status">
        {capsLock && <span>{t('fields.capsLock')}</span>}
        {notLatin && <span>{t('fields.notLatin')}</span>}
      </div>
    </div>
  );
}
