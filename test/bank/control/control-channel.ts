import { randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { BankError } from '../bank-error.ts';
import { textAnswer, jsonAnswer } from '../http/answer.ts';
import { listener } from '../http/listener.ts';
import type { Office, OfficeCommand } from '../office.ts';
import { readJsonFile, writeFileAtomically } from '../records/atomic-file.ts';

/**
 * How the command line reaches a running bank: HTTP on a loopback port, opened with a random key that only those who
 * may read the data folder can know (`control.json`, mode 0600).
 */
const controlFile = z.object({ port: z.number().int(), key: z.string() });
const controlPath = (dataDir: string) => join(dataDir, 'control.json');

const reply = z.union([
  z.object({ result: z.record(z.string(), z.unknown()) }),
  z.object({ error: z.string() }),
]);

export interface ControlChannel {
  close(): void;
}

export async function openControlChannel(
  dataDir: string,
  office: Office,
  report: (error: unknown) => void,
): Promise<ControlChannel> {
  const key = randomBytes(24).toString('base64url');
  const server: Server = createServer();
  server.on('request', (incoming, response) => {
    const given = Buffer.from(incoming.headers.authorization ?? '');
    const wanted = Buffer.from(`Bearer ${key}`);
    const allowed = given.length === wanted.length && timingSafeEqual(given, wanted);
    listener(
      () =>
        allowed
          ? {
              handle: async ({ body }) => {
                try {
                  const command: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
                  return jsonAnswer(200, { result: await office.run(command) });
                } catch (error) {
                  if (error instanceof BankError) return jsonAnswer(200, { error: error.message });
                  if (error instanceof z.ZodError) return jsonAnswer(200, { error: z.prettifyError(error) });
                  throw error;
                }
              },
            }
          : { handle: () => textAnswer(403, 'Forbidden\n') },
      report,
    )(incoming, response);
  });
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', done);
  });
  // A TCP server that listens has an address with a port.
  const { port } = server.address() as AddressInfo;
  writeFileAtomically(controlPath(dataDir), JSON.stringify({ port, key }), 0o600);
  return {
    close() {
      rmSync(controlPath(dataDir), { force: true });
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * Asks the bank that runs on a data folder. `undefined`: none runs.
 *
 * @throws BankError with the bank's words
 */
export async function askRunningBank(
  dataDir: string,
  command: OfficeCommand,
): Promise<Record<string, unknown> | undefined> {
  const control = readJsonFile(controlPath(dataDir), controlFile);
  if (!control) return undefined;
  let response: Response;
  try {
    response = await fetch(`http://127.0.0.1:${String(control.port)}/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${control.key}` },
      body: JSON.stringify(command),
    });
  } catch {
    // The file is left from a bank that was killed.
    return undefined;
  }
  // Somebody else's server on a port that a killed bank once had.
  if (response.status === 403 || response.status === 404) return undefined;
  const parsed = reply.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw new BankError(`the bank failed (HTTP ${String(response.status)})`);
  if ('error' in parsed.data) throw new BankError(parsed.data.error);
  return parsed.data.result;
}
