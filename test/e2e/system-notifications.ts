import type { RunningKilt } from '#test/support/electron-app.ts';

interface Shown {
  readonly title: string;
  emit(event: 'click'): boolean;
}
type World = typeof globalThis & { notifications?: Shown[] };

/** The notifications that Kilt shows. A machine without a desktop has no place for them: they are kept instead. */
export class SystemNotifications {
  readonly #kilt: RunningKilt;

  private constructor(kilt: RunningKilt) {
    this.#kilt = kilt;
  }

  static async of(kilt: RunningKilt): Promise<SystemNotifications> {
    await kilt.app.evaluate(({ Notification }) => {
      const shown: Shown[] = ((globalThis as World).notifications = []);
      Notification.isSupported = () => true;
      Notification.prototype.show = function show(this: Shown) {
        shown.push(this);
      };
    });
    return new SystemNotifications(kilt);
  }

  titles(): Promise<string[]> {
    return this.#kilt.app.evaluate(() =>
      ((globalThis as World).notifications ?? []).map(({ title }) => title),
    );
  }

  /** Presses the one that came last. */
  async press(): Promise<void> {
    await this.#kilt.app.evaluate(() => {
      (globalThis as World).notifications?.at(-1)?.emit('click');
    });
  }
}
