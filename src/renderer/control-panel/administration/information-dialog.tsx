import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { Copy20Regular } from '@fluentui/react-icons/svg/copy';
import { useTranslation } from 'react-i18next';
import type { TokenInformationView } from '#shared/control-panel-views.ts';
import { Facts } from '../../messages/facts.tsx';
import { useCopy } from '../../messages/use-copy.ts';
import { informationGroups, informationText } from './information-facts.ts';
import { PanelDialog } from './panel-dialog.tsx';

const useStyles = makeStyles({
  heading: {
    margin: '16px 0 6px',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  notTold: { color: tokens.colorNeutralForeground2, fontStyle: 'italic' },
});

/** «Информация…»: what the token tells, and what it does not tell said to be so. */
export function InformationDialog({
  information,
  onClose,
}: {
  information: TokenInformationView;
  onClose: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { copy, copied } = useCopy();
  const groups = informationGroups(information, t);
  return (
    <PanelDialog
      wide
      title={t('controlPanel.information.title')}
      onSubmit={onClose}
      onClose={onClose}
      actions={
        <>
          <Button
            data-apart
            icon={<Copy20Regular aria-hidden />}
            onClick={() => {
              copy(informationText(groups, t));
            }}
          >
            {copied ? t('common.copied') : t('common.copy')}
          </Button>
          <Button appearance="primary" type="submit">
            {t('common.close')}
          </Button>
        </>
      }
    >
      {groups.map(({ role, facts }) => (
        <section key={role ?? 'token'}>
          {role !== undefined && <h3 className={styles.heading}>{t(`controlPanel.pinOf.${role}`)}</h3>}
          <Facts
            facts={facts.map(([name, value]) => [
              name,
              value ?? <span className={styles.notTold}>{t('controlPanel.information.notTold')}</span>,
            ])}
          />
        </section>
      ))}
    </PanelDialog>
  );
}
