import { Field, makeStyles, Radio, RadioGroup, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { BankView, Language, TokenView } from '#shared/views.ts';
import { bankFit, misfitText } from './bank-fit.ts';

const useStyles = makeStyles({
  group: { marginBlock: '4px 20px', maxWidth: '560px' },
  radio: { alignItems: 'flex-start', '& > label': { flexGrow: 1 } },
  // Not as faint as the radio button beside it: one reads it to learn what it is, or why it can not be chosen.
  name: {
    display: 'block',
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: 'anywhere',
  },
  about: { display: 'block', color: tokens.colorNeutralForeground2 },
});

/** In which of several systems one registers. Those that do not fit the token say why not. */
export function BankChoice({
  banks,
  token,
  bankId,
  onChoose,
}: {
  banks: readonly BankView[];
  token: TokenView | undefined;
  bankId: string;
  onChoose: (bankId: string) => void;
}) {
  const styles = useStyles();
  const { t, i18n } = useTranslation();
  return (
    <Field label={t('wizard.banks.label')} className={styles.group}>
      <RadioGroup
        value={bankId}
        onChange={(_, data) => {
          onChoose(data.value);
        }}
      >
        {banks.map((bank) => {
          const fit = bankFit(bank, token);
          return (
            <Radio
              key={bank.id}
              value={bank.id}
              disabled={fit !== 'fits'}
              className={styles.radio}
              label={
                <>
                  <span className={styles.name}>{bank.name[i18n.language as Language]}</span>
                  {bank.description !== undefined && (
                    <span className={styles.about}>{bank.description[i18n.language as Language]}</span>
                  )}
                  <span className={styles.about}>
                    {fit === 'fits'
                      ? t(`wizard.banks.needs.${bank.authentication}`)
                      : misfitText(bank, fit, t)}
                  </span>
                </>
              }
            />
          );
        })}
      </RadioGroup>
    </Field>
  );
}
