import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { KiltError } from '#shared/errors.ts';
import type { BankView } from '#shared/views.ts';
import { bankSystem, type BankSystem } from './bank-system.ts';

/**
 * Reads one bank file.
 *
 * @throws KiltError `bank-file-invalid` {field, reason}
 */
export function readBankFile(file: string): BankSystem {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new KiltError(
      'bank-file-invalid',
      { field: path.basename(file), reason: 'unreadable' },
      { cause: error },
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new KiltError(
      'bank-file-invalid',
      { field: path.basename(file), reason: 'not JSON' },
      { cause: error },
    );
  }
  const read = bankSystem.safeParse(json);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new KiltError('bank-file-invalid', {
      field: issue?.path.join('.') ?? path.basename(file),
      reason: issue?.message ?? 'wrong shape',
    });
  }
  if (read.data.ca.registrationToken && new URL(read.data.ca.url).protocol !== 'https:') {
    throw new KiltError('bank-file-invalid', {
      field: 'ca.url',
      reason: 'must be https: the PIN travels in it',
    });
  }
  if (new URL(read.data.api.url).protocol !== 'https:') {
    throw new KiltError('bank-file-invalid', { field: 'api.url', reason: 'must be https' });
  }
  return read.data;
}

/** All bank systems this Kilt knows: those of the folder and, if given, one more file. */
export class BankDirectory {
  readonly #banks: ReadonlyMap<string, BankSystem>;

  /**
   * @param folder may be absent
   * @throws KiltError `bank-file-invalid`
   */
  constructor(folder: string, extraFile?: string) {
    const files = listJson(folder).map((name) => path.join(folder, name));
    if (extraFile) files.push(extraFile);
    this.#banks = new Map(files.map(readBankFile).map((bank) => [bank.id, bank]));
  }

  all(): readonly BankSystem[] {
    return [...this.#banks.values()];
  }

  find(id: string): BankSystem | undefined {
    return this.#banks.get(id);
  }

  /** @throws KiltError `bank-file-invalid` when this Kilt has no file of that bank */
  get(id: string): BankSystem {
    const bank = this.find(id);
    if (!bank) throw new KiltError('bank-file-invalid', { field: 'id', reason: `no bank file for ${id}` });
    return bank;
  }
}

function listJson(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

export const bankView = (bank: BankSystem): BankView => ({
  id: bank.id,
  name: bank.name,
  authentication: bank.authentication,
  siteUrl: bank.site,
});
