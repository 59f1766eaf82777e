import { createRequire } from 'node:module';
import { WebSocket } from 'ws';
import { site } from '#test/support/pages.ts';

/** npm's `ncalayer-js-client`, which banks' pages use, as far as these tests call it. */
export interface NcalayerClient {
  connect(): Promise<string>;
  getActiveTokens(): Promise<string[]>;
  getKeyInfo(storage: unknown): Promise<Record<string, string>>;
  createCAdESFromBase64(storage: string, data: unknown, keyType?: unknown, attach?: boolean): Promise<string>;
  createCAdESFromBase64Hash(storage: string, hash: string, keyType?: string): Promise<string>;
  createCMSSignatureFromBase64(
    storage: string,
    data: string,
    keyType?: string,
    attach?: boolean,
  ): Promise<string>;
  signXml(storage: string, xml: string, keyType?: string, signed?: string, parent?: string): Promise<string>;
  signXmls(storage: string, xmls: readonly string[], keyType?: string): Promise<string[]>;
  changeLocale(locale: unknown): Promise<void>;
  basicsSignCMS(
    storages: unknown,
    data: unknown,
    params: unknown,
    signer: unknown,
  ): Promise<string & string[]>;
  basicsSignXML(
    storages: unknown,
    data: unknown,
    params: unknown,
    signer: unknown,
  ): Promise<string & string[]>;
  wsConnection: WebSocket;
  onResponseReady: ((text: string) => void) | null;
  readonly isKmd: boolean;
}
export interface NcalayerClientClass {
  new (url: string): NcalayerClient;
  readonly [preset: string]: unknown;
}

/**
 * The package, unchanged, as a page of `origin` would load it: what a browser adds, its `WebSocket` adds here, which is
 * the header `Origin` and the authorities that it trusts.
 */
export function clientOfPage(origin: string, authority: string): NcalayerClientClass {
  class PageWebSocket extends WebSocket {
    constructor(url: string) {
      super(url, { origin: site(origin), ca: authority });
    }
  }
  const load = createRequire(import.meta.url);
  const file = load.resolve('ncalayer-js-client');
  // It takes the browser's class when it is loaded.
  Reflect.deleteProperty(load.cache, file);
  const scope = globalThis as { WebSocket?: unknown };
  const before = scope.WebSocket;
  scope.WebSocket = PageWebSocket;
  try {
    return (load(file) as { NCALayerClient: NcalayerClientClass }).NCALayerClient;
  } finally {
    scope.WebSocket = before;
  }
}
