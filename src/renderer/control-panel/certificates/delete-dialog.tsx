import {
  Button,
  Field,
  makeStyles,
  mergeClasses,
  Radio,
  RadioGroup,
  Spinner,
} from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoredObjectsView } from '#shared/control-panel-views.ts';
import type { ErrorView } from '#shared/views.ts';
import { call, failureOf } from '../../bridge.ts';
import { PlainInput } from '../../fields/plain-input.tsx';
import { ErrorMessage } from '../../messages/error-message.tsx';
import { PanelDialog } from '../administration/panel-dialog.tsx';
import { useDestructiveStyles } from '../destructive-styles.ts';
import type { Deletion } from './deletion.ts';

const useStyles = makeStyles({
  what: { marginBlockEnd: '12px' },
  text: { margin: '0 0 12px' },
  phrase: {
    display: 'block',
    marginBlockEnd: '4px',
    fontFamily: 'inherit',
    fontWeight: 600,
    overflowWrap: 'anywhere',
  },
});

/** «Удалить…»: what goes and what that means, its name typed. Enter deletes nothing. */
export function DeleteDialog({
  tokenId,
  deletions: [first, ...more],
  onDeleted,
  onRefused,
  onClose,
}: {
  tokenId: string;
  deletions: readonly [Deletion, ...Deletion[]];
  onDeleted: (objects: StoredObjectsView, deletion: Deletion) => void;
  /** Also told outside of the dialog, which goes when the rights are gone. */
  onRefused: (error: ErrorView) => void;
  onClose: () => void;
}) {
  const styles = useStyles();
  const destructive = useDestructiveStyles();
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState(first);
  const [differs, setDiffers] = useState(false);
  useEffect(() => field.current?.focus(), []);

  const deleting = useMutation({
    mutationFn: (confirmation: string) =>
      call('certificates.delete', { tokenId, target: chosen.target, confirmation }),
    onSuccess: (objects) => {
      onDeleted(objects, chosen);
    },
    onError: (error) => {
      onRefused(failureOf(error));
    },
  });
  const { kind } = chosen.target;
  const go = () => {
    const typed = field.current?.value.trim() ?? '';
    const same = typed === chosen.phrase.trim();
    setDiffers(!same);
    if (same) deleting.mutate(typed);
    else field.current?.focus();
  };
  return (
    <PanelDialog
      title={t(`certificates.deleting.${kind}`)}
      pending={deleting.isPending}
      onClose={onClose}
      actions={
        <>
          {deleting.isPending && (
            <Spinner data-apart size="tiny" label={t('certificates.deleting.working')} />
          )}
          <Button className={destructive.button} disabled={deleting.isPending} onClick={go}>
            {t('certificates.deleting.go')}
          </Button>
          <Button disabled={deleting.isPending} onClick={onClose}>
            {t('common.cancel')}
          </Button>
        </>
      }
    >
      {deleting.error !== null && <ErrorMessage error={failureOf(deleting.error)} />}
      {more.length > 0 && (
        <Field label={t('certificates.deleting.what')} className={styles.what}>
          <RadioGroup
            value={kind}
            disabled={deleting.isPending}
            onChange={(_, data) => {
              const next = [first, ...more].find(({ target }) => target.kind === data.value);
              if (!next) return;
              setChosen(next);
              setDiffers(false);
              deleting.reset();
            }}
          >
            <Radio value="certificate" label={t('certificates.deleting.onlyCertificate')} />
            <Radio value="key-pair" label={t('certificates.deleting.withKey')} />
          </RadioGroup>
        </Field>
      )}
      <p className={styles.text}>
        {t(
          kind === 'certificate' ? 'certificates.deleting.certificateText' : 'certificates.deleting.keyText',
        )}
        {kind === 'key-pair' && ` ${t('certificates.deleting.unfinishedText')}`}
      </p>
      <Field
        label={
          <>
            {t('certificates.deleting.type')}
            <code className={mergeClasses(styles.phrase, 'selectable')}>{chosen.phrase}</code>
          </>
        }
        validationMessage={differs ? t('certificates.deleting.differs', { text: chosen.phrase }) : null}
      >
        <PlainInput ref={field} autoComplete="off" spellCheck={false} disabled={deleting.isPending} />
      </Field>
    </PanelDialog>
  );
}
