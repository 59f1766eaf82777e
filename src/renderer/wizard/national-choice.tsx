import { Field, makeStyles, mergeClasses, Radio, RadioGroup, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { NationalSignatureView } from '#shared/views.ts';
import { validityOf } from '../picker/token-entry.ts';

const useStyles = makeStyles({
  only: {
    maxWidth: '440px',
    boxSizing: 'border-box',
    margin: '0 0 16px',
    padding: '10px 14px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  title: { margin: 0, color: tokens.colorNeutralForeground2, fontWeight: tokens.fontWeightRegular },
  group: { maxWidth: '440px', marginBlockEnd: '16px' },
  radio: { alignItems: 'flex-start' },
  fact: { display: 'block', overflowWrap: 'anywhere' },
  name: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
  more: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
});

/** The NUC signature that authenticates the user: shown where there is one, to be chosen where several fit. */
export function NationalChoice({
  signatures,
  chosen,
  onChoose,
}: {
  signatures: readonly NationalSignatureView[];
  /** Number of its certificate. */
  chosen: string;
  onChoose: (serialNumber: string) => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [first, another] = signatures;
  if (first === undefined) return null;
  if (another === undefined) {
    return (
      <section className={styles.only} aria-label={t('wizard.national.title')}>
        <p className={styles.title}>{t('wizard.national.title')}</p>
        <SignatureFacts signature={first} />
      </section>
    );
  }
  return (
    <Field label={t('wizard.national.choose')} className={styles.group}>
      <RadioGroup
        value={chosen}
        onChange={(_, data) => {
          onChoose(data.value);
        }}
      >
        {signatures.map((signature) => (
          <Radio
            key={signature.serialNumber}
            value={signature.serialNumber}
            className={styles.radio}
            label={<SignatureFacts signature={signature} withAlgorithm />}
          />
        ))}
      </RadioGroup>
    </Field>
  );
}

/** Whose it is and until when; the kind of key only where nothing else may tell two apart. */
function SignatureFacts({
  signature,
  withAlgorithm = false,
}: {
  signature: NationalSignatureView;
  withAlgorithm?: boolean;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { name, organisation, algorithm } = signature;
  const validity = validityOf(signature, new Date(), t).text;
  const kind = t(`controlPanel.format.losses.algorithms.${algorithm}`);
  return (
    <>
      <span className={mergeClasses(styles.fact, styles.name)}>{name}</span>
      {organisation !== undefined && <span className={styles.fact}>{organisation}</span>}
      <span className={mergeClasses(styles.fact, styles.more)}>
        {withAlgorithm ? `${kind}, ${validity}` : validity}
      </span>
    </>
  );
}
