import path from 'node:path';

/**
 * Where Firefox for Linux may keep a user's profiles. Since 147 a new one follows XDG, an old one stays where it was; both
 * look for native-messaging hosts in `~/.mozilla` only (seen with 153, which keeps its place when that folder appears).
 */
export const firefoxFolders = (home: string): readonly string[] => [
  path.posix.join(home, '.mozilla/firefox'),
  path.posix.join(home, '.config/mozilla/firefox'),
];
