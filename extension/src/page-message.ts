import { methods, protocolVersion, type FromPage, type PageHello } from '#kilt-client/protocol.ts';

/** Whether something posted to the window is a page's hello to this extension. */
export const isHello = (data: unknown): data is PageHello =>
  isObject(data) &&
  hasOnly(data, ['kiltClient', 'version']) &&
  data['kiltClient'] === 'hello' &&
  typeof data['version'] === 'number' &&
  data['version'] >= protocolVersion;

/**
 * What a page sent over its port, if it has the very form of a message; a member too many, such as an `origin` of the page's
 * own, is one too many.
 */
export function readFromPage(data: unknown): FromPage | undefined {
  if (!isObject(data)) return undefined;
  const { kind, id, method, params } = data;
  if (typeof id !== 'string' || !/^[\w-]{1,32}$/.test(id)) return undefined;
  if (kind === 'cancel' && hasOnly(data, ['kind', 'id'])) return { kind, id };
  const known = methods.find((one) => one === method);
  if (kind === 'request' && known && hasOnly(data, ['kind', 'id', 'method', 'params'])) {
    return { kind, id, method: known, params };
  }
  return undefined;
}

const isObject = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null;

const hasOnly = (data: Record<string, unknown>, names: readonly string[]): boolean =>
  Object.keys(data).every((name) => names.includes(name));
