import type { ProfileName } from '#shared/views.ts';
import { commandLineProblem } from './command-line-problem.ts';

/** Which of a token's profiles is meant; one of the two is enough where it tells them apart. */
export interface ProfileOptions {
  readonly bank?: string;
  readonly userId?: string;
}

/**
 * The profile that a command works with: the one named, or the only one.
 *
 * @returns `undefined` where the token has none at all
 * @throws KiltError `input-invalid` {problem: `several-profiles` | `no-such-profile`, known}
 */
export function chooseProfile<Profile extends ProfileName>(
  profiles: readonly Profile[],
  { bank, userId }: ProfileOptions,
): Profile | undefined {
  const [found, another] = profiles.filter(
    (profile) => (bank ?? profile.bankId) === profile.bankId && (userId ?? profile.userId) === profile.userId,
  );
  const known = profiles.map((profile) => `--bank ${profile.bankId} --user-id ${profile.userId}`).join('; ');
  if (another) throw commandLineProblem('several-profiles', { known });
  if (!found && profiles.length > 0) throw commandLineProblem('no-such-profile', { known });
  return found;
}
