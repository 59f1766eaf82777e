import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A program beside Kilt that has the token for itself for a while. */
export interface OtherProgram {
  /**
   * What the token answers this program when it asks for the PIN's state without giving one: `9000` where somebody is
   * logged in, `63CX` with the tries left where nobody is (facts §2, VERIFY without data).
   */
  readonly pinStates: { readonly user: string; readonly administrator: string };
  /** Lets go of the token and ends. */
  end(): Promise<void>;
}

/** Starts a process of its own that begins a PC/SC transaction on the only token and keeps it. */
export async function holdToken(): Promise<OtherProgram> {
  const program = path.join(import.meta.dirname, 'token-holder.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const early = ended.then(([code]) => Promise.reject(new Error(`the other program ended with ${code}`)));
  early.catch(() => undefined);
  const holds = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const [line] = await Promise.race([holds, early]);
  return {
    pinStates: JSON.parse(line) as OtherProgram['pinStates'],
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}
