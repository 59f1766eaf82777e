import type { Fault, WaitingFault } from './fault-schemas.ts';

/** What a fault does, in a few words: `answers 6F00 instead of SELECT`. */
export function describeFault(fault: Fault): string {
  const command = fault.command ?? 'any command';
  switch (fault.do) {
    case 'answer':
      return `answers ${fault.statusWord.toUpperCase()} ${fault.when === 'instead' ? 'instead of' : 'after'} ${command}`;
    case 'delay':
      return `answers ${command} ${fault.milliseconds} ms late`;
    case 'garble':
      return fault.how === 'short'
        ? `cuts the answer to ${command} to one byte`
        : `answers ${command} with garbage`;
    case 'remove':
      return `leaves the reader ${fault.when} ${command}${fault.backAfter === undefined ? '' : `, back after ${fault.backAfter} s`}`;
    case 'tear': {
      const { bytes } = fault;
      const written =
        bytes === 'half' ? 'half is' : bytes === 1 ? 'one byte is' : `the first ${bytes} bytes are`;
      const then = fault.then === 'leaves' ? 'and leaves the reader' : 'but stays in the reader';
      return `loses power in ${fault.command ?? 'any write'} when ${written} written, ${then}`;
    }
  }
}

/** When a fault that waits will strike: `at the 3rd time, twice`. */
export function describeTrigger({ nth, times }: WaitingFault): string {
  const first = nth === 1 ? 'next time' : `at the ${ordinal(nth)} time from now`;
  if (times === 'always') return `${first}, and always after`;
  return times === 1 ? first : `${first}, ${times} times`;
}

function ordinal(number: number): string {
  const tens = number % 100;
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}
