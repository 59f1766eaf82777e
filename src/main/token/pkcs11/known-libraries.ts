import path from 'node:path';
import { allowedLibrary, type LibraryRules } from './library-place.ts';

/**
 * PKCS#11 libraries that can read KAZTOKEN's own layout, by system, likeliest first. UNVERIFIED: KAZTOKEN's own names are
 * in no public source; the makers of the token give `rtPKCS11ECP` to the rest of the family. So this is only what is
 * offered: any other library can be chosen by its path.
 */
const names: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  win32: ['kztPKCS11.dll', 'kazPKCS11ECP.dll', 'rtPKCS11ECP.dll', 'opensc-pkcs11.dll'],
  linux: [
    'libkztpkcs11.so',
    'libkazpkcs11ecp.so',
    'librtpkcs11ecp.so',
    'aktivco/rtpkcs11ecp/librtpkcs11ecp.so',
    'x86_64-linux-gnu/opensc-pkcs11.so',
    'aarch64-linux-gnu/opensc-pkcs11.so',
    'opensc-pkcs11.so',
  ],
  darwin: [
    'libkztpkcs11.dylib',
    'librtpkcs11ecp.dylib',
    'Frameworks/rtpkcs11ecp.framework/rtpkcs11ecp',
    'OpenSC/lib/opensc-pkcs11.so',
  ],
};
/** Folders below an allowed one in which installers put them. */
const below = ['', 'OpenSC Project\\OpenSC\\pkcs11'];

/** Those that are on this computer, where they may be loaded from. */
export async function librariesHere(rules: LibraryRules): Promise<string[]> {
  const paths = rules.platform === 'win32' ? path.win32 : path.posix;
  const found: string[] = [];
  for (const folder of rules.folders)
    for (const inner of rules.platform === 'win32' ? below : [''])
      for (const name of names[rules.platform] ?? []) {
        const library = await allowedLibrary(paths.join(folder, inner, name), rules).catch(() => undefined);
        if (library !== undefined && !found.includes(library)) found.push(library);
      }
  return found;
}
