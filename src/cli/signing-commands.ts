import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TFunction } from 'i18next';
import { asDer, wipe, type DerBytes, type SecretBytes } from '#shared/bytes.ts';
import { signatureForm, type SigningView } from '#shared/signing-views.ts';
import { openKeyContainer } from '#main/pki/pkcs12.ts';
import { certificatesFromPem, parseCertificate } from '#main/pki/x509.ts';
import type { SigningRequest } from '#main/signing/signing-service.ts';
import type { Kilt } from '#main/kilt.ts';
import { chooseToken } from './choose-token.ts';
import type { CommandRun } from './command.ts';
import { commandLineProblem } from './command-line-problem.ts';
import type { Output } from './output.ts';
import { lending, panelSecrets, type PanelDescriptors } from './panel-secrets.ts';
import type { TokenOption } from './pin-commands.ts';
import { checkedSignatureLines, signedDocumentLine } from './signing-lines.ts';
import { tellAttempts } from './typed-secrets.ts';

type SignOptions = TokenOption &
  PanelDescriptors & {
    readonly detached?: boolean;
    readonly attached?: boolean;
    readonly xml?: boolean;
    readonly timestamp?: string;
    readonly fingerprint?: string;
    readonly keyFile?: string;
  };

/** `kilt sign`: many files, one PIN. */
export const signCommand: CommandRun<SignOptions> = async (kilt, options, output) => {
  const { t, result, notAll } = output;
  const request = requestOf(options, output);
  // The first Ctrl+C stops between two files; what has been signed by then is kept.
  const cancel = new AbortController();
  const stop = (): void => cancel.abort();
  process.once('SIGINT', stop);
  const secrets = panelSecrets(options, 'user', t);
  try {
    const view = await (options.keyFile === undefined
      ? withToken(kilt, options, { ...request, signal: cancel.signal }, secrets.needed.bind(secrets), output)
      : withKeyFile(kilt, options.keyFile, { ...request, signal: cancel.signal }, () =>
          secrets.maybeEmpty('filePassword'),
        ));
    const signed = view.documents.filter(({ outcome }) => outcome === 'signed').length;
    if (signed < view.documents.length) notAll();
    result({ signed, of: view.documents.length, documents: view.documents }, () => [
      ...view.documents.map((document) => signedDocumentLine(document, output)),
      t('commandLine.signing.count', { signed, count: view.documents.length }),
    ]);
  } finally {
    process.off('SIGINT', stop);
    secrets.forget();
  }
};

function requestOf(
  { operands, timestamp, ...options }: SignOptions & { readonly operands: readonly string[] },
  { t, progress }: Output,
): SigningRequest {
  const forms = signatureForm.options.filter((form) => options[form] === true);
  const [form = 'detached'] = forms;
  if (forms.length > 1) throw oneOf(forms);
  if (form === 'xml' && timestamp !== undefined) throw oneOf(['xml', 'timestamp']);
  if (timestamp !== undefined && !isHttp(timestamp))
    throw commandLineProblem('not-an-address', { option: '--timestamp', value: timestamp });
  return {
    documents: operands.map((file) => ({ path: path.resolve(file) })),
    form,
    timestampUrl: timestamp,
    origin: 'command-line',
    onProgress: operands.length > 1 ? stageTeller(t, progress) : undefined,
  };
}

const oneOf = (options: readonly string[]): Error =>
  commandLineProblem('one-of', { options: options.map((option) => `--${option}`).join(', ') });

const isHttp = (address: string): boolean =>
  URL.canParse(address) && ['http:', 'https:'].includes(new URL(address).protocol);

/** Each stage by its name, once. */
function stageTeller(t: TFunction, tell: (line: string) => void): (view: SigningView) => void {
  let told: SigningView['stage'] | undefined;
  return ({ stage }) => {
    if (stage !== told && stage !== 'finished') tell(t(`signing.stages.${stage}`));
    told = stage;
  };
}

async function withToken(
  kilt: Kilt,
  options: SignOptions & { readonly wait?: number },
  request: SigningRequest,
  needed: (name: 'pin') => Promise<SecretBytes>,
  { t }: Output,
): Promise<SigningView> {
  const token = await chooseToken(kilt, options);
  const fingerprint = options.fingerprint?.toLowerCase();
  const keys = kilt.signing.keys(token.id);
  if (fingerprint === undefined && keys.length > 1) {
    const known = keys.map((key) => `${key.fingerprint} (${key.subjectName})`).join(', ');
    throw commandLineProblem('several-keys', { known });
  }
  if (options.pinFd === undefined) tellAttempts(token.userPin?.attemptsLeft ?? null, t);
  const pin = await needed('pin');
  return lending([pin], async () => {
    const shortest = Math.max(1, token.userPin?.minLength ?? 1);
    if (pin.length < shortest) throw commandLineProblem('pin-too-short', { count: shortest });
    return kilt.signing.signWithToken({ tokenId: token.id, pin, fingerprint }, request);
  });
}

async function withKeyFile(
  kilt: Kilt,
  file: string,
  request: SigningRequest,
  password: () => Promise<SecretBytes>,
): Promise<SigningView> {
  const container = await readFile(file).catch(() => {
    throw commandLineProblem('unreadable-file', { option: '--key-file', value: file });
  });
  const typed = await password();
  const opening = openKeyContainer(container, typed);
  wipe(typed);
  const key = await opening;
  try {
    return await kilt.signing.signWithKeyFile(key, request);
  } finally {
    key.dispose();
  }
}

/** `kilt verify-signature`. */
export const verifySignatureCommand: CommandRun<{ content?: string; trust?: string }> = async (
  kilt,
  { operands, content, trust },
  { result, notAll, t },
) => {
  const [file = ''] = operands;
  const anchors = trust === undefined ? [] : await certificatesIn(trust);
  const view = await kilt.signing.check({ file, document: content, anchors });
  if (view.verdict !== 'valid') notAll();
  result(view, () => checkedSignatureLines(view, t));
};

/** Certificates of a PEM or DER file. @throws KiltError `input-invalid` {problem: `unreadable-file`} */
async function certificatesIn(file: string): Promise<readonly DerBytes[]> {
  try {
    const bytes = await readFile(file);
    const fromText = certificatesFromPem(bytes.toString('latin1'));
    const found = fromText.length > 0 ? fromText : [asDer(new Uint8Array(bytes))];
    return found.map((der) => parseCertificate(der).der);
  } catch {
    throw commandLineProblem('unreadable-file', { option: '--trust', value: file });
  }
}
