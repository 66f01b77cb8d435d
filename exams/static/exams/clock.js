/* Time as the server sees it. The device's clock is never asked what time it is, only how much time has passed: by the
   page's own timer while the page lives, by the device's clock across a reload without network. */

export class Clock {
  /* `kept`: what an earlier page of this attempt knew ({ server, device, deadline }), see `anchored`. A page that comes
     out of the cache is older than that; then the time goes on from there. */
  constructor(now, deadline, kept = null) {
    this.deadline = deadline;
    this.anchor(now);
    if (kept && kept.server > now) {
      this.deadline = kept.deadline;
      this.anchor(kept.server + Math.max(0, Date.now() - kept.device));
    }
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

  /* Milliseconds since 1970 on the server's clock. */
  now() {
    return this.server + performance.now() - this.here;
  }

  /* What a later page needs in order to go on. */
  anchored() {
    return { server: this.now(), device: Date.now(), deadline: this.deadline };
  }

  /* Milliseconds until the deadline, never negative. */
  left() {
    return Math.max(0, this.deadline - this.now());
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
