import { createServer as createHttpsServer } from 'node:https';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHttpClient, type HttpClient } from '#main/enrolment/http.ts';
import { openAuthority, type Authority } from '#test/bank/authority/authority.ts';
import { freePort } from '#test/support/free-port.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

const aKiltError = (id: string, data: object = {}) =>
  expect.objectContaining({ id, data: expect.objectContaining(data) as object });

describe('HTTP to a bank', () => {
  let folder: string;
  let authority: Authority;
  let server: Server;
  let url: string;
  let client: HttpClient;
  let handler: Handler;
  let asked: number;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-http-'));
    authority = await openAuthority(folder, new Date());
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    asked = 0;
    const { privateKeyPem, pem } = authority.tlsServer;
    server = createHttpsServer({ key: privateKeyPem, cert: pem }, (request, response) => {
      asked += 1;
      handler(request, response, asked);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
    client = createHttpClient([authority.tlsRoot.pem]);
  });
  afterEach(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });

  const post = (to = url, by = client) =>
    by.post({ url: to, contentType: 'application/pkixcmp', body: new Uint8Array([1, 2, 3]) });
  const answering =
    (status: number, body: Uint8Array | string, headers = {}): Handler =>
    (_, response) =>
      void response.writeHead(status, headers).end(body);

  it('gives on status, kind and body, whatever the status', async () => {
    handler = answering(503, new Uint8Array([9, 8]), { 'content-type': 'Application/PKIXCMP; charset=x' });
    expect(await post()).toEqual({
      status: 503,
      contentType: 'application/pkixcmp',
      body: new Uint8Array([9, 8]),
    });
  });

  it('follows no redirection: what was meant for the bank stays with the bank', async () => {
    handler = answering(302, '', { location: 'https://evil.example/' });
    expect(await post()).toMatchObject({ status: 302 });
    expect(asked).toBe(1);
  });

  it('trusts the bank’s own root and no other', async () => {
    handler = answering(200, '');
    const stranger = createHttpClient([authority.root.pem]);
    await expect(post(url, stranger)).rejects.toThrow(
      aKiltError('tls-untrusted', { host: new URL(url).host }),
    );
    await stranger.close();
    expect(asked).toBe(0);
  });

  it('refuses a certificate for another name', async () => {
    handler = answering(200, '');
    // Resolves to this computer, and is not in the certificate.
    const other = url.replace('127.0.0.1', '127.0.0.2');
    await once(server.close(), 'close');
    await once(server.listen(Number(new URL(url).port), '0.0.0.0'), 'listening');
    await expect(post(other)).rejects.toThrow(aKiltError('tls-untrusted'));
  });

  it('says that nobody answers at an address, after trying again', async () => {
    const nobody = `https://127.0.0.1:${await freePort()}/x`;
    await expect(post(nobody)).rejects.toThrow(
      aKiltError('network-unreachable', { host: new URL(nobody).host, reason: 'ECONNREFUSED' }),
    );
  });

  it('sends the same again after a torn connection, twice at most', async () => {
    handler = (request, response, nth) =>
      nth < 3 ? request.socket.destroy() : void response.writeHead(200).end('third');
    expect(new TextDecoder().decode((await post()).body)).toBe('third');
    asked = 0;
    handler = (request) => void request.socket.destroy();
    await expect(post()).rejects.toThrow(aKiltError('network-unreachable'));
    expect(asked).toBe(3);
  });

  it('does not read an answer that no CA or bank would give, and does not ask for it again', async () => {
    handler = answering(200, new Uint8Array(5 * 1024 * 1024));
    await expect(post()).rejects.toThrow(aKiltError('server-failed'));
    expect(asked).toBe(1);
  });

  it('takes a server without TLS for none that can be trusted', async () => {
    const plain = createServer((_, response) => response.end('hello'));
    await once(plain.listen(0, '127.0.0.1'), 'listening');
    const to = `https://127.0.0.1:${(plain.address() as AddressInfo).port}/x`;
    await expect(post(to)).rejects.toThrow(aKiltError('tls-untrusted'));
    plain.close();
  });
});
