/** An answer on its way to the socket. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpRequest {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  /** Media type without parameters, lower case. */
  readonly contentType: string;
  readonly acceptLanguage: string | undefined;
  readonly cookie: string | undefined;
  /** Of the page that asks; browsers send it with everything but plain navigation. */
  readonly origin: string | undefined;
  readonly body: Uint8Array;
}

export const jsonAnswer = (status: number, value: object, headers?: Record<string, string>): HttpAnswer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(value),
  ...(headers ? { headers } : {}),
});

export const htmlAnswer = (status: number, html: string): HttpAnswer => ({
  status,
  contentType: 'text/html; charset=utf-8',
  body: html,
  headers: {
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
  },
});

export const textAnswer = (status: number, text: string): HttpAnswer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body: text,
});
