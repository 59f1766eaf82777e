import type { Fault } from '../../../fault-schemas.ts';
import type { CommandName } from '../../../apdu-names.ts';

/** What the form offers; `before` and `after` are two faces of one fault. */
export const deeds = {
  'remove-before': 'Leaves the reader before it is carried out',
  'remove-after': 'Leaves the reader after it took effect',
  'answer-instead': 'Is refused with a status word',
  'answer-after': 'Takes effect, but answers a status word',
  delay: 'Is answered late',
  garbage: 'Is answered with garbage',
  short: 'Has its answer cut to one byte',
  tear: 'Loses power in the middle of a write',
} as const;

export type Deed = keyof typeof deeds;

/** The form as it is filled in; numbers as they are typed. */
export interface FaultDraft {
  readonly deed: Deed;
  /** `any`, or a command's name. */
  readonly command: string;
  readonly nth: string;
  readonly times: string;
  readonly always: boolean;
  readonly statusWord: string;
  readonly milliseconds: string;
  /** Seconds until it is put back; empty: it stays out. */
  readonly backAfter: string;
  /** Bytes that are written; empty: half. */
  readonly bytes: string;
  readonly stays: boolean;
}

export const emptyDraft: FaultDraft = {
  deed: 'remove-before',
  command: 'VERIFY',
  nth: '1',
  times: '1',
  always: false,
  statusWord: '6F00',
  milliseconds: '3000',
  backAfter: '',
  bytes: '',
  stays: false,
};

/** Which fields make no sense as they are, by name. */
export function mistakes(draft: FaultDraft): ReadonlySet<keyof FaultDraft> {
  const wrong = new Set<keyof FaultDraft>();
  const demand = (holds: boolean, field: keyof FaultDraft): void => {
    if (!holds) wrong.add(field);
  };
  demand(/^[1-9]\d{0,5}$/.test(draft.nth), 'nth');
  demand(draft.always || /^[1-9]\d{0,5}$/.test(draft.times), 'times');
  if (draft.deed.startsWith('answer')) demand(/^[0-9a-f]{4}$/i.test(draft.statusWord), 'statusWord');
  if (draft.deed === 'delay') demand(isWhole(draft.milliseconds, 3_600_000), 'milliseconds');
  if (draft.deed.startsWith('remove'))
    demand(draft.backAfter === '' || isWhole(draft.backAfter, 3600), 'backAfter');
  if (draft.deed === 'tear') demand(draft.bytes === '' || isWhole(draft.bytes, 0x8000), 'bytes');
  return wrong;
}

const isWhole = (text: string, most: number): boolean => /^\d{1,7}$/.test(text) && Number(text) <= most;

/** The fault that a draft without mistakes stands for. */
export function faultFrom(draft: FaultDraft): Fault {
  const trigger = {
    // The form offers names of commands only.
    ...(draft.command === 'any' ? {} : { command: draft.command as CommandName }),
    nth: Number(draft.nth),
    times: draft.always ? ('always' as const) : Number(draft.times),
  };
  switch (draft.deed) {
    case 'remove-before':
    case 'remove-after':
      return {
        do: 'remove',
        when: draft.deed === 'remove-before' ? 'before' : 'after',
        ...(draft.backAfter === '' ? {} : { backAfter: Number(draft.backAfter) }),
        ...trigger,
      };
    case 'answer-instead':
    case 'answer-after':
      return {
        do: 'answer',
        when: draft.deed === 'answer-instead' ? 'instead' : 'after',
        statusWord: draft.statusWord.toUpperCase(),
        ...trigger,
      };
    case 'delay':
      return { do: 'delay', milliseconds: Number(draft.milliseconds), ...trigger };
    case 'garbage':
    case 'short':
      return { do: 'garble', how: draft.deed, ...trigger };
    case 'tear':
      return {
        do: 'tear',
        ...trigger,
        // As above: of a write the form offers writes only.
        command: trigger.command as 'UPDATE' | undefined,
        bytes: draft.bytes === '' ? 'half' : Number(draft.bytes),
        then: draft.stays ? 'stays' : 'leaves',
      };
  }
}
