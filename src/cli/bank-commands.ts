import path from 'node:path';
import type { BankFileView, BankImportView } from '#shared/bank-views.ts';
import { groupedFingerprint } from '#shared/fingerprint.ts';
import { errorSentences } from '#shared/texts/error-sentences.ts';
import { bankFileBytes, reportOnBankFile } from '#main/enrolment/bank-file.ts';
import type { Kilt } from '#main/kilt.ts';
import { bankChangeLines, bankFactLines } from './bank-lines.ts';
import type { CommandRun } from './command.ts';
import { commandLineProblem } from './command-line-problem.ts';
import type { Output } from './output.ts';

/** `kilt banks list`: files that can not be used are listed with what is wrong. */
export const listBanksCommand: CommandRun<object> = async (kilt, _, output) => {
  const files = kilt.bankImports.list();
  output.result({ banks: files }, () =>
    files.length === 0 ? [output.t('banks.none')] : files.map((file) => fileLine(file, output)),
  );
};

/** `kilt banks show`. */
export const showBankCommand: CommandRun<{ bank?: string }> = async (kilt, { bank }, output) => {
  const file = chosenFile(kilt, bank);
  output.result({ bank: file }, () => [fileLine(file, output), ...bankFactLines(file, output)]);
};

/**
 * `kilt banks check`: for a bank's developer, everything that is wrong with a file. Exit code 1 when something is. Whether
 * the key is the bank's is not asked here.
 */
export const checkBankCommand: CommandRun<{ file?: string }> = async (_, { file }, { result, notAll, t }) => {
  if (file === undefined) throw commandLineProblem('missing', { option: '--file' });
  const whole = path.resolve(file);
  const { read, signer, problems } = reportOnBankFile(bankFileBytes(whole), {
    fileName: path.basename(whole),
    unsigned: 'accept',
  });
  const by = signer && { name: signer.name, fingerprint: signer.fingerprint };
  const value = { valid: read !== undefined, signer: by ?? null, problems, bank: read?.bank ?? null };
  const signedBy = by
    ? t('banks.cli.signedBy', { name: by.name, fingerprint: groupedFingerprint(by.fingerprint) })
    : t('banks.cli.notSigned');
  if (read) {
    result(value, () => [t('banks.cli.valid', { file: whole }), signedBy]);
    return;
  }
  notAll();
  result(value, () => [
    t('banks.cli.invalid', { file: whole, count: problems.length }),
    ...problems.map(({ field, reason }) => `${field || t('banks.cli.wholeFile')}: ${reason}`),
    ...(by ? [signedBy] : []),
  ]);
};

/**
 * `kilt banks import`: the first file of a bank needs the fingerprint from paper, an update `--yes`. Without them the
 * file is only shown.
 */
export const importBankCommand: CommandRun<{ file?: string; fingerprint?: string; yes?: boolean }> = async (
  kilt,
  { file, fingerprint, yes },
  output,
) => {
  if (file === undefined) throw commandLineProblem('missing', { option: '--file' });
  const { importId, ...view } = kilt.bankImports.open(path.resolve(file));
  const isFirst = view.standing === 'new';
  if (isFirst ? fingerprint === undefined : yes !== true) {
    for (const line of previewLines(view, output)) output.progress(line);
    throw isFirst ? commandLineProblem('not-compared', { value: '…' }) : commandLineProblem('needs-yes');
  }
  await kilt.bankImports.accept(importId, { fingerprint });
  const name = view.bank.name[output.language];
  output.result({ imported: true, import: view }, () => [
    ...previewLines(view, output),
    output.t('banks.importing.done', { name }),
  ]);
};

/** `kilt banks remove`. */
export const removeBankCommand: CommandRun<{ bank?: string; yes?: boolean }> = async (
  kilt,
  { bank, yes },
  { result, t },
) => {
  const { fileName, bank: details } = chosenFile(kilt, bank);
  if (yes !== true) throw commandLineProblem('needs-yes');
  await kilt.bankImports.remove(fileName);
  const id = details?.id ?? fileName;
  result({ removed: true, fileName }, () => [t('banks.cli.removed', { id })]);
};

/** By the bank's id, or by the name of a file that can not be read. */
function chosenFile(kilt: Kilt, wanted: string | undefined): BankFileView {
  if (wanted === undefined) throw commandLineProblem('missing', { option: '--bank' });
  const files = kilt.bankImports.list();
  const named = (file: BankFileView) => file.bank?.id === wanted || file.fileName === wanted;
  const found = files.find((file) => named(file) && file.state !== 'unusable') ?? files.find(named);
  if (found) return found;
  const known = files.map((file) => file.bank?.id ?? file.fileName).join(', ');
  throw commandLineProblem('unknown-bank', { value: wanted, known });
}

function fileLine({ fileName, bank, state, error }: BankFileView, { t, language }: Output): string {
  const told = t(`banks.states.${state}`);
  const reason = error ? errorSentences(error, { t }).title : '';
  const parts = bank
    ? [bank.id, bank.name[language], bank.origin, t('banks.cli.version', { version: bank.version })]
    : [fileName];
  return [...parts, told, reason].filter(Boolean).join(' · ');
}

function previewLines(view: Omit<BankImportView, 'importId'>, output: Output): readonly string[] {
  const { t } = output;
  const { standing, lookalikes } = view;
  return [
    ...bankFactLines(view, output),
    ...(standing === 'new' ? [t('banks.importing.compareText')] : []),
    ...(standing === 'unsigned' ? [t('banks.importing.unsignedTitle')] : []),
    ...bankChangeLines(view.changes, t),
    ...(lookalikes.length === 0 ? [] : [t('banks.importing.lookalikesText', { ids: lookalikes.join(', ') })]),
  ];
}
