/** Frames that may be on their way to one client. */
export const MAX_IN_FLIGHT = 3;

/**
 * Flow control of one client: a frame may leave while fewer than `MAX_IN_FLIGHT` are unacknowledged; what cannot leave is dropped and
 * counted, so that a slow client sees fewer frames but fresh ones, and costs no memory.
 */
export class CreditWindow {
  #lastSent = 0;
  #lastAcked = 0;
  #dropped = 0;

  get dropped(): number {
    return this.#dropped;
  }
  get inFlight(): number {
    return this.#lastSent - this.#lastAcked;
  }
  /** The number the next frame carries, or null when it must be dropped (which is then counted). */
  take(): number | null {
    if (this.inFlight >= MAX_IN_FLIGHT) {
      this.#dropped++;
      return null;
    }
    return ++this.#lastSent;
  }
  /** Takes an acknowledgement; one for a frame that was never sent, or again, is ignored. */
  acknowledge(seq: number): void {
    if (seq > this.#lastAcked && seq <= this.#lastSent) this.#lastAcked = seq;
  }
}
