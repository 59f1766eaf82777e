import { defineConfig } from 'vitest/config';

/** What needs a PC/SC service with a virtual reader; left out, with the reason said, where there can be none. */
const needPcsc = [
  'test/integration/**/*.pcsc.test.ts',
  'test/integration/native/**',
  'test/integration/token/**',
  'test/integration/virtual-token/**',
];
/** Of `expect.poll`: nothing is polled whose time is what matters, and the machine may be busy. */
const poll = { timeout: 10_000 };
const withoutPcsc = process.env['KILT_PCSC'] === 'none';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/unit/**/*.test.tsx'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll },
        },
      },
      {
        // Real pcscd, real OpenSSL and OpenSC: one file at a time, inside a private PC/SC world (scripts/in-pcsc-world.mjs).
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: withoutPcsc ? needPcsc : [],
          testTimeout: 120_000,
          expect: { poll },
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
