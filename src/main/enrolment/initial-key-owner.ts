/**
 * Whether an initial key was issued for this user ID, as far as its subject tells: the bank writes the ID as UID
 * (0.9.2342.19200300.100.1.1). A subject without one says nothing, and the CA decides.
 *
 * @param info subject as RFC 4514 string
 */
export function belongsToUser(info: { readonly subject: string }, userId: string): boolean {
  const uid = /(?:^|,)\s*(?:UID|0\.9\.2342\.19200300\.100\.1\.1)=([^,]*)/i.exec(info.subject)?.[1];
  return uid === undefined || uid.trim() === userId;
}
