/** What the site uses of the library; it brings no types. */
declare module 'ncalayer-js-client' {
  export class NCALayerClient {
    constructor(url: string, allowKmdHttpApi: boolean);
    wsConnection: WebSocket | null;
    connect(): Promise<string>;
    createCAdESFromBase64(storage: string, data: string, keyType: string, attach: boolean): Promise<string>;
  }
}
