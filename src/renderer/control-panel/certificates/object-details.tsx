import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowLeft20Regular } from '@fluentui/react-icons/svg/arrow-left';
import { Dismiss20Regular } from '@fluentui/react-icons/svg/dismiss';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../messages/facts.tsx';
import { CertificateDetails } from './certificate-details.tsx';
import { useDetailsStyles } from './details-styles.ts';
import type { ObjectRow } from './object-rows.ts';
import { keyWords, rowName } from './object-words.ts';

const useStyles = makeStyles({
  panel: {
    // Beside a long list it stays in view.
    position: 'sticky',
    insetBlockStart: '8px',
    padding: '12px 16px 16px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow2,
    minWidth: 0,
    animationName: { from: { opacity: 0 }, to: { opacity: 1 } },
    animationDuration: '150ms',
  },
  head: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    alignItems: 'start',
    columnGap: '8px',
    marginBlockEnd: '4px',
  },
  title: {
    margin: '4px 0 0',
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: 'anywhere',
    outlineStyle: 'none',
    scrollMarginBlock: '24px',
  },
  close: { '@media (max-width: 920px)': { display: 'none' } },
  back: { marginBlockEnd: '8px', '@media (min-width: 921px)': { display: 'none' } },
  actions: { display: 'flex', flexWrap: 'wrap', gap: '8px', marginBlock: '0 12px' },
});

/** Everything about one object of the token, and what can be done with it. */
export function ObjectDetails({
  id,
  row,
  now,
  actions,
  onClose,
}: {
  id: string;
  row: ObjectRow;
  now: Date;
  actions: ReactNode;
  onClose: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const title = useRef<HTMLHeadingElement>(null);
  const name = rowName(row, t);

  // Where the details take the place of the list, the focus goes with them; beside it, it stays in the list.
  useEffect(() => {
    const opener = document.activeElement;
    if (opener instanceof HTMLElement && opener.offsetParent === null) title.current?.focus();
    title.current?.scrollIntoView({ block: 'nearest' });
  }, [row.id]);

  return (
    <section
      id={id}
      className={mergeClasses(styles.panel, 'selectable')}
      aria-label={t('certificates.details.label', { name })}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
    >
      <Button className={styles.back} icon={<ArrowLeft20Regular aria-hidden />} onClick={onClose}>
        {t('certificates.back')}
      </Button>
      <div className={styles.head}>
        <h2 ref={title} tabIndex={-1} className={styles.title}>
          {name}
        </h2>
        <Button
          className={styles.close}
          appearance="subtle"
          icon={<Dismiss20Regular aria-hidden />}
          aria-label={t('common.close')}
          onClick={onClose}
        />
      </div>
      <div className={styles.actions}>{actions}</div>
      <Content row={row} now={now} />
    </section>
  );
}

function Content({ row, now }: { row: ObjectRow; now: Date }) {
  const styles = useDetailsStyles();
  const { t } = useTranslation();
  switch (row.kind) {
    case 'certificate':
      return <CertificateDetails certificate={row.certificate} now={now} />;
    case 'key':
      return (
        <>
          <p className={styles.sentence}>{t('certificates.meaning.key')}</p>
          <Facts
            facts={[
              [t('certificates.details.algorithm'), keyWords(row.key, t)],
              [t('certificates.details.objectLabel'), row.key.label || t('certificates.details.notSet')],
              [t('certificates.details.objectId'), row.key.objectId],
            ]}
          />
        </>
      );
    case 'unreadable':
      return (
        <>
          <p className={styles.sentence}>{t('certificates.meaning.unreadable')}</p>
          <Facts
            facts={[
              [t('certificates.details.objectLabel'), row.label || t('certificates.details.notSet')],
              [t('certificates.details.objectId'), row.objectId],
            ]}
          />
        </>
      );
  }
}
