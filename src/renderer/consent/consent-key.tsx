import { Field, makeStyles, Select } from '@fluentui/react-components';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsentKeyView, ConsentView } from '#shared/consent-views.ts';
import { formatDate } from '#shared/texts/formats.ts';
import { TokenPasswordField } from '../fields/token-password-field.tsx';
import { Notice } from '../messages/notice.tsx';
import type { useConsent } from './use-consent.ts';

const useStyles = makeStyles({
  fields: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    rowGap: '12px',
    marginBlockEnd: '12px',
    '& .fui-Select, & .fui-Select__select': { minWidth: 0, maxWidth: '100%', textOverflow: 'ellipsis' },
  },
});

/** Which certificate, and the password of its token, where the key is used. */
export function ConsentKey({
  view,
  consent,
  field,
}: {
  view: ConsentView;
  consent: ReturnType<typeof useConsent>;
  field: RefObject<HTMLInputElement | null>;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { key, pending, complaint } = consent;
  if (key === undefined) {
    const why = view.presence === 'ready' ? 'noKey' : 'noToken';
    return (
      <Notice intent="info" title={t(`consent.${why}.title`)} live={false}>
        <p>{t(`consent.${why}.text`)}</p>
      </Notice>
    );
  }
  const nameOf = (one: ConsentKeyView): string =>
    t('consent.key.named', { subject: one.subjectName, token: one.tokenName });
  return (
    <div className={styles.fields}>
      <Field
        label={t('consent.key.label')}
        hint={t(key.validity === 'valid' ? 'signing.keyValid' : 'signing.keyEnded', {
          issuer: key.issuerName,
          date: formatDate(new Date(key.notAfter)),
        })}
      >
        <Select
          value={consent.keyName}
          disabled={pending}
          onChange={(_, { value }) => {
            consent.choose(value);
          }}
        >
          {view.keys.map((one) => (
            <option key={consent.nameOf(one)} value={consent.nameOf(one)}>
              {nameOf(one)}
            </option>
          ))}
        </Select>
      </Field>
      {view.needsPin && (
        <TokenPasswordField
          left={key.attemptsLeft}
          complaint={complaint}
          inputRef={field}
          disabled={pending || key.pinBlocked}
          onChange={consent.typed}
        />
      )}
    </div>
  );
}
