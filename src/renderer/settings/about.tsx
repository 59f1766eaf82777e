import { Button, makeStyles, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { Copy20Regular } from '@fluentui/react-icons/svg/copy';
import { QuestionCircle20Regular } from '@fluentui/react-icons/svg/question-circle';
import { TextBulletListSquare20Regular } from '@fluentui/react-icons/svg/text-bullet-list-square';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AboutView } from '#shared/views.ts';
import { useTokens } from '../main-process.ts';
import { Facts } from '../messages/facts.tsx';
import { useCopy } from '../messages/use-copy.ts';
import { supportDetails } from './support-details.ts';
import { Help } from './help.tsx';
import { Licences } from './licences.tsx';

const useStyles = makeStyles({
  text: { margin: '0 0 12px' },
  heading: {
    margin: '24px 0 8px',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
});

/** «О программе»: versions, help, what support asks for, licences. Stands in the rail's section and in the panel's tab. */
export function About({ about }: { about: AboutView }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { copy, copied } = useCopy();
  const tokensView = useTokens();
  // The dialogs give the focus back to what bears this.
  const focusComesBack = useRestoreFocusTarget();
  const [open, setOpen] = useState<'help' | 'licences'>();
  const close = () => {
    setOpen(undefined);
  };
  return (
    <>
      <p className={styles.text}>{t('settings.aboutText')}</p>
      <Facts
        facts={[
          [t('settings.version'), about.version],
          [t('settings.electron'), about.electron],
          [t('settings.chromium'), about.chromium],
          [t('settings.node'), about.node],
          [t('settings.system'), about.system],
          [t('settings.transport'), t(`settings.transports.${about.transport}`)],
          [t('settings.dataFolder'), about.dataFolder],
        ]}
      />
      <h3 className={styles.heading}>{t('settings.help')}</h3>
      <Button
        {...focusComesBack}
        icon={<QuestionCircle20Regular aria-hidden />}
        onClick={() => {
          setOpen('help');
        }}
      >
        {t('settings.showHelp')}
      </Button>
      <h3 className={styles.heading}>{t('settings.diagnostics')}</h3>
      <p className={styles.text}>{t('settings.diagnosticsText')}</p>
      <Button
        icon={<Copy20Regular aria-hidden />}
        onClick={() => {
          copy(supportDetails(about, tokensView, t));
        }}
      >
        {copied ? t('common.copied') : t('settings.copyAbout')}
      </Button>
      <h3 className={styles.heading}>{t('settings.licences')}</h3>
      <p className={styles.text}>{t('settings.licencesText')}</p>
      <Button
        {...focusComesBack}
        icon={<TextBulletListSquare20Regular aria-hidden />}
        onClick={() => {
          setOpen('licences');
        }}
      >
        {t('settings.showLicences')}
      </Button>
      {open === 'help' && <Help onClose={close} />}
      {open === 'licences' && <Licences onClose={close} />}
    </>
  );
}
