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
  makeStyles,
  Select,
} from '@fluentui/react-components';
import { useState } from 'react';

import { useControl } from '../use-control.tsx';

const useStyles = makeStyles({ fields: { display: 'grid', gap: '12px' } });

/** As tokens are delivered. */
const DELIVERED = 'default-pins';

/** Makes a token from a profile and puts it in; the present one stays in its file. */
export function NewTokenDialog({ profiles, onClose }: { profiles: readonly string[]; onClose: () => void }) {
  const styles = useStyles();
  const order = useControl();
  const [profile, setProfile] = useState(profiles.includes(DELIVERED) ? DELIVERED : (profiles[0] ?? ''));
  const [atr, setAtr] = useState('kaztoken');
  const [serial, setSerial] = useState('');
  const [label, setLabel] = useState('');
  const wrongSerial = serial !== '' && !/^[0-9a-f]{8}$/i.test(serial);
  const make = async (): Promise<void> => {
    const given = { profile, atr, ...(serial === '' ? {} : { serial }), ...(label === '' ? {} : { label }) };
    if (await order({ do: 'new', card: given })) onClose();
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
            void make();
          }}
        >
          <DialogBody>
            <DialogTitle>New token</DialogTitle>
            <DialogContent className={styles.fields}>
              <Field label="What it starts with">
                <Select
                  value={profile}
                  onChange={(_, { value }) => {
                    setProfile(value);
                  }}
                >
                  {profiles.map((name) => (
                    <option key={name} value={name}>
                      {name.replaceAll('-', ' ')}
                    </option>
                  ))}
                </Select>
              </Field>
              <Field label="Answers to reset as">
                <Select
                  value={atr}
                  onChange={(_, { value }) => {
                    setAtr(value);
                  }}
                >
                  <option value="kaztoken">KAZTOKEN</option>
                  <option value="rutoken">Rutoken ECP, which OpenSC knows</option>
                </Select>
              </Field>
              <Field
                label="Serial number"
                validationState={wrongSerial ? 'error' : 'none'}
                validationMessage={wrongSerial ? 'Eight hexadecimal digits' : null}
                hint={wrongSerial ? null : 'Eight hexadecimal digits; random when empty'}
              >
                <Input
                  value={serial}
                  onChange={(_, { value }) => {
                    setSerial(value);
                  }}
                />
              </Field>
              <Field label="Label" hint="For profiles that have one">
                <Input
                  value={label}
                  maxLength={32}
                  onChange={(_, { value }) => {
                    setLabel(value);
                  }}
                />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button type="submit" appearance="primary" disabled={wrongSerial}>
                Make it and put it in
              </Button>
              <Button onClick={onClose}>Cancel</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
