/** Kilt's own port first, then the one that NCALayer has. */
export const loopbackPorts = [24_691, 13_579] as const;

/** What the browser says about calls to this computer: its word for it has changed with its versions. */
export async function permissionState(): Promise<PermissionState | undefined> {
  for (const name of ['loopback-network', 'local-network-access']) {
    try {
      return (await navigator.permissions.query({ name: name as PermissionName })).state;
    } catch {
      // A browser that does not know this one.
    }
  }
  return undefined;
}

export type LoopbackState = 'ok' | 'permission-denied' | 'silent';

/** Whether Kilt answers at a port. The question is also what makes Chrome ask for its permission. */
export async function loopbackState(port: number = loopbackPorts[0]): Promise<LoopbackState> {
  try {
    const response = await fetch(`https://127.0.0.1:${String(port)}/health`, {
      signal: AbortSignal.timeout(5_000),
      targetAddressSpace: 'loopback',
    } as RequestInit);
    return response.ok ? 'ok' : 'silent';
  } catch {
    return (await permissionState()) === 'denied' ? 'permission-denied' : 'silent';
  }
}
