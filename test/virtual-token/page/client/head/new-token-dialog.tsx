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

import type { Choices } from '../../view.ts';
import { useControl } from '../use-control.tsx';

const useStyles = makeStyles({
  fields: {
    display: 'grid',
    gridTemplateColumns: 'repeat(2, minmax(0, 1fr))',
    gap: '12px 16px',
    alignItems: 'start',
  },
  input: { minWidth: 0, '& > select': { textOverflow: 'ellipsis' } },
});

/** As tokens are delivered. */
const DELIVERED = 'default-pins';
/** Its certificates are an authority's, not a bank's. */
const NATIONAL = 'national';

/** Makes a token from a profile and puts it in; the present one stays in its file. */
export function NewTokenDialog({ choices, onClose }: { choices: Choices; onClose: () => void }) {
  const styles = useStyles();
  const order = useControl();
  const { profiles, preparedProfiles } = choices;
  const [profile, setProfile] = useState(profiles.includes(DELIVERED) ? DELIVERED : (profiles[0] ?? ''));
  const [atr, setAtr] = useState('kaztoken');
  const [serial, setSerial] = useState('');
  const [label, setLabel] = useState('');
  const [days, setDays] = useState('');
  const [bank, setBank] = useState('');
  const [making, setMaking] = useState(false);
  const hasCertificates = preparedProfiles.includes(profile);
  const isRegistered = hasCertificates && profile !== NATIONAL;
  const wrongDays = hasCertificates && !/^(?:|-?\d{1,4})$/.test(days);
  const wrongSerial = serial !== '' && !/^[0-9a-f]{8}$/i.test(serial);
  const make = async (): Promise<void> => {
    setMaking(true);
    const given = {
      profile,
      atr,
      ...(serial === '' ? {} : { serial }),
      ...(label === '' ? {} : { label }),
      ...(hasCertificates && days !== '' ? { expiresInDays: Number(days) } : {}),
      ...(isRegistered && bank !== '' ? { bankData: bank } : {}),
    };
    const made = await order({ do: 'new', card: given });
    setMaking(false);
    if (made) onClose();
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
                  className={styles.input}
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
                  className={styles.input}
                  value={atr}
                  onChange={(_, { value }) => {
                    setAtr(value);
                  }}
                >
                  <option value="kaztoken">KAZTOKEN</option>
                  <option value="rutoken">Rutoken ECP (OpenSC knows it)</option>
                </Select>
              </Field>
              <Field
                label="Serial number"
                validationState={wrongSerial ? 'error' : 'none'}
                validationMessage={wrongSerial ? 'Eight hexadecimal digits' : null}
                hint={wrongSerial ? null : 'Eight hexadecimal digits; random when empty'}
              >
                <Input
                  className={styles.input}
                  value={serial}
                  onChange={(_, { value }) => {
                    setSerial(value);
                  }}
                />
              </Field>
              <Field label="Label" hint="For profiles that have one">
                <Input
                  className={styles.input}
                  value={label}
                  maxLength={32}
                  onChange={(_, { value }) => {
                    setLabel(value);
                  }}
                />
              </Field>
              <Field
                label="Certificates end in days"
                hint="Where there are any; 0 or less: they have ended"
                validationState={wrongDays ? 'error' : 'none'}
              >
                <Input
                  className={styles.input}
                  value={days}
                  disabled={!hasCertificates}
                  onChange={(_, { value }) => {
                    setDays(value.trim());
                  }}
                />
              </Field>
              <Field label="Data folder of the demo bank" hint="If it is registered; forgotten when empty">
                <Input
                  className={styles.input}
                  value={bank}
                  disabled={!isRegistered}
                  placeholder="/tmp/bank"
                  onChange={(_, { value }) => {
                    setBank(value);
                  }}
                />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button type="submit" appearance="primary" disabled={wrongSerial || wrongDays || making}>
                {making ? 'Making it…' : 'Make it and put it in'}
              </Button>
              <Button onClick={onClose}>Cancel</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
