import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { KiltError } from '#shared/errors.ts';

/**
 * Who makes KAZTOKEN's driver, as a code-signing certificate names firms (common name). UNVERIFIED: no such driver was at
 * hand. A library signed by somebody else is loaded only if the setting names that signer.
 */
export const knownSigners: readonly string[] = [
  'Aktiv-Soft JSC',
  'JSC Aktiv-Soft',
  'JSC "Aktiv-Soft"',
  'Aktiv Company',
  'Aktiv Co.',
  'DigiFlow LLP',
  'LLP DigiFlow',
];

/** What the system says of a file's signature. */
export interface SignerReport {
  /** Windows' own word, such as `Valid`, `NotSigned`, `HashMismatch`, `NotTrusted`. */
  readonly status: string;
  /** Common name of the signer's certificate. */
  readonly signer: string | null;
}

export type AskSigner = (library: string) => Promise<SignerReport>;
export type SignerJudgement = 'accepted' | 'unsigned' | 'signature-broken' | 'signer-unknown';

/** Whether a library may be loaded, by its signature. Whatever is not `Valid` is refused, also words not known here. */
export function judgeSigner({ status, signer }: SignerReport, accepted: readonly string[]): SignerJudgement {
  if (status === 'NotSigned') return 'unsigned';
  if (status !== 'Valid') return 'signature-broken';
  return signer !== null && accepted.includes(signer) ? 'accepted' : 'signer-unknown';
}

/**
 * Lets only a library through that is signed by a known firm, or by the one that the settings name.
 *
 * @param ask `undefined` where the system knows no signatures of single files
 * @throws KiltError `driver-not-allowed` {likelyCause: `driver-` and a {@link SignerJudgement}, signer}
 */
export async function assertKnownSigner(
  library: string,
  ask: AskSigner | undefined,
  acceptedBySetting: string,
): Promise<void> {
  if (ask === undefined) return;
  const report = await ask(library);
  const accepted = acceptedBySetting === '' ? knownSigners : [...knownSigners, acceptedBySetting];
  const judgement = judgeSigner(report, accepted);
  if (judgement === 'accepted') return;
  throw new KiltError('driver-not-allowed', {
    likelyCause: `driver-${judgement}`,
    ...(report.signer === null ? {} : { signer: report.signer }),
  });
}

const answer = z.object({ status: z.string(), signer: z.string().nullable() });

/** The path goes in as a variable: as part of the script it could be a script itself. */
const LIBRARY_VARIABLE = 'KILT_LIBRARY_TO_CHECK';
const script = `
$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
$s = Get-AuthenticodeSignature -LiteralPath $env:${LIBRARY_VARIABLE}
$n = $null
if ($s.SignerCertificate) { $n = $s.SignerCertificate.GetNameInfo('SimpleName', $false) }
@{ status = [string]$s.Status; signer = $n } | ConvertTo-Json -Compress`;
const PATIENCE_MS = 30_000;

/** Asks Windows through its own PowerShell, by absolute path and without the user's profile. */
export const askAuthenticode: AskSigner = async (library) => {
  const windows = process.env['SystemRoot'] ?? 'C:\\Windows';
  const powershell = `${windows}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`;
  const args = ['-NoProfile', '-NonInteractive', '-EncodedCommand', encodedCommand(script)];
  try {
    const { stdout } = await promisify(execFile)(powershell, args, {
      env: { SystemRoot: windows, [LIBRARY_VARIABLE]: library },
      timeout: PATIENCE_MS,
      windowsHide: true,
    });
    return answer.parse(JSON.parse(stdout.trim()));
  } catch (error) {
    throw new KiltError(
      'driver-not-allowed',
      { likelyCause: 'driver-signature-unreadable' },
      { cause: error },
    );
  }
};

/** UTF-16LE in Base64, so that no quoting rules apply. */
const encodedCommand = (text: string): string => Buffer.from(text, 'utf16le').toString('base64');

/** How signatures are asked for on this system. */
export const askSignerOn = (platform: NodeJS.Platform): AskSigner | undefined =>
  platform === 'win32' ? askAuthenticode : undefined;
