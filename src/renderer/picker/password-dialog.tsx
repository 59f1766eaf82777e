import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenView } from '#shared/views.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { TokenPassword } from './token-password.tsx';
import { useOpenToken, type Opened } from './use-open-token.ts';

/** Asks for the password of a token again, where the wizard or a registration lost it with the token. */
export function PasswordDialog({
  token,
  profile,
  onOpened,
  onCancel,
}: {
  token: TokenView;
  /** As in {@link useOpenToken}. */
  profile?: 'new' | undefined;
  onOpened: (opened: Opened, tokenId: string) => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const opening = useOpenToken(token, field, onOpened, profile);
  useEffect(() => field.current?.focus(), []);
  return (
    <Dialog
      open
      modalType="alert"
      onOpenChange={(_, data) => {
        if (!data.open) onCancel();
      }}
    >
      <DialogSurface>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            event.stopPropagation();
            opening.submit();
          }}
        >
          <DialogBody>
            <DialogTitle>{t('wizard.tokenGone.passwordTitle')}</DialogTitle>
            <DialogContent>
              <p>{t('wizard.tokenGone.passwordText')}</p>
              {opening.error !== undefined && <ErrorMessage error={opening.error} />}
              <TokenPassword token={token} opening={opening} />
            </DialogContent>
            <DialogActions>
              <Button appearance="primary" type="submit" disabled={opening.pending}>
                {t('common.ok')}
              </Button>
              <Button disabled={opening.pending} onClick={onCancel}>
                {t('common.cancel')}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
