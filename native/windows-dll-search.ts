import koffi from 'koffi';

/** `libloaderapi.h` */
const LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR = 0x100;
const LOAD_LIBRARY_SEARCH_SYSTEM32 = 0x800;

/**
 * Loads a library so that what it loads in its turn comes from its own folder or from System32, and never from the
 * working folder, the PATH or the folder of the running program. Whoever loads it afterwards by its full path gets this
 * one. From then on this process searches System32 only.
 *
 * @throws Error when Windows does not load it
 */
export function loadFromOwnFolder(library: string): void {
  const kernel = koffi.load(`${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\kernel32.dll`);
  const setDefaults = kernel.func('__stdcall', 'SetDefaultDllDirectories', 'int', ['uint32']);
  const load = kernel.func('__stdcall', 'LoadLibraryExW', 'void *', ['str16', 'void *', 'uint32']);
  if (setDefaults(LOAD_LIBRARY_SEARCH_SYSTEM32) === 0) throw new Error('the search path can not be set');
  if (load(library, null, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32) === null)
    throw new Error('the library can not be loaded');
}
