import { makeStyles, Tab, TabList } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** The tabs of the manuals. */
const panelTabs = ['administration', 'certificates', 'settings', 'about'] as const;
export type PanelTab = (typeof panelTabs)[number];

const useStyles = makeStyles({
  tabs: { flexWrap: 'wrap', marginBlock: '8px', marginInlineStart: '-4px' },
});

/** «Администрирование», «Сертификаты», «Настройки», «О программе», and what the chosen one holds. */
export function PanelTabs({
  tab,
  onTab,
  children,
}: {
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  children: ReactNode;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <>
      <TabList
        className={styles.tabs}
        aria-label={t('controlPanel.tabs.label')}
        selectedValue={tab}
        onTabSelect={(_, { value }) => {
          const chosen = panelTabs.find((one) => one === value);
          if (chosen !== undefined) onTab(chosen);
        }}
      >
        {panelTabs.map((one) => (
          <Tab
            key={one}
            id={`panel-tab-${one}`}
            value={one}
            aria-controls={one === tab ? 'panel-tab-content' : undefined}
          >
            {t(`controlPanel.tabs.${one}`)}
          </Tab>
        ))}
      </TabList>
      <div id="panel-tab-content" role="tabpanel" aria-labelledby={`panel-tab-${tab}`}>
        {children}
      </div>
    </>
  );
}
