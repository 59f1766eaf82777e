import { makeStyles, Skeleton, SkeletonItem, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call, failureOf } from '../bridge.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Facts } from '../messages/facts.tsx';
import type { ChosenDocument } from './chosen-document.ts';
import { PreviewOf } from './document-preview.tsx';

const useStyles = makeStyles({
  title: {
    margin: '16px 0 8px',
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    overflowWrap: 'anywhere',
  },
});

/** What will be signed, as far as it can be shown, with the digest of these very bytes. */
export function DocumentView({ document }: { document: ChosenDocument }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { documentId, fileName } = document;
  const { data, error } = useQuery({
    queryKey: ['signing', 'show', documentId],
    queryFn: () => call('signing.show', { documentId }),
    // What was shown long ago is not what is signed now.
    gcTime: 0,
    staleTime: 0,
  });
  return (
    <section aria-label={t('signing.preview.label', { name: fileName })}>
      <h2 className={styles.title}>{fileName}</h2>
      {error !== null && <ErrorMessage error={failureOf(error)} />}
      {data === undefined && error === null && (
        <Skeleton aria-label={t('signing.preview.reading')}>
          <SkeletonItem style={{ height: '160px' }} />
        </Skeleton>
      )}
      {data !== undefined && (
        <>
          <PreviewOf preview={data.preview} name={fileName} />
          <Facts
            facts={[
              [t('signing.facts.size'), t('signing.bytes', { count: data.bytes })],
              ['SHA-256', data.sha256],
            ]}
          />
        </>
      )}
    </section>
  );
}
