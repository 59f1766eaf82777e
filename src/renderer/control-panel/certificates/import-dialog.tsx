import { Button, Spinner } from '@fluentui/react-components';
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportView } from '#shared/control-panel-views.ts';
import { SecretField } from '../../fields/secret-field.tsx';
import { takeTyped } from '../../fields/typed-secret.ts';
import { ErrorMessage } from '../../messages/error-message.tsx';
import { Facts } from '../../messages/facts.tsx';
import { PanelDialog } from '../administration/panel-dialog.tsx';
import { ImportPreview } from './import-preview.tsx';
import type { ChosenFile, Importing } from './use-import.ts';

/** What follows the choice of a file: its password, what would be written, consent. */
export function ImportDialog({ importing, serial }: { importing: Importing; serial: string }) {
  const { step } = importing;
  switch (step?.at) {
    case 'password':
    case 'opening':
      return <PasswordStep importing={importing} file={step.file} asks={step.at === 'password'} />;
    case 'preview':
      return <PreviewStep importing={importing} view={step.view} serial={serial} />;
    case undefined:
      return null;
  }
}

function PasswordStep({ importing, file, asks }: { importing: Importing; file: ChosenFile; asks: boolean }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const { pending, error } = importing;
  // Also after a refusal: the field takes the focus only once React has enabled it again.
  useLayoutEffect(() => {
    if (!pending) field.current?.focus();
  }, [pending]);
  return (
    <PanelDialog
      title={t('certificates.importing.title')}
      pending={pending}
      onSubmit={() => {
        importing.open(file, takeTyped(field.current));
      }}
      onClose={importing.leave}
      actions={
        <>
          {pending && <Spinner data-apart size="tiny" label={t('certificates.importing.opening')} />}
          {asks && (
            <Button appearance="primary" type="submit" disabled={pending}>
              {t('common.next')}
            </Button>
          )}
          <Button disabled={pending} onClick={importing.leave}>
            {t('common.cancel')}
          </Button>
        </>
      }
    >
      {error !== undefined && <ErrorMessage error={error} />}
      <Facts facts={[[t('certificates.importing.file'), file.fileName]]} />
      {asks && (
        <>
          <p>{t('certificates.importing.passwordText')}</p>
          <SecretField label={t('certificates.importing.password')} inputRef={field} disabled={pending} />
        </>
      )}
    </PanelDialog>
  );
}

function PreviewStep({
  importing,
  view,
  serial,
}: {
  importing: Importing;
  view: ImportView;
  serial: string;
}) {
  const { t } = useTranslation();
  const [agreed, setAgreed] = useState(false);
  const [asked, setAsked] = useState(false);
  const { writing, error } = importing;
  const writesKey = view.key !== undefined && !view.key.alreadyOnToken;
  const nothing = !writesKey && view.certificates.every(({ alreadyOnToken }) => alreadyOnToken);
  return (
    <PanelDialog
      wide
      title={t('certificates.importing.title')}
      pending={writing}
      onSubmit={() => {
        if (nothing) return;
        setAsked(true);
        if (!writesKey || agreed) importing.write(view);
      }}
      onClose={importing.leave}
      actions={
        nothing ? (
          <Button onClick={importing.leave}>{t('common.close')}</Button>
        ) : (
          <>
            {writing && <Spinner data-apart size="tiny" label={t('certificates.importing.working')} />}
            <Button appearance="primary" type="submit" disabled={writing}>
              {t('certificates.importing.go')}
            </Button>
            <Button disabled={writing} onClick={importing.leave}>
              {t('common.cancel')}
            </Button>
          </>
        )
      }
    >
      {error !== undefined && <ErrorMessage error={error} />}
      <ImportPreview
        view={view}
        serial={serial}
        nothing={nothing}
        consent={
          writesKey
            ? { agreed, complains: asked && !agreed, disabled: writing, onAgree: setAgreed }
            : undefined
        }
      />
    </PanelDialog>
  );
}
