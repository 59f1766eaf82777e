import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { FormatPlan } from '#shared/control-panel-views.ts';
import type { TokenView } from '#shared/views.ts';
import { call } from '../../bridge.ts';

/** The token that is to be formatted; each time the dialog is opened is a round of its own. */
export interface FormatTarget {
  readonly tokenId: string;
  readonly round: number;
}

/** What a format of the token would destroy and what stands against it; asked anew whenever a token comes or goes. */
export const useFormatPlan = (
  { tokenId, round }: FormatTarget,
  present: readonly TokenView[],
  enabled: boolean,
): UseQueryResult<FormatPlan> =>
  useQuery({
    queryKey: ['format-plan', round, tokenId, present.map(({ id }) => id).join()],
    queryFn: () => call('panel.planFormat', { tokenId }),
    enabled: enabled && present.some(({ id }) => id === tokenId),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
