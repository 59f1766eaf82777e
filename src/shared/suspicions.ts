/**
 * What stands out in registration data that did not open a key file, in the order in which it is told; texts under
 * `errors.suspicions`. Each is about the shape of what was typed or the name of the file, never about which half of a
 * secret is right: all of them would be said of right data, too.
 */
export const suspicions = [
  'pin-length',
  'pin-small',
  'pin-letters',
  'password-letters',
  'other-id-in-file-name',
  'pin-lookalikes',
  'user-id-lookalikes',
] as const;
export type Suspicion = (typeof suspicions)[number];
