import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { PanelView } from '#shared/control-panel-views.ts';
import { call, listen } from '../bridge.ts';

/** Of the panels of all tokens. */
export const panelsKey = ['panel'] as const;
const panelKey = (tokenId: string) => [...panelsKey, tokenId] as const;

/** What the panel shows of one token: information, rights, and what stands in the way of each action. */
export const usePanel = (tokenId: string): UseQueryResult<PanelView> =>
  useQuery({ queryKey: panelKey(tokenId), queryFn: () => call('panel.token', { tokenId }) });

/** The same as far as the panel has asked; the token is not asked for it. */
export const useKnownPanel = (tokenId: string): PanelView | undefined =>
  useQuery({ queryKey: panelKey(tokenId), queryFn: () => call('panel.token', { tokenId }), enabled: false })
    .data;

/** Shows what an action has answered, at once. */
export function useKeepPanel(): (panel: PanelView) => void {
  const client = useQueryClient();
  return (panel) => {
    // A view asked for earlier may arrive later and be older.
    void client.cancelQueries({ queryKey: panelKey(panel.tokenId) });
    client.setQueryData(panelKey(panel.tokenId), panel);
  };
}

/** Asks the token again; what is shown stays meanwhile. */
export function useReadPanelAgain(): (tokenId: string) => void {
  const client = useQueryClient();
  return (tokenId) => {
    void client.invalidateQueries({ queryKey: panelKey(tokenId) });
  };
}

/** Follows rights that begin or end and tokens that change, and looks anew whenever the section is opened. */
export function usePanelEvents(shown: boolean): void {
  const client = useQueryClient();
  useEffect(
    () =>
      listen('panel.changed', ({ tokenId }) => {
        void client.invalidateQueries({ queryKey: panelKey(tokenId) });
      }),
    [client],
  );
  useEffect(() => {
    if (shown) void client.invalidateQueries({ queryKey: panelsKey });
  }, [client, shown]);
}
