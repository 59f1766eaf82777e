import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { KiltError } from '#shared/errors.ts';

/** Why a library is not loaded from where it lies. */
export type PlaceRefusal = 'relative' | 'folder' | 'link' | 'writable' | 'missing' | 'not-a-file';

export interface LibraryRules {
  readonly platform: NodeJS.Platform;
  /** Absolute; only what lies below one of them is loaded. What lies above them belongs to the system. */
  readonly folders: readonly string[];
  /** Users to whom the library and each folder down to it may belong; `null` where the system has no such numbers. */
  readonly owners: readonly number[] | null;
}

const ROOT = 0;
/** By a group or by everybody. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Where programs of this system are installed by an administrator and by nobody else. On Windows that is what the
 * installed system says of itself: rights there are the installer's, and the signature is checked beside
 * (library-signer.ts).
 */
export function systemLibraryRules(
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv = process.env,
): LibraryRules {
  if (platform === 'win32') {
    // The variable says on which drive the system is, and nothing else is taken from it: whoever starts Kilt can set it.
    const said = environment['SystemRoot'] ?? '';
    const drive = /^[a-z]:\\windows$/i.test(said) ? said.slice(0, 3) : 'C:\\';
    return {
      platform,
      folders: [`${drive}Windows\\System32`, `${drive}Program Files`, `${drive}Program Files (x86)`],
      owners: null,
    };
  }
  const folders =
    platform === 'darwin'
      ? ['/Library', '/System/Library', '/usr/lib', '/usr/local/lib']
      : ['/usr/lib', '/usr/lib64', '/usr/local/lib', '/lib', '/lib64', '/opt'];
  return { platform, folders, owners: [ROOT] };
}

/**
 * The real path of a library that may be loaded: given as an absolute path, in an allowed folder, also after all links
 * are followed, and such that on its way down nobody but its owners can put another file in its place.
 *
 * @throws KiltError `driver-not-allowed` {likelyCause: `driver-` and a {@link PlaceRefusal}}
 */
export async function allowedLibrary(library: string, rules: LibraryRules): Promise<string> {
  const paths = rules.platform === 'win32' ? path.win32 : path.posix;
  // `\\server\share` and `\\?\` are absolute to Node; a library from the network or past the path rules is neither.
  const isPlain = paths.isAbsolute(library) && !/^[\\/]{2}/.test(library) && !library.includes('\0');
  if (!isPlain || (rules.platform === 'win32' && !/^[a-z]:\\/i.test(library))) throw refusal('relative');
  const asGiven = paths.normalize(library);
  if (allowedFolderOf(asGiven, rules) === undefined) throw refusal('folder');
  const real = await realpath(asGiven).catch(() => {
    throw refusal('missing');
  });
  const folder = allowedFolderOf(real, rules);
  if (folder === undefined) throw refusal('link');
  if (!(await lstat(real)).isFile()) throw refusal('not-a-file');
  const { owners } = rules;
  if (owners !== null) {
    for (const place of placesBetween(folder, real)) {
      const { uid, mode } = await lstat(place);
      if (!owners.includes(uid) || (mode & WRITABLE_BY_OTHERS) !== 0) throw refusal('writable');
    }
  }
  return real;
}

const refusal = (reason: PlaceRefusal): KiltError =>
  new KiltError('driver-not-allowed', { likelyCause: `driver-${reason}` });

function allowedFolderOf(library: string, { platform, folders }: LibraryRules): string | undefined {
  const paths = platform === 'win32' ? path.win32 : path.posix;
  // Names differ by more than case on Linux only.
  const comparable = (place: string): string => (platform === 'linux' ? place : place.toLowerCase());
  return folders.find((folder) => comparable(library).startsWith(comparable(folder + paths.sep)));
}

/** The folder, each one below it on the way, and the library itself. */
function placesBetween(folder: string, library: string): string[] {
  const places = [library];
  for (let at = library; at.length > folder.length;) {
    at = path.posix.dirname(at);
    places.push(at);
  }
  return places;
}
