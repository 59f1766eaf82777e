#!/usr/bin/env node
// `npm run lint`: ESLint, Prettier and the compiler; says all that is wrong, not only what comes first.
import { runChecks } from './suite/checks.mjs';

const outcome = await runChecks();
outcome.print();
process.exit(outcome.failures.length === 0 ? 0 : 1);
