/** Does something at the n-th of a number of events, once. */
export class Trap {
  private seen = 0;
  private armed: { at: number; before: boolean; action: () => Promise<void> | void } | undefined;
  /** Whether it was sprung since it was set. */
  sprung = false;

  /** Sets it: `action` is done at the n-th event from now, before it takes effect or after. */
  set(n: number, when: "before" | "after", action: () => Promise<void> | void): void {
    this.seen = 0;
    this.sprung = false;
    this.armed = { at: n, before: when === "before", action };
  }

  /** Puts it away. */
  clear(): void {
    this.armed = undefined;
  }

  /** An event is about to take effect; true if it must not any more. */
  async before(): Promise<boolean> {
    this.seen += 1;
    if (!this.armed?.before || this.seen !== this.armed.at) return false;
    await this.spring();
    return true;
  }

  /** An event has taken effect. */
  async after(): Promise<void> {
    if (this.armed?.before === false && this.seen >= this.armed.at) await this.spring();
  }

  private async spring(): Promise<void> {
    const action = this.armed?.action;
    this.clear();
    this.sprung = true;
    await action?.();
  }
}
