import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { expect, test, type ElectronApplication, type Page } from '@playwright/test';
import { startKilt, type RunningKilt } from '#test/support/electron-app.ts';

/**
 * The walls around the page, tried from inside with the real program. Each test does what a page would do that
 * somebody had got a foot into.
 */

let running: RunningKilt;
let kilt: ElectronApplication;
let page: Page;

test.beforeAll(async () => {
  running = await startKilt({ transport: 'virtual-reader' });
  kilt = running.app;
  page = running.page;
  await page.waitForFunction(() => document.readyState === 'complete');
});
test.afterAll(() => running.close());

/** Violations of the policy that the page's own browser reports while `attempt` runs in it. */
async function violationsDuring(attempt: () => Promise<void> | void): Promise<string[]> {
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seenViolations: seen });
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
  });
  await attempt();
  const violations = (): Promise<string[]> =>
    page.evaluate(() => (globalThis as unknown as { seenViolations: string[] }).seenViolations);
  await expect.poll(async () => (await violations()).length).toBeGreaterThan(0);
  return violations();
}

test.describe('the sandbox', () => {
  test('the page has nothing of Node or Electron', async () => {
    const kinds = await page.evaluate(() =>
      [
        'require',
        'process',
        'module',
        'exports',
        'Buffer',
        'global',
        '__dirname',
        'electron',
        'ipcRenderer',
      ].map((name) => `${name} ${typeof (globalThis as Record<string, unknown>)[name]}`),
    );
    expect(kinds.filter((kind) => !kind.endsWith('undefined'))).toEqual([]);
  });

  test('every page’s process is sandboxed by the system', async () => {
    const processes = await kilt.evaluate(({ app }) =>
      app.getAppMetrics().map(({ pid, type, sandboxed }) => ({ pid, type, sandboxed })),
    );
    const pages = processes.filter(({ type }) => type === 'Tab');
    expect(pages.length).toBeGreaterThan(0);
    for (const { pid, sandboxed } of pages) {
      // Electron tells it on Windows and macOS; on Linux the kernel does: mode 2 is a system call filter.
      if (process.platform === 'linux') {
        expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Seccomp:\s+2$/m);
      } else expect(sandboxed).toBe(true);
    }
  });

  test('the window keeps its walls in its preferences', async () => {
    const preferences = await kilt.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => {
        // Not in Electron's types, but there in every version.
        const contents = window.webContents as unknown as {
          getLastWebPreferences(): Record<string, unknown>;
        };
        const { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag } =
          contents.getLastWebPreferences();
        return { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag: webviewTag === true };
      }),
    );
    expect(preferences).toEqual([
      { contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false },
    ]);
  });
});

test.describe('the bridge', () => {
  test('is exactly window.kilt with call, drop and on, and can not be replaced', async () => {
    const bridge = await page.evaluate(() => {
      const { kilt: exposed } = globalThis as unknown as { kilt: Record<string, unknown> };
      const before = exposed['call'];
      try {
        exposed['call'] = () => 'mine';
        (globalThis as Record<string, unknown>)['kilt'] = {};
      } catch {
        // Strict code is told; sloppy code is ignored.
      }
      const after = (globalThis as unknown as { kilt: Record<string, unknown> }).kilt;
      return { names: Object.getOwnPropertyNames(after), kept: after['call'] === before };
    });
    expect(bridge).toEqual({ names: ['call', 'drop', 'on'], kept: true });
  });

  test('refuses unknown names and answers wrong input with the field', async () => {
    const answers = await page.evaluate(async () => {
      const { kilt: exposed } = globalThis as unknown as {
        kilt: { call(name: string, input?: unknown): Promise<unknown> };
      };
      const outcome = (name: string, input?: unknown): Promise<unknown> =>
        exposed.call(name, input).catch((error: unknown) => String(error));
      return [
        await outcome('app.quit'),
        await outcome('__proto__'),
        // Paths come from files that the user has dropped, never from the page.
        await outcome('signing.drop', { paths: ['/etc/passwd'] }),
        await outcome('clipboard.copy', { text: 5 }),
      ];
    });
    expect(answers).toEqual([
      expect.stringContaining('no such call'),
      expect.stringContaining('no such call'),
      expect.stringContaining('no such call'),
      { ok: false, error: { id: 'input-invalid', code: '0500003', data: { field: 'text' } } },
    ]);
  });

  test('an iframe of the page gets no bridge', async () => {
    const inFrame = await page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const kind = typeof (frame.contentWindow as unknown as Record<string, unknown> | null)?.['kilt'];
      frame.remove();
      return kind;
    });
    expect(inFrame).toBe('undefined');
  });
});

test.describe('the content security policy', () => {
  test('an injected inline script does not run', async () => {
    const violations = await violationsDuring(() =>
      page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'globalThis.injected = true';
        document.body.append(script);
      }),
    );
    expect(violations).toContain('script-src-elem');
    expect(await page.evaluate(() => 'injected' in globalThis)).toBe(false);
  });

  test('an injected event handler does not run', async () => {
    const violations = await violationsDuring(() =>
      page.evaluate(() => {
        const image = document.createElement('img');
        image.setAttribute('onerror', 'globalThis.injected = true');
        image.src = 'kilt://app/missing.png';
        document.body.append(image);
      }),
    );
    expect(violations).toContain('script-src-attr');
    expect(await page.evaluate(() => 'injected' in globalThis)).toBe(false);
  });

  test('a text is not run as a script', async () => {
    // Later, as what the developer tools evaluate at once is above the policy.
    const outcome = await page.evaluate(
      () =>
        new Promise((resolve) => {
          setTimeout(() => {
            try {
              // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- what is tried
              resolve(new Function('return "ran"')());
            } catch (error) {
              resolve((error as Error).name);
            }
          });
        }),
    );
    expect(outcome).toBe('EvalError');
  });

  test('an injected style is not applied, and an empty one that a script fills is', async () => {
    const applied = await page.evaluate(() => {
      const probe = document.createElement('p');
      probe.id = 'probe';
      document.body.append(probe);
      const inline = document.createElement('style');
      inline.textContent = '#probe { order: 7 }';
      const filled = document.createElement('style');
      document.head.append(inline, filled);
      filled.sheet?.insertRule('#probe { flex-grow: 7 }');
      const { order, flexGrow } = getComputedStyle(probe);
      [probe, inline, filled].forEach((element) => element.remove());
      return { order, flexGrow };
    });
    expect(applied).toEqual({ order: '0', flexGrow: '7' });
  });

  test('the page reaches no server, not even on this computer', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.end('here');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
    try {
      const outcomes = await page.evaluate(async (target) => {
        const failed = (what: Promise<unknown>): Promise<string> =>
          what.then(
            () => 'reached',
            () => 'blocked',
          );
        const image = new Image();
        const loaded = new Promise((resolve, reject) => {
          image.onload = resolve;
          image.onerror = reject;
        });
        image.src = target;
        const socket = new Promise((resolve, reject) => {
          const opened = new WebSocket(target.replace('http', 'ws'));
          opened.onopen = resolve;
          opened.onerror = reject;
        });
        return [await failed(fetch(target)), await failed(loaded), await failed(socket)];
      }, url);
      expect(outcomes).toEqual(['blocked', 'blocked', 'blocked']);
      expect(asked).toBe(0);
    } finally {
      server.close();
    }
  });
});

test.describe('the page stays where it is', () => {
  const here = 'kilt://app/index.html';
  const goTo = (target: string): Promise<void> =>
    page.evaluate((url) => {
      (globalThis as Record<string, unknown>)['stillHere'] = true;
      location.href = url;
    }, target);
  const isStillHere = (): Promise<unknown> =>
    page.evaluate(() => (globalThis as Record<string, unknown>)['stillHere']);

  for (const [what, target] of [
    ['the network', 'https://example.com/'],
    ['another host of its scheme', 'kilt://other/index.html'],
    ['another file of its own', 'kilt://app/assets/page.js'],
  ] as const) {
    test(`it does not go to ${what}`, async () => {
      const prevented = kilt.evaluate(
        ({ webContents }) =>
          new Promise<boolean>((resolve) => {
            const [contents] = webContents.getAllWebContents();
            // Registered after the program's own listener, so it sees what that one decided.
            contents?.once('will-navigate', (event) => resolve(event.defaultPrevented));
          }),
      );
      await goTo(target);
      expect(await prevented).toBe(true);
      expect(await isStillHere()).toBe(true);
      expect(page.url()).toBe(here);
    });
  }

  for (const target of ['file:///etc/passwd', 'data:text/html,hi']) {
    test(`it does not go to ${target}`, async () => {
      // Chromium itself refuses these to a page that is no file, before anybody is asked.
      const refused = page.waitForEvent('console', (message) => message.text().includes('Not allowed'));
      await goTo(target);
      await refused;
      expect(await isStillHere()).toBe(true);
      expect(page.url()).toBe(here);
    });
  }

  test('it opens no window', async () => {
    const opened = await page.evaluate(() =>
      ['https://example.com/', 'about:blank', 'kilt://app/index.html'].map((url) => window.open(url)),
    );
    expect(opened).toEqual([null, null, null]);
    expect(kilt.windows()).toHaveLength(1);
  });

  test('it gets no permission', async () => {
    const states = await page.evaluate(async () => {
      const names = ['notifications', 'geolocation', 'camera', 'microphone', 'clipboard-read', 'midi'];
      const states = await Promise.all(
        names.map(
          async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
        ),
      );
      const clipboard = await navigator.clipboard.readText().then(
        () => 'read',
        () => 'refused',
      );
      return [...states, await Notification.requestPermission(), clipboard];
    });
    expect(new Set(states)).toEqual(new Set(['denied', 'refused']));
  });

  test('it downloads nothing', async () => {
    const downloads = kilt.evaluate(
      ({ session }) =>
        new Promise<boolean>((resolve) => {
          session.defaultSession.once('will-download', (event) => resolve(event.defaultPrevented));
        }),
    );
    await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(['x']));
      link.download = 'x.exe';
      document.body.append(link);
      link.click();
      link.remove();
    });
    expect(await downloads).toBe(true);
  });
});

test('a second start ends by itself and brings the first window to the front', async () => {
  const focused = kilt.evaluate(
    ({ app, BrowserWindow }) =>
      new Promise<boolean>((resolve) => {
        const [window] = BrowserWindow.getAllWindows();
        window?.minimize();
        app.once('second-instance', () => setImmediate(() => resolve(window?.isVisible() ?? false)));
      }),
  );
  const start = await kilt.evaluate(({ app }) => ({ program: process.execPath, folder: app.getAppPath() }));
  const second = spawn(start.program, [start.folder, 'kilt://evil', '--unknown'], {
    env: { ...process.env, KILT_USER_DATA: running.userData },
    stdio: 'ignore',
  });
  const [code] = (await once(second, 'exit')) as [number | null];
  expect(code).toBe(0);
  expect(await focused).toBe(true);
  expect(kilt.windows()).toHaveLength(1);
});

test.describe('after a failure', () => {
  test('a defect of the main process is shown as «internal» with its code, and the program goes on', async () => {
    const shown = await kilt.evaluate(
      ({ dialog }) =>
        new Promise<string>((resolve) => {
          // The test answers in the user's place: «Закрыть».
          dialog.showMessageBox = (...parts: unknown[]) => {
            resolve(JSON.stringify(parts.at(-1)));
            return Promise.resolve({ response: 1, checkboxChecked: false });
          };
          setImmediate(() => {
            throw new TypeError('a defect with the password kanarya1');
          });
        }),
    );
    expect(shown).toContain('0500099');
    expect(shown).not.toContain('kanarya1');
    expect(running.output()).toContain('a defect with the password <redacted>');
    expect(running.output()).not.toContain('kanarya1');
    await expect(page.evaluate(() => document.title)).resolves.toBe('Kilt');
  });

  test('a page that crashed is loaded again', async () => {
    const loadedAgain = await kilt.evaluate(
      ({ webContents }) =>
        new Promise<string>((resolve) => {
          const [contents] = webContents.getAllWebContents();
          contents?.once('did-finish-load', () => resolve(contents.getURL()));
          contents?.forcefullyCrashRenderer();
        }),
    );
    expect(loadedAgain).toBe('kilt://app/index.html');
  });
});
