/* The drawing on the picture: shapes with tolerance and number, grips of the chosen one, the sketch of a new one. */

import { boundsOf, cornersOf, isBox, limited } from "./hotspot-shapes.js";

const SVG = "http://www.w3.org/2000/svg";
const SCALE = 10000;
const HANDLE = 6; // px on the screen
const GRIP = 16;
const NEAR = 14;
const SIGN = 11;
const BOX_GRIPS = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];

const element = (name, attributes = {}) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

const geometry = (shape, beside = 0) => {
  if (!isBox(shape)) return { points: cornersOf(shape).map((pair) => pair.join(",")).join(" ") };
  const [left, top, right, bottom] = shape.coords;
  if (shape.kind === "ellipse") {
    return { cx: (left + right) / 2, cy: (top + bottom) / 2, rx: (right - left) / 2 + beside, ry: (bottom - top) / 2 + beside };
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
};

/* Where a mark beside a shape still counts. A rounded rectangle is a path: dashes of <rect rx> go wrong when scaled. */
const ringOf = (shape, reach) => {
  if (!isBox(shape)) return element("polygon", { class: "ring-wide", "stroke-width": 2 * reach, ...geometry(shape) });
  if (shape.kind === "ellipse") return element("ellipse", { class: "ring", ...geometry(shape, reach) });
  const [left, top, right, bottom] = shape.coords;
  const turn = (x, y) => `A${reach} ${reach} 0 0 1 ${x} ${y}`;
  const d = `M${left} ${top - reach}H${right}${turn(right + reach, top)}V${bottom}${turn(right, bottom + reach)}`
    + `H${left}${turn(left - reach, bottom)}V${top}${turn(left, top - reach)}Z`;
  return element("path", { class: "ring", d });
};

export class Overlay {
  constructor(svg, words) {
    this.svg = svg;
    this.words = words;
    this.groups = new Map(); // row → its group
  }

  /* What the server drew for pages without script goes. */
  clear() {
    this.svg.replaceChildren();
    this.sketched = element("g");
    this.svg.append(this.sketched);
  }

  picture(image, { address, width, height }) {
    [image.width, image.height] = [width, height];
    image.src = address;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  drawing(on) { this.svg.classList.toggle("is-drawing", on); }

  get size() {
    const box = this.svg.viewBox.baseVal;
    return [box?.width || 1, box?.height || 1];
  }

  /* Pixels of the picture per pixel of the screen. */
  get zoom() { return this.size[0] / (this.svg.getBoundingClientRect().width || 1); }

  /* Where the pointer is, in ten-thousandths. */
  place(event) {
    const box = this.svg.getBoundingClientRect();
    return limited([((event.clientX - box.left) / box.width) * SCALE, ((event.clientY - box.top) / box.height) * SCALE]);
  }

  near([ax, ay], [bx, by]) {
    const box = this.svg.getBoundingClientRect();
    return Math.hypot(((ax - bx) / SCALE) * box.width, ((ay - by) / SCALE) * box.height) <= NEAR;
  }

  rowAt(target) {
    const group = target.closest(".shape");
    return [...this.groups].find(([, one]) => one === group)?.[0] || null;
  }

  focus(row) { this.groups.get(row)?.focus({ preventScroll: true }); }

  scaling() { return `scale(${this.size[0] / SCALE} ${this.size[1] / SCALE})`; }

  show(entries, chosen, reach) {
    const present = new Set(entries.map((entry) => entry.row));
    for (const [row, group] of this.groups) {
      if (!present.has(row)) {
        group.remove();
        this.groups.delete(row);
      }
    }
    entries.forEach(({ row, shape }, place) => {
      if (!this.groups.has(row)) {
        const group = element("g", { class: "shape", tabindex: 0, role: "button" });
        this.groups.set(row, group);
        this.svg.insertBefore(group, this.sketched);
      }
      this.fill(this.groups.get(row), row, shape, place + 1, row === chosen, reach);
    });
  }

  fill(group, row, shape, number, chosen, reach) {
    group.replaceChildren();
    group.classList.toggle("is-chosen", chosen);
    const label = row.querySelector("[data-label]").value.trim() || this.words.nameless;
    group.setAttribute("aria-label", this.words.region.replace("{n}", number).replace("{label}", label));
    group.setAttribute("tabindex", shape ? "0" : "-1");
    if (!shape) return;
    const layer = element("g", { transform: this.scaling() });
    layer.append(ringOf(shape, reach), element(shape.kind, { class: "region", ...geometry(shape) }));
    group.append(layer);
    if (chosen) group.append(...this.grips(shape));
    group.append(this.sign(shape, number));
  }

  sign(shape, number) {
    const [left, top] = isBox(shape) ? boundsOf(shape) : shape.coords;
    const [width, height] = this.size;
    const radius = SIGN * this.zoom;
    // Above the corner, so that no grip hides it, but inside the picture.
    const beside = (place, length) => Math.max((place / SCALE) * length - 1.5 * radius, 1.1 * radius);
    const spot = `translate(${beside(left, width)} ${beside(top, height)}) scale(${radius})`;
    const group = element("g", { class: "region-number", transform: spot });
    const text = element("text", { y: 0.36 });
    text.textContent = number;
    group.append(element("circle", { r: 1 }), text);
    return group;
  }

  grips(shape) {
    const [left, top, right, bottom] = boundsOf(shape);
    const places = isBox(shape)
      ? BOX_GRIPS.map((name) => [name, name.includes("w") ? left : name.includes("e") ? right : (left + right) / 2,
        name.includes("n") ? top : name.includes("s") ? bottom : (top + bottom) / 2])
      : cornersOf(shape).map(([x, y], place) => [place, x, y]);
    const [width, height] = this.size;
    return places.flatMap(([name, x, y]) => {
      const spot = { cx: (x / SCALE) * width, cy: (y / SCALE) * height };
      return [
        element("circle", { class: "grip", "data-grip": name, r: GRIP * this.zoom, ...spot }),
        element("circle", { class: "handle", r: HANDLE * this.zoom, ...spot }),
      ];
    });
  }

  /* What is being drawn: corners so far, or a box. */
  sketch(corners, box) {
    this.sketched.replaceChildren();
    this.sketched.setAttribute("transform", this.scaling());
    if (box) this.sketched.append(element(box.kind, { class: "sketch", ...geometry(box) }));
    if (corners.length) this.sketched.append(element("polyline", { class: "sketch", points: corners.map((pair) => pair.join(",")).join(" ") }));
    const across = this.size[0] / SCALE;
    const down = this.size[1] / SCALE;
    for (const [x, y] of corners) {
      this.sketched.append(element("ellipse", { class: "handle", cx: x, cy: y, rx: (HANDLE * this.zoom) / across, ry: (HANDLE * this.zoom) / down }));
    }
  }
}
