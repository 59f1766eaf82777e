import { makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { formatDate, formatTime } from '#shared/texts/formats.ts';
import { revocationSentence } from '#shared/texts/revocation-sentence.ts';
import type { CheckedSignatureView, SignatureVerdict, SignerView } from '#shared/signing-views.ts';
import { Facts } from '../messages/facts.tsx';
import { Notice } from '../messages/notice.tsx';

const useStyles = makeStyles({
  signer: {
    marginBlockStart: '16px',
    padding: '16px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  name: { margin: '0 0 8px', fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  problem: { margin: '0 0 8px', color: tokens.colorStatusDangerForeground1 },
  notes: { margin: '12px 0 0', paddingInlineStart: '20px', color: tokens.colorNeutralForeground2 },
});

const intents = { valid: 'success', doubtful: 'warning', wrong: 'error' } as const satisfies Record<
  SignatureVerdict,
  string
>;

/** The verdict in one sentence, then who, when and why. */
export function SignatureVerdictView({ checked }: { checked: CheckedSignatureView }) {
  const { t } = useTranslation();
  const { verdict, documentName, documentBytes, documentSha256, signers } = checked;
  return (
    <>
      <Notice intent={intents[verdict]} title={t(`signing.verdicts.${verdict}.title`)}>
        <p>{t(`signing.verdicts.${verdict}.text`)}</p>
      </Notice>
      <Facts
        facts={[
          [t('signing.facts.document'), `${documentName}, ${t('signing.bytes', { count: documentBytes })}`],
          ['SHA-256', documentSha256],
        ]}
      />
      {signers.map((signer, index) => (
        <Signer key={`${index} ${signer.certificate?.serialNumber}`} signer={signer} />
      ))}
    </>
  );
}

function Signer({ signer }: { signer: SignerView }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { certificate, claimedAt, timestamp, chain, problem, notes, digest, revocation, signedPart } = signer;
  const facts: [string, string][] = [];
  if (certificate) {
    facts.push(
      [t('signing.facts.issuer'), certificate.issuerName],
      [t('signing.facts.serial'), certificate.serialNumber],
      [t('signing.facts.validUntil'), formatDate(new Date(certificate.notAfter))],
    );
  }
  if (timestamp)
    facts.push([t('signing.facts.timestamp'), `${moment(timestamp.at)}, ${timestamp.authorityName}`]);
  if (claimedAt !== undefined) facts.push([t('signing.facts.claimedAt'), moment(claimedAt)]);
  if (chain.length > 0) facts.push([t('signing.facts.chain'), chain.join(' → ')]);
  if (revocation) facts.push([t('signing.facts.revocation'), revocationSentence(revocation, t)]);
  if (signedPart !== undefined) facts.push([t('signing.facts.signedPart'), signedPart]);
  if (digest !== undefined) facts.push([t('signing.facts.digest'), digest]);
  return (
    <section className={`${styles.signer} selectable`}>
      <h2 className={styles.name}>{certificate?.subjectName ?? t('signing.unknownSigner')}</h2>
      {problem !== undefined && <p className={styles.problem}>{t(`signing.problems.${problem}`)}</p>}
      <Facts facts={facts} />
      {notes.length > 0 && (
        <ul className={styles.notes}>
          {notes.map((note) => (
            <li key={note}>{t(`signing.notes.${note}`)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

const moment = (at: string): string => `${formatDate(new Date(at))} ${formatTime(new Date(at))}`;
