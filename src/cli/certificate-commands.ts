import path from 'node:path';
import { wipe } from '#shared/bytes.ts';
import type { RemovalTarget } from '#main/control-panel/certificate-removal.ts';
import { certificateLines, checkLines, importLines, keyLine } from './certificate-lines.ts';
import { chooseToken } from './choose-token.ts';
import type { CommandRun } from './command.ts';
import { commandLineProblem } from './command-line-problem.ts';
import { loggedIn, panelSecrets, type PanelDescriptors } from './panel-secrets.ts';
import type { TokenOption } from './pin-commands.ts';
import { writeNewFile } from './written-file.ts';

/** `kilt certificates list`. */
export const listCertificatesCommand: CommandRun<TokenOption> = async (kilt, options, { result, t }) => {
  const token = await chooseToken(kilt, options);
  const objects = await kilt.certificates.list(token.id);
  const bare = objects.keys.filter(({ hasCertificate }) => !hasCertificate);
  result(objects, () => {
    const lines = [
      ...objects.certificates.flatMap((certificate) => certificateLines(certificate, t)),
      ...bare.map((key) => `${t('certificates.keyWithoutCertificate')}: ${keyLine(key, t)}`),
      ...objects.unreadable.map(
        ({ objectId, objectLabel }) => `${t('certificates.unreadable')}: ${objectId} ${objectLabel}`,
      ),
    ];
    return lines.length === 0 ? [t('certificates.empty.title')] : lines;
  });
};

/** `kilt certificates export`. */
export const exportCertificateCommand: CommandRun<
  TokenOption & { fingerprint?: string; format: 'pem' | 'der'; out?: string }
> = async (kilt, options, { result, t }) => {
  const { fingerprint, format, out } = options;
  if (fingerprint === undefined) throw commandLineProblem('missing', { option: '--fingerprint' });
  if (out === undefined) throw commandLineProblem('missing', { option: '--out' });
  const token = await chooseToken(kilt, options);
  const file = await kilt.certificates.export(token.id, fingerprint.toLowerCase(), format, ({ contents }) =>
    writeNewFile(out, contents),
  );
  result({ exported: true, file }, () => [t('commandLine.fileWritten', { file: file ?? out })]);
};

/** `kilt certificates check`: asks whether a certificate has been revoked; all on the token without `--fingerprint`. */
export const checkCertificatesCommand: CommandRun<TokenOption & { fingerprint?: string }> = async (
  kilt,
  options,
  { result, t },
) => {
  const token = await chooseToken(kilt, options);
  const { certificates } = await kilt.certificates.list(token.id);
  const wanted = options.fingerprint?.toLowerCase();
  const names = new Map(certificates.map(({ fingerprint, subjectName }) => [fingerprint, subjectName]));
  const checks = await Promise.all(
    (wanted === undefined ? [...names.keys()] : [wanted]).map((one) =>
      kilt.certificates.check(token.id, one),
    ),
  );
  result({ checks }, () =>
    checks.length === 0
      ? [t('certificates.empty.title')]
      : checks.flatMap((check) => checkLines(names.get(check.fingerprint) ?? check.fingerprint, check, t)),
  );
};

/** `kilt certificates import`: shows what is in the file; writes it with `--yes`. */
export const importCertificatesCommand: CommandRun<
  TokenOption & PanelDescriptors & { file?: string; yes?: boolean }
> = async (kilt, options, { result, t }) => {
  if (options.file === undefined) throw commandLineProblem('missing', { option: '--file' });
  const file = path.resolve(options.file);
  const token = await chooseToken(kilt, options);
  const secrets = panelSecrets(options, 'user', t);
  try {
    const needsPassword = await kilt.certificates.needsPassword(file);
    const password = needsPassword ? await secrets.maybeEmpty('filePassword') : undefined;
    const view = await kilt.certificates
      .openImport(token.id, { path: file, password })
      .finally(() => wipe(password));
    if (options.yes !== true) {
      kilt.certificates.forgetImport(view.importId);
      result({ imported: false, import: view }, () => [
        ...importLines(view, t),
        t('commandLine.certificates.consent'),
      ]);
      return;
    }
    const objects = await loggedIn(kilt, token.id, 'user', secrets, t, () =>
      kilt.certificates.import(token.id, view.importId),
    );
    result({ imported: true, import: view, objects }, () => [
      ...importLines(view, t),
      t('commandLine.certificates.imported'),
    ]);
  } finally {
    secrets.forget();
  }
};

/** `kilt certificates delete`. */
export const deleteCertificateCommand: CommandRun<
  TokenOption & PanelDescriptors & { fingerprint?: string; key?: string; confirm?: string }
> = async (kilt, options, { result, t }) => {
  const target = targetOf(options);
  const { confirm } = options;
  if (confirm === undefined) throw commandLineProblem('missing', { option: '--confirm' });
  const token = await chooseToken(kilt, options);
  const secrets = panelSecrets(options, 'user', t);
  try {
    const objects = await loggedIn(kilt, token.id, 'user', secrets, t, () =>
      kilt.certificates.remove(token.id, target, confirm),
    );
    result({ deleted: true, objects }, () => [t(`commandLine.certificates.deleted.${target.kind}`)]);
  } finally {
    secrets.forget();
  }
};

function targetOf({ fingerprint, key }: { fingerprint?: string; key?: string }): RemovalTarget {
  if (fingerprint !== undefined && key === undefined)
    return { kind: 'certificate', fingerprint: fingerprint.toLowerCase() };
  if (key !== undefined && fingerprint === undefined)
    return { kind: 'key-pair', objectId: key.toLowerCase() };
  throw commandLineProblem('one-of', { options: '--fingerprint, --key' });
}
