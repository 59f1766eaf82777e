/**
 * Room that new keys take on a token, in bytes: two pairs, two certificates, their directory entries and a record. Sizes
 * of the files as the card makes them (facts §3.3), rounded up; certificates as banks issue them.
 */
export function roomForNewKeys(bits: 2048 | 4096): number {
  const pair =
    bits === 2048 ? privateKeyBytes + 2 * publicKeyBytes : 2 * (privateKeyBytes + 2 * publicKeyBytes);
  return 2 * (pair + certificateBytes + entryBytes) + recordBytes;
}

const privateKeyBytes = 1300;
const publicKeyBytes = 320;
const certificateBytes = 1600;
const entryBytes = 300;
const recordBytes = 800;
