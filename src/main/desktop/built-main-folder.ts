import path from 'node:path';

/** out/main, where the build may have put the asking file into a folder for chunks. */
export const builtMainFolder = (folder: string): string =>
  path.basename(folder) === 'chunks' ? path.dirname(folder) : folder;
