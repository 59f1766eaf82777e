import { makeStyles, Tab, TabList } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CheckTab } from './check-tab.tsx';
import { SignTab } from './sign-tab.tsx';

const tabs = ['sign', 'check'] as const;
type SigningTab = (typeof tabs)[number];

const useStyles = makeStyles({
  tabs: { margin: '-8px 0 16px -4px', flexWrap: 'wrap' },
  hidden: { display: 'none' },
  whole: { height: '100%' },
});

/** «Подписать»: documents are signed, and signatures of others are checked. */
export function Signing({ shown }: { shown: boolean }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [tab, setTab] = useState<SigningTab>('sign');
  const list = (
    <TabList
      className={styles.tabs}
      aria-label={t('signing.tabs.label')}
      selectedValue={tab}
      onTabSelect={(_, { value }) => {
        const chosen = tabs.find((one) => one === value);
        if (chosen !== undefined) setTab(chosen);
      }}
    >
      {tabs.map((one) => (
        <Tab key={one} value={one}>
          {t(`signing.tabs.${one}`)}
        </Tab>
      ))}
    </TabList>
  );
  // Hidden and not unmounted: what was chosen stays while the other tab is looked at.
  return (
    <>
      <div className={tab === 'sign' ? styles.whole : styles.hidden}>
        <SignTab tabs={list} shown={shown && tab === 'sign'} />
      </div>
      <div className={tab === 'check' ? styles.whole : styles.hidden}>
        <CheckTab tabs={list} />
      </div>
    </>
  );
}
