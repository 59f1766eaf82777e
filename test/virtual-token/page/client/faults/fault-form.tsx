import { Button, Checkbox, Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import { describeFault, describeTrigger } from '../../../describe-fault.ts';
import type { Choices } from '../../view.ts';
import { useControl } from '../use-control.tsx';
import { type Deed, deeds, emptyDraft, type FaultDraft, faultFrom, mistakes } from './fault-order.ts';

const useStyles = makeStyles({
  form: {
    display: 'grid',
    gridTemplateColumns: 'repeat(6, minmax(0, 1fr))',
    gap: '10px 12px',
    alignItems: 'end',
  },
  half: { gridColumn: 'span 3' },
  third: { gridColumn: 'span 2' },
  two: { gridColumn: 'span 4' },
  whole: { gridColumn: 'span 6' },
  said: {
    gridColumn: 'span 6',
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: '12px',
    minHeight: '44px',
  },
  sentence: { color: tokens.colorNeutralForeground2, '::first-letter': { textTransform: 'uppercase' } },
  arm: { flexShrink: 0 },
  // Fluent's inputs are wider than a third of the form.
  input: { minWidth: 0, width: '100%' },
  // Each deed has one row of its own fields, empty or not, so that what is below stays where it is.
  own: { gridColumn: 'span 2', minHeight: '56px', display: 'grid', alignItems: 'end' },
});

/** Orders a fault that waits for a command. */
export function FaultForm({ choices }: { choices: Choices }) {
  const styles = useStyles();
  const order = useControl();
  const [draft, setDraft] = useState<FaultDraft>(emptyDraft);
  const change = (changes: Partial<FaultDraft>): void => {
    setDraft({ ...draft, ...changes });
  };
  const commands: readonly string[] = draft.deed === 'tear' ? choices.writes : choices.commands;
  const wrong = mistakes(draft);
  const fault = wrong.size === 0 ? faultFrom(draft) : null;

  const chooseDeed = (deed: Deed): void => {
    const offered: readonly string[] = deed === 'tear' ? choices.writes : choices.commands;
    change({ deed, command: offered.includes(draft.command) ? draft.command : 'any' });
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (fault !== null) void order(fault);
      }}
    >
      <Field label="Command" className={styles.third}>
        <Select
          value={draft.command}
          onChange={(_, { value }) => {
            change({ command: value });
          }}
        >
          <option value="any">{draft.deed === 'tear' ? 'any write' : 'any command'}</option>
          {commands.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="What happens to it" className={styles.two}>
        <Select
          value={draft.deed}
          onChange={(_, { value }) => {
            // The options are the keys of `deeds`.
            chooseDeed(value as Deed);
          }}
        >
          {Object.entries(deeds).map(([deed, words]) => (
            <option key={deed} value={deed}>
              {words}
            </option>
          ))}
        </Select>
      </Field>
      <div className={styles.own}>
        <OwnField draft={draft} wrong={wrong} change={change} className={styles.input} />
      </div>
      <Field
        label="At the nth time"
        className={styles.third}
        validationState={wrong.has('nth') ? 'error' : 'none'}
      >
        <Input
          className={styles.input}
          inputMode="numeric"
          value={draft.nth}
          onChange={(_, { value }) => {
            change({ nth: value.trim() });
          }}
        />
      </Field>
      <Field
        label="How often"
        className={styles.third}
        validationState={wrong.has('times') ? 'error' : 'none'}
      >
        <Input
          className={styles.input}
          inputMode="numeric"
          disabled={draft.always}
          value={draft.always ? '' : draft.times}
          placeholder={draft.always ? 'always' : ''}
          onChange={(_, { value }) => {
            change({ times: value.trim() });
          }}
        />
      </Field>
      <div className={styles.two}>
        {draft.deed === 'tear' && (
          <Checkbox
            label="Stays in the reader, logins lost"
            checked={draft.stays}
            onChange={(_, { checked }) => {
              change({ stays: checked === true });
            }}
          />
        )}
      </div>
      <div className={styles.third}>
        <Checkbox
          label="Always"
          checked={draft.always}
          onChange={(_, { checked }) => {
            change({ always: checked === true });
          }}
        />
      </div>
      <div className={styles.said}>
        <span className={styles.sentence} aria-live="polite">
          {fault === null
            ? 'Something in the form makes no sense yet.'
            : `${describeFault(fault)}, ${describeTrigger({ ...fault, id: 0 })}`}
        </span>
        <Button type="submit" appearance="primary" disabled={fault === null} className={styles.arm}>
          Arm
        </Button>
      </div>
    </form>
  );
}

function OwnField({
  draft,
  wrong,
  change,
  className,
}: {
  draft: FaultDraft;
  wrong: ReadonlySet<keyof FaultDraft>;
  change: (changes: Partial<FaultDraft>) => void;
  className: string | undefined;
}) {
  const own = ownFields[draft.deed];
  if (own === undefined) return null;
  const [name, label, placeholder] = own;
  return (
    <Field label={label} validationState={wrong.has(name) ? 'error' : 'none'}>
      <Input
        className={className}
        value={draft[name]}
        placeholder={placeholder}
        onChange={(_, { value }) => {
          change({ [name]: value.trim() });
        }}
      />
    </Field>
  );
}

const ownFields: Partial<
  Record<
    Deed,
    readonly [name: 'backAfter' | 'statusWord' | 'milliseconds' | 'bytes', label: string, placeholder: string]
  >
> = {
  'remove-before': ['backAfter', 'Back after (s)', 'stays out'],
  'remove-after': ['backAfter', 'Back after (s)', 'stays out'],
  'answer-instead': ['statusWord', 'Status word', '6F00'],
  'answer-after': ['statusWord', 'Status word', '6F00'],
  delay: ['milliseconds', 'Late by (ms)', '3000'],
  tear: ['bytes', 'Bytes written', 'half'],
};
