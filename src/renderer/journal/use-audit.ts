import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { AuditEntry, AuditView } from '#shared/control-panel-views.ts';
import { call, listen } from '../bridge.ts';

const auditKey = ['audit'] as const;
/** Lines asked for at once. */
const pageSize = 200;

/** The audit, newest first, as much of it as has been asked for; read anew when something is done to a token. */
export function useAudit() {
  const client = useQueryClient();
  useEffect(() => {
    const readAgain = () => void client.invalidateQueries({ queryKey: auditKey });
    const ends = [listen('panel.changed', readAgain), listen('format.changed', readAgain)];
    return () => {
      for (const end of ends) end();
    };
  }, [client]);

  const query = useInfiniteQuery({
    queryKey: auditKey,
    queryFn: ({ pageParam }) => call('audit.list', { offset: pageParam, count: pageSize }),
    initialPageParam: 0,
    getNextPageParam: (last: AuditView, pages) => {
      const read = pages.length * pageSize;
      return read < last.total ? read : undefined;
    },
    // What was done on the command line meanwhile is told by nobody.
    staleTime: 0,
  });
  const pages = query.data?.pages;
  return { ...query, entries: pages && eachOnce(pages), newest: pages?.[0] };
}

/** Lines that were added between two pages have pushed others from the first onto the second. */
function eachOnce(pages: readonly AuditView[]): AuditEntry[] {
  const byLine = new Map(pages.flatMap(({ entries }) => entries).map((entry) => [entry.line, entry]));
  return [...byLine.values()].sort((a, b) => b.line - a.line);
}
