import { zodResolver } from '@hookform/resolvers/zod';
import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { wipe } from '#shared/bytes.ts';
import type { PanelView } from '#shared/control-panel-views.ts';
import type { ErrorView, SettingsView } from '#shared/views.ts';
import { call, failureOf } from '../../bridge.ts';
import { secretBytes } from '../../fields/typed-secret.ts';
import { ErrorMessage } from '../../messages/error-message.tsx';
import { emptyNewPin, newPinRules, type WithNewPins } from '../new-pin/new-pin-data.ts';
import { NewPinFields } from '../new-pin/new-pin-fields.tsx';
import { pinOf, type PinRole } from '../pin-role.ts';
import { useKeepPanel } from '../use-panel.ts';
import { PanelDialog } from './panel-dialog.tsx';

const useStyles = makeStyles({ note: { color: tokens.colorNeutralForeground2, margin: '4px 0 0' } });

/** «Изменить…»: a new PIN of the user or of the administrator, by whoever is logged in. */
export function ChangePinDialog({
  panel,
  role,
  weakPins,
  onDone,
  onFailed,
  onClose,
}: {
  panel: PanelView;
  role: PinRole;
  weakPins: SettingsView['weakPins'];
  onDone: () => void;
  onFailed: (error: ErrorView) => void;
  onClose: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const keepPanel = useKeepPanel();
  const policy = { minLength: pinOf(panel.information, role).minLength, weakPins };
  const form = useForm<WithNewPins>({
    defaultValues: { user: emptyNewPin, administrator: emptyNewPin },
    resolver: zodResolver(newPinRules({ [role]: policy })),
  });
  const { setFocus } = form;
  useEffect(() => {
    setFocus(`${role}.pin`);
  }, [setFocus, role]);

  const changing = useMutation({
    mutationFn: async () => {
      const { pin, acceptWeak } = form.getValues(role);
      const newPin = secretBytes(pin);
      try {
        return await call('panel.changePin', { tokenId: panel.tokenId, role, newPin, acceptWeak });
      } finally {
        wipe(newPin);
      }
    },
    onSuccess: (changed) => {
      form.reset();
      keepPanel(changed);
      onDone();
    },
    onError: (error) => {
      onFailed(failureOf(error));
    },
  });
  const forUser = role === 'user' && panel.rights?.role === 'administrator';
  return (
    <FormProvider {...form}>
      <PanelDialog
        title={t(`controlPanel.changePin.title.${role}`)}
        pending={changing.isPending}
        onSubmit={() =>
          void form.handleSubmit(() => {
            changing.mutate();
          })()
        }
        onClose={onClose}
        actions={
          <>
            {changing.isPending && (
              <Spinner data-apart size="tiny" label={t('controlPanel.changePin.changing')} />
            )}
            <Button appearance="primary" type="submit" disabled={changing.isPending}>
              {t('controlPanel.changePin.go')}
            </Button>
            <Button disabled={changing.isPending} onClick={onClose}>
              {t('common.cancel')}
            </Button>
          </>
        }
      >
        {changing.error !== null && <ErrorMessage error={failureOf(changing.error)} />}
        <p>{t(forUser ? 'controlPanel.changePin.byAdministrator' : 'controlPanel.changePin.text')}</p>
        <NewPinFields role={role} policy={policy} />
        {role === 'administrator' && (
          <p className={styles.note}>{t('controlPanel.changePin.administratorNote')}</p>
        )}
      </PanelDialog>
    </FormProvider>
  );
}
