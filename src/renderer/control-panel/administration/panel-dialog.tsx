import {
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
} from '@fluentui/react-components';
import { useRef, type ReactNode } from 'react';
import { useKeptFocus } from '../../frame/kept-focus.ts';

const useStyles = makeStyles({
  surface: { maxWidth: '520px' },
  wide: { maxWidth: '640px' },
  actions: {
    justifySelf: 'stretch',
    justifyContent: 'flex-end',
    '& > button': { whiteSpace: 'nowrap' },
    '& > [data-apart]': { marginInlineEnd: 'auto' },
  },
  lead: { '& > p:first-child': { marginBlockStart: 0 } },
});

/**
 * A dialog of the control panel: title, what it holds, buttons. Enter submits, Esc closes. It stays open while a token
 * is being worked on, and takes no click beside it for an answer.
 */
export function PanelDialog({
  title,
  children,
  actions,
  pending = false,
  wide = false,
  onSubmit,
  onClose,
}: {
  title: string;
  children: ReactNode;
  /** Primary first, then cancel. */
  actions: ReactNode;
  pending?: boolean;
  wide?: boolean;
  onSubmit?: () => void;
  onClose: () => void;
}) {
  const styles = useStyles();
  const form = useRef<HTMLFormElement>(null);
  useKeptFocus(form, pending);
  return (
    <Dialog
      open
      modalType="alert"
      onOpenChange={(_, data) => {
        if (!data.open && !pending) onClose();
      }}
    >
      <DialogSurface className={wide ? styles.wide : styles.surface}>
        <form
          ref={form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            // Bubbles through React to the screen's own form.
            event.stopPropagation();
            if (!pending) onSubmit?.();
          }}
        >
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={styles.lead}>{children}</DialogContent>
            <DialogActions fluid className={styles.actions}>
              {actions}
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
