import { Field, makeStyles, Radio, RadioGroup } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';

const useStyles = makeStyles({
  group: { marginBlockEnd: '20px' },
  radios: { flexWrap: 'wrap', columnGap: '8px' },
});

/** A setting of which one value is chosen. */
export function Choice<Value extends string>({
  label,
  hint,
  value,
  options,
  onChoose,
  optionLanguage = false,
}: {
  label: string;
  hint?: string;
  value: Value;
  options: readonly (readonly [Value, ReactNode])[];
  onChoose: (value: Value) => Promise<unknown>;
  /** The options are names of languages, each in its own. */
  optionLanguage?: boolean;
}) {
  const styles = useStyles();
  // Shown at once, and until the main process has kept it or refused to.
  const [picked, setPicked] = useState<Value>();
  return (
    <Field label={label} hint={hint ?? null} className={styles.group}>
      <RadioGroup
        layout="horizontal"
        value={picked ?? value}
        className={styles.radios}
        onChange={(_, data) => {
          const chosen = options.find(([option]) => option === data.value);
          if (!chosen) return;
          setPicked(chosen[0]);
          const done = () => {
            setPicked(undefined);
          };
          onChoose(chosen[0]).then(done, done);
        }}
      >
        {options.map(([option, name]) => (
          <Radio
            key={option}
            value={option}
            label={optionLanguage ? <span lang={option}>{name}</span> : <span>{name}</span>}
          />
        ))}
      </RadioGroup>
    </Field>
  );
}
