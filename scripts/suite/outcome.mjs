import { stripVTControlCharacters } from 'node:util';

/** What a part of the suite came to. Parts are added up. */
export class Outcome {
  passed = 0;
  /** `{ title, text }` of each failure, in the order they happened. */
  failures = [];
  /** `{ what, why }` of what did not run. */
  leftOut = [];

  pass(count = 1) {
    this.passed += count;
  }

  fail(title, text) {
    this.failures.push({ title, text });
  }

  leaveOut(what, why) {
    this.leftOut.push({ what, why });
  }

  /** Takes another part's figures in. */
  add(other) {
    this.passed += other.passed;
    this.failures.push(...other.failures);
    this.leftOut.push(...other.leftOut);
  }

  /** The end of the log; its last line is `N passed, N failed` and nothing else. */
  print() {
    const lines = [];
    for (const { title, text } of this.failures)
      lines.push('', `FAILED  ${title}`, ...clip(text).map((line) => `    ${line}`));
    if (this.leftOut.length > 0) lines.push('');
    for (const { what, why } of this.leftOut) lines.push(`LEFT OUT  ${what}: ${why}`);
    lines.push('', `${this.passed} passed, ${this.failures.length} failed`);
    process.stdout.write(`${lines.join('\n')}\n`);
  }
}

const LONGEST = 40;

function clip(text) {
  const lines = stripVTControlCharacters(text).trimEnd().split('\n');
  if (lines.length <= LONGEST) return lines;
  return [...lines.slice(0, LONGEST), `… ${lines.length - LONGEST} more lines above`];
}
