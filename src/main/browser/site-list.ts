import type { SiteApprovalView } from '#shared/consent-views.ts';
import type { SiteApproval, SiteApprovals } from '#main/store/site-approvals.ts';
import { readOrigin, type Origin } from './origin.ts';
import { siteView } from './page-desk.ts';

/** The sites that may call, as the settings and the command line show them. */
export const siteApprovals = (
  approvals: Pick<SiteApprovals, 'list'>,
  bankNameOf: (origin: Origin) => string | undefined,
): SiteApprovalView[] => approvals.list().flatMap((approval) => viewOf(approval, bankNameOf));

function viewOf(
  { origin, way, approvedAt, expiresAt, lastUsedAt }: SiteApproval,
  bankNameOf: (origin: Origin) => string | undefined,
): readonly SiteApprovalView[] {
  // One that was allowed in a build for developers, too: it is there to be taken back.
  const read = readOrigin(origin, { allowLoopback: true });
  if (!read) return [];
  return [
    {
      site: siteView(read, bankNameOf),
      way: way === 'extension' ? 'extension' : 'loopback',
      approvedAt,
      expiresAt,
      lastUsedAt,
    },
  ];
}
