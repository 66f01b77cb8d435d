/* Time as the server sees it. The device's clock is never asked what time it is, only how much time has passed. */

export class Clock {
  constructor(now, deadline) {
    this.deadline = deadline;
    this.anchor(now);
  }

  anchor(now) {
    this.server = now;
    this.here = performance.now();
  }

  /* A response says what time it was; half of its way lies behind it. */
  learn(now, deadline, took) {
    this.deadline = deadline;
    this.anchor(now + took / 2);
  }

  /* Milliseconds until the deadline, never negative. */
  left() {
    return Math.max(0, this.deadline - this.server - (performance.now() - this.here));
  }

  /* `47:12`, from one hour on `1:47:12`. */
  text() {
    const seconds = Math.ceil(this.left() / 1000);
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`;
  }
}
