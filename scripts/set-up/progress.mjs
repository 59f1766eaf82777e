/**
 * Says on stderr what is being done, so that stdout stays with the program that runs afterwards. On a terminal the
 * running step's line counts its seconds; elsewhere a line is added every ten seconds, so a log never falls silent.
 */
export class Progress {
  #quiet;
  #titled = false;
  #tty = process.stderr.isTTY === true;
  /** Whether any step had something to do. */
  didSomething = false;

  /** @param quiet say nothing of steps that find nothing to do */
  constructor({ quiet = false } = {}) {
    this.#quiet = quiet;
  }

  /** A step that had nothing to do. */
  inPlace(title, detail) {
    if (!this.#quiet) this.#line('✓', title, detail);
  }

  /** A step that is left out, and why: always said. */
  leftOut(title, reason) {
    this.#line('–', title, reason);
  }

  /**
   * Does a step and counts its seconds.
   *
   * @param work gets `report(text)`, which shows how far it is; its result is passed on
   */
  async step(title, why, work) {
    this.didSomething = true;
    this.#line('•', title, why);
    const started = Date.now();
    const seconds = () => Math.round((Date.now() - started) / 1000);
    let detail = '';
    const tick = () => {
      const text = `    … ${title}: ${seconds()} s${detail ? `, ${detail}` : ''}`;
      if (this.#tty)
        process.stderr.write(`\r\u001B[K${text.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1))}`);
      else process.stderr.write(`${text}\n`);
    };
    const timer = setInterval(tick, this.#tty ? 1000 : 10_000);
    const clear = () => {
      clearInterval(timer);
      if (this.#tty) process.stderr.write('\r\u001B[K');
    };
    try {
      const result = await work((text) => {
        detail = text;
      });
      clear();
      this.#line('✓', title, `${seconds()} s`);
      return result;
    } catch (error) {
      clear();
      this.#line('✗', title, `failed after ${seconds()} s`);
      throw error;
    }
  }

  /** Another set-up holds what this one needs. */
  waits(title) {
    this.say(`    … ${title}: another set-up is at it, or was ended a moment ago; waiting for it`);
  }

  /** A plain line under the steps. */
  say(text) {
    process.stderr.write(`${text}\n`);
  }

  #line(mark, title, detail) {
    if (!this.#titled) process.stderr.write('Kilt: set-up\n');
    this.#titled = true;
    process.stderr.write(`  ${mark} ${title}${detail ? ` – ${detail}` : ''}\n`);
  }
}
