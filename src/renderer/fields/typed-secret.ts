/** UTF-8 bytes of a typed secret, in a buffer of their own that the caller wipes. */
export const secretBytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Takes a password out of its field: nothing stays there. */
export function takeTyped(field: HTMLInputElement | null): Uint8Array<ArrayBuffer> {
  if (field === null) return new Uint8Array(0);
  const bytes = secretBytes(field.value);
  field.value = '';
  return bytes;
}
