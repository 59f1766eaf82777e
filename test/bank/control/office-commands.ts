import type { Option } from 'commander';
import { z } from 'zod';

/** What every command to the office is given, and how it shows its answer. */
export interface OfficeCommandParts {
  readonly dataOption: () => Option;
  readonly jsonOption: () => Option;
  readonly show: (json: boolean, value: object, text: string) => void;
}

/** The options that all of them have, as the command line gives them. */
export const officeOptions = z.object({ data: z.string(), json: z.boolean().default(false) });
