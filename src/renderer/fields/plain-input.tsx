import {
  renderInput_unstable,
  useInput_unstable,
  useInputStyles_unstable,
  type InputProps,
} from '@fluentui/react-components';
import type { ChangeEventHandler, Ref } from 'react';

type PlainInputProps = Omit<InputProps, 'value' | 'defaultValue' | 'onChange'> & {
  readonly onChange?: ChangeEventHandler<HTMLInputElement>;
  readonly ref?: Ref<HTMLInputElement>;
};

/**
 * Fluent's input whose value lives in the DOM property alone. Fluent's own keeps a copy in React state and mirrors it
 * into the `value` attribute, where a password would outlive the field.
 */
export function PlainInput({ onChange, ref, ...props }: PlainInputProps) {
  const state = useInput_unstable(props, ref ?? null);
  useInputStyles_unstable(state);
  const { value: _mirrored, onChange: _keepsCopy, ...input } = state.input;
  return renderInput_unstable({ ...state, input: onChange === undefined ? input : { ...input, onChange } });
}
