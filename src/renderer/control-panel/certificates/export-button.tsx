import { Menu, MenuButton, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { ArrowExport20Regular } from '@fluentui/react-icons/svg/arrow-export';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ErrorView } from '#shared/views.ts';
import { call, failureOf } from '../../bridge.ts';

const formats = ['pem', 'der'] as const;

/** «Экспортировать…»: the form is chosen here, the place in the system's dialog. A certificate is no secret. */
export function ExportButton({
  tokenId,
  fingerprint,
  onExported,
  onFailed,
}: {
  tokenId: string;
  fingerprint: string;
  onExported: (fileName: string) => void;
  onFailed: (error: ErrorView) => void;
}) {
  const { t } = useTranslation();
  const exporting = useMutation({
    mutationFn: (format: (typeof formats)[number]) =>
      call('certificates.export', { tokenId, fingerprint, format }),
    onSuccess: (saved) => {
      if (saved !== null) onExported(saved.fileName);
    },
    onError: (error) => {
      onFailed(failureOf(error));
    },
  });
  return (
    // In its place: what a portal holds lies outside of the page's landmarks.
    <Menu inline>
      <MenuTrigger disableButtonEnhancement>
        <MenuButton icon={<ArrowExport20Regular aria-hidden />} disabled={exporting.isPending}>
          {t('certificates.export')}
        </MenuButton>
      </MenuTrigger>
      <MenuPopover>
        <MenuList aria-label={t('certificates.exporting.menu')}>
          {formats.map((format) => (
            <MenuItem
              key={format}
              onClick={() => {
                exporting.mutate(format);
              }}
            >
              {t(`certificates.exporting.${format}`)}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
