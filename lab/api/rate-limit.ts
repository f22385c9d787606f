/** A bucket of 3600 requests that refills by one a second, as the API allows per project. */
export class RateLimit {
  private readonly capacity = 3600;
  private tokens = this.capacity;
  private filledAt: number;

  constructor(private readonly clock: () => number = Date.now) {
    this.filledAt = this.clock();
  }

  /** Takes one request out of the bucket; false if it is empty. */
  take(): boolean {
    const now = this.clock();
    this.tokens = Math.min(this.capacity, this.tokens + (now - this.filledAt) / 1000);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** The headers that tell a client where it stands; the reset is in Unix seconds. */
  headers(): Record<string, string> {
    return {
      "RateLimit-Limit": String(this.capacity),
      "RateLimit-Remaining": String(Math.floor(this.tokens)),
      "RateLimit-Reset": String(Math.ceil(this.clock() / 1000 + this.capacity - this.tokens)),
    };
  }
}
