import { copyFileSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BankError } from '../bank-error.ts';
import { writeFileAtomically } from '../records/atomic-file.ts';
import type { DemoSystemName } from './demo-systems.ts';
import { publishedSystem } from './publish.ts';

/**
 * What the bank hands out with the keys: the system's signed file, and the acceptance act on which its key's fingerprint
 * is printed.
 *
 * @throws BankError before the bank was first started
 */
export function writeAct(
  dataDir: string,
  system: DemoSystemName,
  { outDir, userId, name }: { readonly outDir: string; readonly userId: string; readonly name: string },
): { readonly bankFile: string; readonly act: string } {
  const { file } = publishedSystem(dataDir, system);
  const bankFile = join(outDir, basename(file));
  const act = join(outDir, 'act.txt');
  try {
    copyFileSync(file, bankFile);
    const fingerprint = readFileSync(join(dataDir, 'banks', 'fingerprint.txt'), 'utf8').trim();
    const lines = [
      'Акт приема-передачи · Қабылдау-өткізу актісі · Acceptance act',
      `Демо-банк Kilt, ${system}`,
      `Клиент · Клиент · Customer: ${name}`,
      `ID пользователя · Пайдаланушының ID · User ID: ${userId}`,
      'Отпечаток ключа банка · Банк кілтінің таңбасы · Fingerprint of the bank’s key (SHA-256):',
      fingerprint,
    ];
    writeFileAtomically(act, `${lines.join('\n')}\n`, 0o644);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new BankError('start the bank once: it has not written its systems’ files yet');
    throw error;
  }
  return { bankFile, act };
}
