import { readdirSync, readFileSync } from 'node:fs';

/** Other running processes whose arguments or environment name this folder, with both. */
export function processesThatKnow(folder: string): { id: number; surroundings: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => ({ id: Number(name), surroundings: surroundingsOf(name) }))
    .filter(({ surroundings }) => surroundings.includes(folder));
}

/** Processes in which a library runs that was told of this folder. */
export const libraryProcessesOf = (folder: string): number[] =>
  processesThatKnow(folder)
    .filter(({ surroundings }) => surroundings.includes('library-host'))
    .map(({ id }) => id);

function surroundingsOf(processId: string): string {
  try {
    const read = (name: string): string => readFileSync(`/proc/${processId}/${name}`, 'utf8');
    return `${read('cmdline')} ${read('environ')}`;
  } catch {
    return ''; // It has ended since.
  }
}
