import { useTranslation } from 'react-i18next';
import type { ImportView } from '#shared/control-panel-views.ts';
import type { ErrorView } from '#shared/views.ts';
import { ErrorMessage } from '../../messages/error-message.tsx';
import { Notice } from '../../messages/notice.tsx';
import type { DeleteTarget } from './deletion.ts';

/** What was done last. */
export type TabNews =
  | { readonly kind: 'exported'; readonly fileName: string }
  | { readonly kind: 'imported'; readonly view: ImportView }
  | { readonly kind: 'deleted'; readonly what: DeleteTarget['kind']; readonly name: string }
  | { readonly kind: 'failed'; readonly error: ErrorView };

export function TabMessage({ news }: { news: TabNews }) {
  const { t } = useTranslation();
  switch (news.kind) {
    case 'exported':
      return (
        <Notice intent="success" title={t('certificates.exporting.done')}>
          <p>{t('certificates.exporting.doneText', { fileName: news.fileName })}</p>
        </Notice>
      );
    case 'imported': {
      const { fileName, certificates, key } = news.view;
      const written = certificates.filter(({ alreadyOnToken }) => !alreadyOnToken).length;
      return (
        <Notice intent="success" title={t('certificates.importing.done')}>
          {written > 0 && <p>{t('certificates.importing.doneText', { count: written, fileName })}</p>}
          {key !== undefined && !key.alreadyOnToken && <p>{t('certificates.importing.doneKey')}</p>}
        </Notice>
      );
    }
    case 'deleted':
      return (
        <Notice
          intent="success"
          title={t(
            news.what === 'certificate'
              ? 'certificates.deleting.doneCertificate'
              : 'certificates.deleting.doneKey',
          )}
        >
          <p>{t('certificates.deleting.doneText', { name: news.name })}</p>
        </Notice>
      );
    case 'failed':
      return <ErrorMessage error={news.error} />;
  }
}
