import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({ actions: { '& > button': { whiteSpace: 'nowrap' } } });

interface Answer {
  readonly label: string;
  readonly onChoose: () => void;
}

/**
 * Asks before going on. The first answer is the default and has the focus, so it must be the safe one; Esc is the
 * second, or the first where `escape` says so.
 */
export function Question({
  open,
  title,
  children,
  first,
  second,
  escape = 'second',
}: {
  open: boolean;
  title: string;
  children: ReactNode;
  first: Answer;
  second: Answer;
  escape?: 'first' | 'second';
}) {
  const styles = useStyles();
  // Not merely closed: a closed dialog of Fluent's keeps its focus guards in the page.
  if (!open) return null;
  return (
    <Dialog
      open
      modalType="alert"
      onOpenChange={(_, data) => {
        if (!data.open) (escape === 'first' ? first : second).onChoose();
      }}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>{children}</DialogContent>
          <DialogActions fluid className={styles.actions}>
            <Button appearance="primary" onClick={first.onChoose}>
              {first.label}
            </Button>
            <Button onClick={second.onChoose}>{second.label}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
