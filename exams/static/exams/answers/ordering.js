/* Steps to be put in order: arrows, drag by the grip, or lift with the space bar. Untouched means unanswered.

   While a step moves, its neighbours are moved around it: the step itself stays in the document, so that it keeps
   the focus and the pointer. */

export function setup(root, { changed, words }) {
  const list = root.querySelector(".order-list");
  const live = root.querySelector("[data-order-live]");
  const keep = root.querySelector("[data-order-keep]");
  const clear = root.querySelector("[data-order-clear]");
  const state = root.querySelector("[data-order-state]");
  const rows = () => [...list.children];
  const shuffled = root.dataset.shuffled.split(" "); // as it was dealt: clearing goes back to it
  let set = list.classList.contains("is-set");
  let lifted = null; // { row, before, set }: what Escape goes back to
  const text = (row) => row.querySelector(".order-text").textContent;
  const fill = (word, row) =>
    word.replace("{n}", rows().indexOf(row) + 1).replace("{count}", rows().length).replace("{text}", text(row));

  const paint = () => {
    list.classList.toggle("is-set", set);
    rows().forEach((row, place) => {
      row.querySelector(".order-place").textContent = set ? place + 1 : "";
      row.querySelector("[data-grip-label]").textContent = fill(words.order_grip, row);
      row.querySelector("[data-grip]").setAttribute("aria-pressed", String(lifted?.row === row));
      row.classList.toggle("is-lifted", lifted?.row === row);
      row.querySelector("[data-up]").disabled = place === 0;
      row.querySelector("[data-down]").disabled = place === rows().length - 1;
    });
    keep.hidden = set;
    clear.hidden = !set;
    state.textContent = set ? words.order_set : words.order_open;
  };
  const arrange = (ids) => {
    const byId = new Map(rows().map((row) => [row.dataset.id, row]));
    for (const id of ids) if (byId.has(id)) list.append(byId.get(id));
  };
  const settle = () => {
    set = true;
    paint();
    changed();
  };
  /* Moves a row by one place; false at the ends. */
  const step = (row, by) => {
    const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return false;
    list.insertBefore(other, by < 0 ? row.nextElementSibling : row);
    return true;
  };
  const move = (row, by) => {
    if (!step(row, by)) return;
    live.textContent = fill(words.order_moved, row);
    settle();
  };

  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const row = button?.closest(".order-item");
    if (!button) return;
    if ("up" in button.dataset || "down" in button.dataset) {
      move(row, "up" in button.dataset ? -1 : 1);
      if (button.disabled) row.querySelector("up" in button.dataset ? "[data-down]" : "[data-up]").focus();
    } else if ("orderKeep" in button.dataset) {
      settle();
      clear.focus();
    } else if ("orderClear" in button.dataset) {
      arrange(shuffled);
      set = false;
      paint();
      changed();
      keep.focus();
    }
  });

  root.addEventListener("keydown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip) return;
    const row = grip.closest(".order-item");
    const key = event.key;
    if (key === " " || key === "Enter") {
      live.textContent = fill(lifted ? words.order_dropped : words.order_lifted, row);
      lifted = lifted ? null : { row, set, before: rows().map((one) => one.dataset.id) };
      paint();
    } else if (key === "Escape" && lifted) {
      const back = lifted;
      lifted = null;
      arrange(back.before);
      set = back.set;
      live.textContent = fill(words.order_back, row);
      paint();
      changed();
      grip.focus();
    } else if ((key === "ArrowUp" || key === "ArrowDown") && lifted?.row === row) {
      move(row, key === "ArrowUp" ? -1 : 1);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  root.addEventListener("focusout", (event) => {
    if (!lifted || !event.target.closest("[data-grip]")) return;
    lifted = null; // what was moved so far counts
    paint();
  });

  root.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0) return;
    const row = grip.closest(".order-item");
    let moved = false;
    const follow = (at) => {
      const middle = (one) => {
        const box = one.getBoundingClientRect();
        return box.top + box.height / 2;
      };
      while (row.previousElementSibling && at.clientY < middle(row.previousElementSibling)) moved = step(row, -1);
      while (row.nextElementSibling && at.clientY > middle(row.nextElementSibling)) moved = step(row, 1);
      row.classList.add("is-lifted");
      at.preventDefault();
    };
    const drop = () => {
      for (const [name, handler] of [["pointermove", follow], ["pointerup", drop], ["pointercancel", drop]]) {
        document.removeEventListener(name, handler);
      }
      row.classList.remove("is-lifted");
      if (!moved) return;
      live.textContent = fill(words.order_moved, row);
      settle();
    };
    document.addEventListener("pointermove", follow, { passive: false });
    document.addEventListener("pointerup", drop);
    document.addEventListener("pointercancel", drop);
  });

  paint();
  return {
    read: () => (set ? rows().map((row) => row.dataset.id) : []),
    show(response) {
      set = response.length > 0;
      arrange([...response, ...shuffled.filter((id) => !response.includes(id))]);
      paint();
    },
    spoken: () => rows().map(text),
  };
}
