import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  makeStyles,
  SearchBox,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LicenceView } from '#shared/views.ts';
import { call, failureOf } from '../bridge.ts';
import { ErrorMessage } from '../messages/error-message.tsx';

const useStyles = makeStyles({
  surface: { maxWidth: '720px' },
  find: { marginBlockEnd: '8px' },
  name: { fontWeight: tokens.fontWeightSemibold },
  about: { color: tokens.colorNeutralForeground2, marginInlineStart: '8px' },
  terms: {
    margin: '0 0 12px',
    padding: '8px 12px',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
});

/** What Kilt is made of, and the terms of each part. The terms are the law's own words: they are not translated. */
export function Licences({ onClose }: { onClose: () => void }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [wanted, setWanted] = useState('');
  const licences = useQuery({
    queryKey: ['licences'],
    queryFn: () => call('about.licences', undefined),
  });
  const found = (licences.data ?? []).filter(({ name }) =>
    name.toLowerCase().includes(wanted.trim().toLowerCase()),
  );
  return (
    <Dialog
      open
      onOpenChange={(_, data) => {
        if (!data.open) onClose();
      }}
    >
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t('settings.licencesTitle')}</DialogTitle>
          <DialogContent tabIndex={0} aria-label={t('settings.licencesTitle')}>
            {licences.isPending && <Spinner size="small" label={t('settings.readingLicences')} />}
            {licences.error !== null && <ErrorMessage error={failureOf(licences.error)} />}
            {licences.data !== undefined && (
              <>
                <Field
                  label={t('settings.licenceFilter')}
                  hint={t('settings.licenceCount', { count: found.length })}
                  className={styles.find}
                >
                  <SearchBox
                    dismiss={{ 'aria-label': t('common.clearField') }}
                    value={wanted}
                    onChange={(_, { value }) => {
                      setWanted(value);
                    }}
                  />
                </Field>
                {found.length === 0 && <p>{t('settings.noLicenceFound')}</p>}
                <Accordion collapsible>
                  {found.map((one) => (
                    <Licence key={`${one.name} ${one.version}`} licence={one} />
                  ))}
                </Accordion>
              </>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t('common.close')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Licence({ licence: { name, version, licence, text } }: { licence: LicenceView }) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <AccordionItem value={`${name} ${version}`}>
      <AccordionHeader>
        <span>
          <span className={styles.name}>{name}</span>
          <span className={styles.about}>{[version, licence].filter(Boolean).join(', ')}</span>
        </span>
      </AccordionHeader>
      <AccordionPanel>
        {text === null ? (
          <p>{t('settings.noTerms')}</p>
        ) : (
          <pre lang="en" className={`${styles.terms} selectable`}>
            {text}
          </pre>
        )}
      </AccordionPanel>
    </AccordionItem>
  );
}
