import { parse } from 'node:path';
import { libraryRequest, type LibraryFailure, type LibraryReply } from '../library-protocol.ts';
import { LoadedLibrary } from './loaded-library.ts';
import { HostFailure, returnValueOf } from './host-failure.ts';
import { parentPort } from './parent-port.ts';

/**
 * A program of its own: the process in which a vendor's PKCS#11 library runs. It answers one request after another, until
 * it is ended. What it throws away with its memory are, among others, the PINs that the library was given.
 */

// A folder in which nobody but an administrator puts files: where a careless library looks for further ones first.
process.chdir(parse(process.execPath).root);

const port = parentPort();
const library = new LoadedLibrary();

port.onMessage((message) => {
  void answer(message).then((reply) => port.post(reply));
});

async function answer(message: unknown): Promise<LibraryReply> {
  try {
    return { ok: true, value: await library.carryOut(libraryRequest.parse(message)) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

/** No words of the library's: they may hold anything. */
function failureOf(error: unknown): LibraryFailure {
  if (error instanceof HostFailure) return { kind: error.kind };
  const returnValue = returnValueOf(error);
  return returnValue === undefined ? { kind: 'defect' } : { kind: 'library', returnValue };
}
