import { Field, Input, makeStyles, Radio, RadioGroup, Select } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useEffect, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate } from '#shared/texts/formats.ts';
import { signatureForm } from '#shared/signing-views.ts';
import type { TokenView } from '#shared/views.ts';
import { call } from '../bridge.ts';
import { LastAttemptQuestion } from '../fields/last-attempt-question.tsx';
import { TokenPasswordField } from '../fields/token-password-field.tsx';
import { Notice } from '../messages/notice.tsx';
import type { SigningSettings, useSigning } from './use-signing.ts';

const useStyles = makeStyles({
  fields: { display: 'grid', rowGap: '16px' },
});

/** With which key, in which form, with or without a time-stamp; and the password, which is the consent. */
export function SignatureSettings({
  tokens,
  token,
  allXml,
  onToken,
  settings,
  onSettings,
  signing,
  field,
}: {
  tokens: readonly TokenView[];
  token: TokenView | undefined;
  /** All documents can have their signature inside. */
  allXml: boolean;
  onToken: (tokenId: string) => void;
  settings: SigningSettings;
  onSettings: (settings: SigningSettings) => void;
  signing: ReturnType<typeof useSigning>;
  field: RefObject<HTMLInputElement | null>;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { data: keys } = useQuery({
    // The token's certificates may change while it stays where it is.
    queryKey: ['signing', 'keys', token?.id, token?.kind, token?.certificates.length],
    queryFn: () => call('signing.keys', { tokenId: token?.id ?? '' }),
    enabled: token !== undefined,
    gcTime: 0,
  });
  const chosen = keys?.find(({ fingerprint }) => fingerprint === settings.fingerprint);
  const fallback = keys?.[0]?.fingerprint ?? '';
  useEffect(() => {
    if (!chosen && settings.fingerprint !== fallback) onSettings({ ...settings, fingerprint: fallback });
  }, [chosen, fallback, onSettings, settings]);

  if (token === undefined) {
    return (
      <Notice intent="info" title={t('signing.noToken.title')} live={false}>
        <p>{t('signing.noToken.text')}</p>
      </Notice>
    );
  }
  const { complaint, pending } = signing;
  return (
    <div className={styles.fields}>
      {tokens.length > 1 && (
        <Field label={t('signing.token')}>
          <Select
            value={token.id}
            disabled={pending}
            onChange={(_, { value }) => {
              onToken(value);
            }}
          >
            {tokens.map(({ id, label, serial }) => (
              <option key={id} value={id}>
                {[label, serial].filter(Boolean).join(', ')}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {keys?.length === 0 && (
        <Notice intent="warning" title={t('signing.noKey.title')} live={false}>
          <p>{t('signing.noKey.text')}</p>
        </Notice>
      )}
      {keys !== undefined && keys.length > 0 && (
        <>
          <Field
            label={t('signing.key')}
            hint={
              chosen
                ? t(chosen.validity === 'valid' ? 'signing.keyValid' : 'signing.keyEnded', {
                    issuer: chosen.issuerName,
                    date: formatDate(new Date(chosen.notAfter)),
                  })
                : null
            }
          >
            <Select
              value={settings.fingerprint}
              disabled={pending}
              onChange={(_, { value }) => {
                onSettings({ ...settings, fingerprint: value });
              }}
            >
              {keys.map(({ fingerprint, subjectName }) => (
                <option key={fingerprint} value={fingerprint}>
                  {subjectName}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t('signing.form.label')}>
            <RadioGroup
              value={settings.form}
              disabled={pending}
              onChange={(_, { value }) => {
                onSettings({ ...settings, form: signatureForm.parse(value) });
              }}
            >
              {signatureForm.options
                .filter((form) => form !== 'xml' || allXml)
                .map((form) => (
                  <Radio key={form} value={form} label={t(`signing.form.${form}`)} />
                ))}
            </RadioGroup>
          </Field>
          <Field
            label={t('signing.timestamp')}
            hint={t(settings.form === 'xml' ? 'signing.noTimestampInXml' : 'signing.timestampHint')}
          >
            <Input
              type="url"
              value={settings.form === 'xml' ? '' : settings.timestampUrl}
              disabled={pending || settings.form === 'xml'}
              onChange={(_, { value }) => {
                onSettings({ ...settings, timestampUrl: value });
              }}
            />
          </Field>
          <TokenPasswordField
            left={token.userPin?.attemptsLeft ?? null}
            complaint={complaint}
            inputRef={field}
            disabled={pending}
          />
        </>
      )}
      <LastAttemptQuestion entry={signing} />
    </div>
  );
}
