import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
} from '@fluentui/react-components';
import { useState } from 'react';

import { useControl } from '../use-control.tsx';

/** Pulls the token and puts in the one of another state file. */
export function SwapDialog({ onClose }: { onClose: () => void }) {
  const order = useControl();
  const [file, setFile] = useState('');
  const swap = async (): Promise<void> => {
    if (await order({ do: 'swap', state: file })) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(_, { open }) => {
        if (!open) onClose();
      }}
    >
      <DialogSurface>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void swap();
          }}
        >
          <DialogBody>
            <DialogTitle>Another token</DialogTitle>
            <DialogContent>
              <Field
                label="State file"
                hint="A path on this computer. The present token stays in its own file."
              >
                <Input
                  value={file}
                  placeholder="/tmp/other-token.json"
                  onChange={(_, { value }) => {
                    setFile(value);
                  }}
                />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button type="submit" appearance="primary" disabled={file.trim() === ''}>
                Put it in
              </Button>
              <Button onClick={onClose}>Cancel</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
