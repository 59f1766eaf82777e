import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import {
  ClipboardTextLtr24Filled,
  ClipboardTextLtr24Regular,
} from '@fluentui/react-icons/svg/clipboard-text-ltr';
import { Key24Filled, Key24Regular } from '@fluentui/react-icons/svg/key';
import { PersonAccounts24Filled, PersonAccounts24Regular } from '@fluentui/react-icons/svg/person-accounts';
import { Settings24Filled, Settings24Regular } from '@fluentui/react-icons/svg/settings';
import { Signature24Filled, Signature24Regular } from '@fluentui/react-icons/svg/signature';
import { UsbStick24Filled, UsbStick24Regular } from '@fluentui/react-icons/svg/usb-stick';
import { useTranslation } from 'react-i18next';
import type { Section } from './frame.tsx';

const useStyles = makeStyles({
  rail: { gridArea: 'rail', display: 'flex', flexDirection: 'column', gap: '4px', padding: '8px 6px' },
  item: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    justifyContent: 'center',
    gap: '4px',
    minHeight: '60px',
    padding: '4px 2px',
    border: '1px solid transparent',
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: 'transparent',
    color: tokens.colorNeutralForeground2,
    fontFamily: 'inherit',
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    ':hover': { backgroundColor: tokens.colorNeutralBackground3Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  current: {
    color: tokens.colorBrandForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    fontWeight: tokens.fontWeightSemibold,
    boxShadow: tokens.shadow2,
    '@media (forced-colors: active)': {
      borderTopColor: 'Highlight',
      borderRightColor: 'Highlight',
      borderBottomColor: 'Highlight',
      borderLeftColor: 'Highlight',
    },
  },
  word: { '@media (max-width: 640px)': { display: 'none' } },
  last: { marginBlockStart: 'auto' },
});

const items = [
  { section: 'profiles', icon: PersonAccounts24Regular, iconWhenCurrent: PersonAccounts24Filled },
  { section: 'signing', icon: Signature24Regular, iconWhenCurrent: Signature24Filled },
  { section: 'keys', icon: Key24Regular, iconWhenCurrent: Key24Filled },
  { section: 'token', icon: UsbStick24Regular, iconWhenCurrent: UsbStick24Filled },
  { section: 'journal', icon: ClipboardTextLtr24Regular, iconWhenCurrent: ClipboardTextLtr24Filled },
  { section: 'settings', icon: Settings24Regular, iconWhenCurrent: Settings24Filled },
] as const;

/** The sections that work; the last stands at the foot. */
export function NavigationRail({
  section,
  onSection,
}: {
  section: Section;
  onSection: (section: Section) => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <nav className={styles.rail} aria-label={t('frame.navigation')}>
      {items.map((item, index) => {
        const current = item.section === section;
        const Icon = current ? item.iconWhenCurrent : item.icon;
        return (
          <button
            key={item.section}
            type="button"
            className={mergeClasses(
              styles.item,
              current && styles.current,
              index === items.length - 1 && styles.last,
            )}
            aria-current={current ? 'page' : undefined}
            aria-label={t(`frame.${item.section}`)}
            onClick={() => {
              onSection(item.section);
            }}
          >
            <Icon aria-hidden />
            <span className={styles.word}>{t(`frame.${item.section}`)}</span>
          </button>
        );
      })}
    </nav>
  );
}
