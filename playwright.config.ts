import path from 'node:path';
import { defineConfig } from '@playwright/test';

/** Set by scripts/test.mjs: where the tests run from may be a copy of the clone. */
const results = process.env['KILT_TEST_RESULTS'] ?? path.join(import.meta.dirname, 'test-results');

export default defineConfig({
  testDir: 'test/e2e',
  // One window, one token at a time: the tests drive a whole program with its own reader.
  workers: 1,
  fullyParallel: false,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  retries: 0,
  outputDir: path.join(results, 'e2e'),
  reporter: [['list'], ['json', { outputFile: path.join(results, 'e2e.json') }]],
});
