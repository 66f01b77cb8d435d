/* Hazards in a picture: tap to set a mark, tap a mark to take it away; a crosshair for the keyboard. */

const SCALE = 10000;
const STEP = 100;
const STRIDE = 500;
const NEAR = 300; // a mark this near is the one that Enter means

export function setup(root, { changed, words }) {
  const part = (name) => root.querySelector(`[data-hot-${name}]`);
  const [plane, view, cross, list, live, zoom] = ["plane", "view", "cross", "list", "live", "zoom"].map(part);
  const most = Number(root.dataset.count);
  const at = { x: SCALE / 2, y: SCALE / 2 };
  let marks = [];

  const percent = (number) => Math.round(number / (SCALE / 100));
  const fill = (word, values) => word.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const said = (word, [x, y], n) => fill(word, { n, left: percent(x), top: percent(y), count: most });
  const place = (element, [x, y]) => {
    element.style.left = `${x / 100}%`;
    element.style.top = `${y / 100}%`;
  };

  const paint = () => {
    for (const old of plane.querySelectorAll(".hot-mark")) old.remove();
    marks.forEach((mark, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "hot-mark";
      button.tabIndex = -1; // the list below has a button for each mark
      button.dataset.mark = index;
      button.setAttribute("aria-label", said(words.mark_take_away, mark, index + 1));
      const dot = document.createElement("span");
      dot.textContent = index + 1;
      button.append(dot);
      place(button, mark);
      plane.append(button);
    });
    list.replaceChildren(
      ...marks.map((mark, index) => {
        const row = part("row").content.firstElementChild.cloneNode(true);
        row.querySelector("[data-hot-place]").textContent = said(words.mark_place, mark, index + 1);
        const button = row.querySelector("[data-hot-remove]");
        button.dataset.mark = index;
        button.setAttribute("aria-label", said(words.mark_take_away, mark, index + 1));
        return row;
      }),
    );
    list.hidden = marks.length === 0;
    part("count").textContent = fill(words.marks_count, { n: marks.length, count: most });
  };

  const remove = (index) => {
    const [gone] = marks.splice(index, 1);
    live.textContent = said(words.mark_gone, gone, index + 1);
    paint();
    changed();
  };
  const set = (x, y) => {
    if (marks.length >= most) {
      live.textContent = part("count").textContent = fill(words.marks_full, { count: most });
      return;
    }
    marks.push([x, y]);
    live.textContent = said(words.mark_set, [x, y], marks.length);
    paint();
    changed();
  };

  plane.addEventListener("click", (event) => {
    const mark = event.target.closest(".hot-mark");
    if (mark) {
      remove(Number(mark.dataset.mark));
      return;
    }
    const box = plane.getBoundingClientRect();
    const within = (number) => Math.min(SCALE, Math.max(0, Math.round(number * SCALE)));
    set(within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height));
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-hot-remove]");
    if (!button) return;
    const index = Number(button.dataset.mark);
    remove(index);
    (list.querySelectorAll("[data-hot-remove]")[Math.min(index, marks.length - 1)] ?? plane).focus();
  });

  /* --- keyboard --- */
  const showCross = () => {
    cross.hidden = false;
    place(cross, [at.x, at.y]);
    const box = plane.getBoundingClientRect();
    const [left, top] = [(at.x / SCALE) * box.width, (at.y / SCALE) * box.height];
    view.scrollTo(left - view.clientWidth / 2, top - view.clientHeight / 2);
  };
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  plane.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = ways[event.key];
    if (way) {
      const by = event.shiftKey ? STRIDE : STEP;
      at.x = Math.min(SCALE, Math.max(0, at.x + way[0] * by));
      at.y = Math.min(SCALE, Math.max(0, at.y + way[1] * by));
      showCross();
      live.textContent = said(words.cross_at, [at.x, at.y]);
    } else if (event.key === "Enter" || event.key === " ") {
      const near = marks.findIndex(([x, y]) => Math.hypot(x - at.x, y - at.y) <= NEAR);
      if (near >= 0) remove(near);
      else set(at.x, at.y);
      showCross();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  plane.addEventListener("blur", () => {
    cross.hidden = true;
  });
  plane.addEventListener("focus", () => {
    if (plane.matches(":focus-visible")) showCross();
  });

  zoom.addEventListener("click", () => {
    const large = !view.classList.contains("is-zoomed");
    const middle = [view.scrollLeft + view.clientWidth / 2, view.scrollTop + view.clientHeight / 2];
    view.classList.toggle("is-zoomed", large);
    zoom.setAttribute("aria-pressed", String(large));
    const by = large ? 2 : 0.5;
    view.scrollTo(middle[0] * by - view.clientWidth / 2, middle[1] * by - view.clientHeight / 2);
  });

  paint();
  return {
    read: () => marks.map(([x, y]) => `${x},${y}`),
    show(response) {
      marks = response.map((mark) => mark.split(",").map(Number)).filter(([x, y]) => x >= 0 && y >= 0);
      paint();
    },
    spoken: () => [plane.getAttribute("aria-label")],
  };
}
