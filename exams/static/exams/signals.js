/* What happens around the answers: leaving the page, full screen, clipboard, printing, a second screen, the network.

     import { Signals } from "./signals.js";
     const signals = new Signals({
       rules: JSON.parse(element.dataset.rules),  // { leaveTolerance, blockCopy, fullScreen }
       now: () => milliseconds,                   // on the server's clock, as `Clock` counts
       store: attemptKey,                         // names the queue, which outlives a reload of the tab
       onLeave: (count) => {},                    // after each leave that ended: how many this browser has seen
       question: () => position,                  // optional: the question on the screen, for copy and paste
       onFullScreen: (inside) => {},              // optional: the page may offer a button that calls enterFullScreen()
     });
     const batch = signals.take(50);      // the oldest; goes into the pulse as `signals`
     signals.acknowledge(batch.length);   // after 200 (or 400: the server will never take them)
     signals.stop();                      // handed in

   They are claims for people to look at. Nothing here looks for developer tools or measures how somebody types; of
   the clipboard only the length is noted, never the text. Keys, screen readers and context menus opened by key are
   left alone whatever the exam says; blocking copy and paste stops the mouse's and the shortcut's way, and a text can
   always be typed. Pasting into answers is noted, and prevented only where the exam says so. */

const MOST = 200; // signals kept while the network is away; the oldest leaves are worth most, so later ones go
const SETTLE = 300; // ms: a blur that comes with a hidden page is one leave
const ONE_LEAVE = 1000; // ms: hidden, shown and blurred again within this is still the same leave

const desktop = () => window.matchMedia?.("(hover: hover) and (pointer: fine)").matches ?? true;

export class Signals {
  constructor({ rules, now, store, onLeave = () => {}, question = () => null, onFullScreen = () => {} }) {
    Object.assign(this, { rules, now, onLeave, question, onFullScreen });
    this.store = `signals-${store}`;
    this.abort = new AbortController();
    const kept = this.read();
    this.queue = kept.queue;
    this.leaves = kept.leaves;
    this.away = kept.away; // { at, how }: a leave that has not ended
    this.wasFull = Boolean(document.fullscreenElement);
    this.connection = navigator.connection?.type;
    const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
    if (this.away?.how === "reload" && reloaded) this.away = null; // pressing reload is no leave
    if (this.away) this.returned();
    this.listen();
    this.lookAtScreens();
  }

  /* --- the queue --- */

  take(most = 50) {
    return this.queue.slice(0, most);
  }

  acknowledge(number) {
    this.queue.splice(0, number);
    this.write();
  }

  note(kind, { at = this.now(), seconds = null, detail = {} } = {}) {
    if (this.queue.length >= MOST) return;
    const last = this.queue.at(-1);
    const unlike = last?.kind === kind && Date.parse(last.at) >= Math.round(at) ? Date.parse(last.at) + 1 : Math.round(at);
    this.queue.push({ kind, at: new Date(unlike).toISOString(), seconds, detail });
    this.write();
  }

  read() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.store) ?? "{}");
      return { queue: kept.queue ?? [], leaves: kept.leaves ?? 0, away: kept.away ?? null };
    } catch {
      return { queue: [], leaves: 0, away: null };
    }
  }

  write() {
    try {
      const { queue, leaves, away } = this;
      sessionStorage.setItem(this.store, JSON.stringify({ queue, leaves, away }));
    } catch {
      /* private browsing without storage: the queue lives as long as the page */
    }
  }

  stop() {
    this.abort.abort();
    clearTimeout(this.settling);
    try {
      sessionStorage.removeItem(this.store);
    } catch {
      /* nothing was kept */
    }
  }

  /* --- leaving the page: hidden or out of focus, one leave with its length --- */

  left(how) {
    if (this.away) {
      if (how === "hidden" && this.away.how === "blur") this.away.how = how;
      return;
    }
    this.away = { at: this.now(), how };
    this.write();
  }

  returned() {
    if (!this.away || document.hidden) return;
    const { at, how } = this.away;
    this.away = null;
    const last = this.lastLeave;
    if (last && at - last.end < ONE_LEAVE && this.queue.includes(last.signal)) {
      last.signal.seconds = Math.max(0, this.now() - last.at) / 1000; // it went on
      last.end = this.now();
      this.write();
      return;
    }
    this.leaves += 1;
    this.note("left_page", { at, seconds: Math.max(0, this.now() - at) / 1000, detail: { how } });
    this.lastLeave = { signal: this.queue.at(-1), at, end: this.now() };
    this.onLeave(this.leaves);
  }

  /* --- copying, pasting, menus, printing --- */

  clipboard(kind, event) {
    const blocked = this.rules.blockCopy;
    if (blocked) event.preventDefault();
    const field = /^(TEXTAREA|INPUT)$/.test(event.target?.tagName ?? "") ? event.target : null;
    const text =
      kind === "paste"
        ? (event.clipboardData?.getData("text") ?? "")
        : field?.selectionStart != null
          ? field.value.slice(field.selectionStart, field.selectionEnd)
          : String(getSelection());
    const detail = { blocked, characters: Math.min(text.length, 1000000) };
    const question = this.question();
    if (question) detail.question = question;
    this.note(kind, { detail });
  }

  menu(event) {
    // Opened without a pointer: that is how keyboards and assistive technology get there.
    const byKey = !event.pointerType && (event.pointerType === "" || event.mozInputSource === 6 || event.button !== 2);
    const blocked = Boolean(this.rules.blockCopy) && !byKey;
    if (blocked) event.preventDefault();
    this.note("context_menu", { detail: { blocked } });
  }

  /* --- full screen, where the exam asks for it and the device has it --- */

  get wantsFullScreen() {
    return Boolean(this.rules.fullScreen) && desktop() && Boolean(document.documentElement.requestFullscreen);
  }

  /* To be called from a button: browsers let nothing else do it. */
  async enterFullScreen() {
    if (!this.wantsFullScreen) return false;
    try {
      await document.documentElement.requestFullscreen({ navigationUI: "hide" });
    } catch {
      return false;
    }
    return true;
  }

  fullScreenChanged() {
    const inside = Boolean(document.fullscreenElement);
    if (this.wasFull && !inside && this.wantsFullScreen) this.note("full_screen_left");
    this.wasFull = inside;
    this.onFullScreen(inside);
  }

  /* --- a second screen (only where the browser says so), the kind of network --- */

  lookAtScreens() {
    const look = () => {
      if (window.screen.isExtended && !this.extended) this.note("second_screen");
      this.extended = Boolean(window.screen.isExtended);
    };
    look();
    window.screen.addEventListener?.("change", look, { signal: this.abort.signal });
  }

  networkChanged() {
    const [before, after] = [this.connection, navigator.connection?.type];
    this.connection = after;
    const known = ["wifi", "cellular", "ethernet", "bluetooth", "none", "other"];
    const name = (type) => (known.includes(type) ? type : "unknown");
    if (name(before) !== name(after)) this.note("network_changed", { detail: { before: name(before), after: name(after) } });
  }

  listen() {
    const signal = this.abort.signal;
    const on = (target, name, work) => target?.addEventListener?.(name, work, { signal });
    on(window, "pagehide", () => this.left("reload"));
    on(window, "pageshow", () => this.returned());
    on(document, "visibilitychange", () => (document.hidden ? this.left("hidden") : this.returned()));
    on(window, "blur", () => {
      clearTimeout(this.settling);
      const at = this.now();
      this.settling = setTimeout(() => {
        if (this.away || document.hasFocus()) return;
        this.left("blur");
        this.away.at = at;
        this.write();
      }, SETTLE);
    });
    on(window, "focus", () => {
      clearTimeout(this.settling);
      this.returned();
    });
    on(document, "copy", (event) => this.clipboard("copy", event));
    on(document, "cut", (event) => this.clipboard("copy", event));
    on(document, "paste", (event) => this.clipboard("paste", event));
    on(document, "contextmenu", (event) => this.menu(event));
    on(window, "beforeprint", () => this.note("print", { detail: { blocked: true } }));
    on(document, "fullscreenchange", () => this.fullScreenChanged());
    on(navigator.connection, "change", () => this.networkChanged());
  }
}
