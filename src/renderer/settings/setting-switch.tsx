import { Field, makeStyles, Switch } from '@fluentui/react-components';
import { useState } from 'react';

const useStyles = makeStyles({
  field: {
    marginBlockEnd: '12px',
    '& .fui-Field__hint': { marginInlineStart: '56px', marginBlockStart: '-4px' },
  },
});

/** A setting that is on or off. */
export function SettingSwitch({
  label,
  hint,
  on,
  onSwitch,
}: {
  label: string;
  hint: string;
  on: boolean;
  onSwitch: (on: boolean) => Promise<unknown>;
}) {
  const styles = useStyles();
  // Shown at once, and until the main process has done it or refused to.
  const [wanted, setWanted] = useState<boolean>();
  return (
    <Field hint={hint} className={styles.field}>
      <Switch
        label={label}
        checked={wanted ?? on}
        onChange={(_, { checked }) => {
          setWanted(checked);
          const done = () => {
            setWanted(undefined);
          };
          onSwitch(checked).then(done, done);
        }}
      />
    </Field>
  );
}
