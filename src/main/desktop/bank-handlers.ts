import type { Kilt } from '#main/kilt.ts';
import type { Desktop } from './application.ts';
import type { Handlers } from './ipc.ts';

type BankCalls = Pick<
  Handlers,
  'banks.files' | 'banks.chooseImport' | 'banks.import' | 'banks.forgetImport' | 'banks.remove'
>;

/** The bridge's calls for banks' files. The page names no file: it is chosen in the system's own dialog. */
export function bankHandlers({ bankImports }: Kilt, desktop: Pick<Desktop, 'chooseBankFile'>): BankCalls {
  return {
    'banks.files': async () => bankImports.list(),
    async 'banks.chooseImport'() {
      const file = await desktop.chooseBankFile();
      return file === undefined ? null : bankImports.open(file);
    },
    'banks.import': ({ importId, fingerprint }) => bankImports.accept(importId, { fingerprint }),
    'banks.forgetImport': async ({ importId }) => bankImports.forget(importId),
    'banks.remove': ({ fileName }) => bankImports.remove(fileName),
  };
}
