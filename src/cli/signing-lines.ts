import type { TFunction } from 'i18next';
import { formatDate, formatTime } from '#shared/texts/formats.ts';
import { revocationSentence } from '#shared/texts/revocation-sentence.ts';
import type { CheckedSignatureView, SignedDocumentView, SignerView } from '#shared/signing-views.ts';
import type { Output } from './output.ts';

/** What became of one document. */
export function signedDocumentLine(
  { fileName, outcome, signatureFileName, error }: SignedDocumentView,
  { t }: Pick<Output, 't'>,
): string {
  const what = signatureFileName ?? (error && t(`errors.catalogue.${error.id}.title`));
  const code = error && t('errors.code', { code: error.code });
  return [`${fileName}: ${t(`signing.outcomes.${outcome}`)}`, what, code]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** The verdict first, then who and when, then why. */
export const checkedSignatureLines = (view: CheckedSignatureView, t: TFunction): readonly string[] => [
  t(`signing.verdicts.${view.verdict}.title`),
  t(`signing.verdicts.${view.verdict}.text`),
  `${t('signing.facts.document')}: ${view.documentName}, ${t('signing.bytes', { count: view.documentBytes })}`,
  `SHA-256: ${view.documentSha256}`,
  ...view.signers.flatMap((signer) => signerLines(signer, t)),
];

function signerLines(signer: SignerView, t: TFunction): readonly string[] {
  const { certificate, claimedAt, timestamp, chain, problem, notes, digest, revocation, signedPart } = signer;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t('signing.facts.signer'), certificate?.subjectName ?? t('signing.unknownSigner')],
    [t('signing.facts.issuer'), certificate?.issuerName],
    [t('signing.facts.serial'), certificate?.serialNumber],
    [t('signing.facts.validUntil'), certificate && formatDate(new Date(certificate.notAfter))],
    [t('signing.facts.claimedAt'), claimedAt && moment(claimedAt)],
    [t('signing.facts.timestamp'), timestamp && `${moment(timestamp.at)}, ${timestamp.authorityName}`],
    [t('signing.facts.chain'), chain.length === 0 ? undefined : chain.join(' → ')],
    [t('signing.facts.revocation'), revocation && revocationSentence(revocation, t)],
    [t('signing.facts.signedPart'), signedPart],
    [t('signing.facts.digest'), digest],
  ];
  return [
    ...facts.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name}: ${value}`])),
    ...(problem === undefined ? [] : [`  ! ${t(`signing.problems.${problem}`)}`]),
    ...notes.map((note) => `  – ${t(`signing.notes.${note}`)}`),
  ];
}

const moment = (at: string): string => `${formatDate(new Date(at))} ${formatTime(new Date(at))}`;
