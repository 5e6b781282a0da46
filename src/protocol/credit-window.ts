/** Frames that may be on their way to one client. */
export const MAX_IN_FLIGHT = 3;

/**
 * Flow control of one client: a frame may leave while fewer than `MAX_IN_FLIGHT` are unacknowledged, so that a slow client sees fewer
 * frames but fresh ones, and costs no memory.
 */
export class CreditWindow {
  #lastSent = 0;
  #lastAcked = 0;

  get inFlight(): number {
    return this.#lastSent - this.#lastAcked;
  }
  /** The number the next frame carries, or null when it may not leave yet. */
  take(): number | null {
    return this.inFlight < MAX_IN_FLIGHT ? ++this.#lastSent : null;
  }
  /** Takes an acknowledgement; one for a frame that was never sent, or again, is ignored. */
  acknowledge(seq: number): void {
    if (seq > this.#lastAcked && seq <= this.#lastSent) this.#lastAcked = seq;
  }
}
