/** react-hook-form's registration under the names of `SecretField`. */
export function withoutRef<Registration extends { ref: unknown; disabled?: boolean }>({
  ref,
  disabled: _disabled,
  ...rest
}: Registration) {
  return { ...rest, inputRef: ref as Registration['ref'] };
}
