import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { asSecret, type SecretBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';

/**
 * Files that the user picked in the system's dialog. The page knows them by a name it cannot choose: it can ask
 * for no file that the user has not shown to Kilt.
 */
export class ChosenKeyFiles {
  readonly #paths = new Map<string, string>();

  remember(file: string | undefined): { id: string; fileName: string } | null {
    if (file === undefined) return null;
    const id = randomUUID();
    this.#paths.set(id, file);
    return { id, fileName: path.basename(file) };
  }

  /** @throws KiltError `input-invalid` for an identifier that was never given out */
  opened(
    keyFile: { readonly id: string; readonly password: Uint8Array } | undefined,
  ): { path: string; password: SecretBytes } | undefined {
    return keyFile && { path: this.pathOf(keyFile.id), password: asSecret(keyFile.password) };
  }

  /** @throws KiltError `input-invalid` for an identifier that was never given out */
  pathOf(id: string): string {
    const chosen = this.#paths.get(id);
    if (chosen === undefined) throw new KiltError('input-invalid', { field: 'keyFile' });
    return chosen;
  }
}
