import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { StoredObjectsView } from '#shared/control-panel-views.ts';
import { call, listen } from '../../bridge.ts';

const objectsKey = (tokenId: string) => ['stored-objects', tokenId] as const;

/** Certificates and keys of one token; read anew whenever the token changes. */
export function useStoredObjects(tokenId: string): UseQueryResult<StoredObjectsView> {
  const client = useQueryClient();
  useEffect(
    () =>
      listen('panel.changed', (changed) => {
        if (changed.tokenId === tokenId) void client.invalidateQueries({ queryKey: objectsKey(tokenId) });
      }),
    [client, tokenId],
  );
  return useQuery({
    queryKey: objectsKey(tokenId),
    queryFn: () => call('certificates.list', { tokenId }),
    // Another program may have changed the token while the tab was not looked at.
    staleTime: 0,
  });
}

/** Shows what an action has answered, at once. */
export function useKeepStoredObjects(): (objects: StoredObjectsView) => void {
  const client = useQueryClient();
  return (objects) => {
    // A list asked for earlier may arrive later and be older.
    void client.cancelQueries({ queryKey: objectsKey(objects.tokenId) });
    client.setQueryData(objectsKey(objects.tokenId), objects);
  };
}
