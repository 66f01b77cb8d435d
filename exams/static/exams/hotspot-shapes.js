/* Shapes of regions: from the fields of a row and back, moved and resized within the picture (pure but for the fields).

   A shape is { kind: "rect" | "ellipse" | "polygon", coords }, in ten-thousandths: left, top, right, bottom of a box,
   x, y of each corner of a polygon. */

const SCALE = 10000;
const SMALLEST = 50;
const clamp = (value, low = 0, high = SCALE) => Math.min(high, Math.max(low, Math.round(value)));
const number = (text) => Number(String(text).trim().replace(/[%％]$/, ""));

export const limited = (place) => place.map((value) => clamp(value));
export const percent = (value) => String(Number((value / 100).toFixed(2)));
export const isBox = (shape) => shape.kind !== "polygon";

/* The box between two places, whichever way it was drawn. */
export const boxOf = ([ax, ay], [bx, by]) => [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];

/* The shape that a row's fields describe; null when they describe none. */
export const readShape = (row) => {
  const kind = row.dataset.region;
  if (kind === "polygon") {
    const coords = row.querySelector("[data-corners]").value.split(/[\s;；]+/).filter(Boolean).flatMap((corner) => corner.split(/[,，]/).map((part) => number(part) * 100));
    return coords.length >= 6 && coords.length % 2 === 0 && coords.every(Number.isFinite) ? { kind, coords } : null;
  }
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => {
    const { value } = row.querySelector(`[data-box="${name}"]`);
    return value.trim() ? number(value) * 100 : NaN;
  });
  const coords = [x, y, x + width, y + height];
  return coords.every(Number.isFinite) && width > 0 && height > 0 ? { kind, coords } : null;
};

export const writeShape = (row, shape) => {
  if (!isBox(shape)) {
    const pairs = cornersOf(shape).map(([x, y]) => `${percent(x)},${percent(y)}`);
    row.querySelector("[data-corners]").value = pairs.join(" ");
    return;
  }
  const [left, top, right, bottom] = shape.coords;
  const values = { x: left, y: top, width: right - left, height: bottom - top };
  for (const [name, value] of Object.entries(values)) row.querySelector(`[data-box="${name}"]`).value = percent(value);
};

export const cornersOf = (shape) => {
  const pairs = [];
  for (let place = 0; place + 1 < shape.coords.length; place += 2) pairs.push([shape.coords[place], shape.coords[place + 1]]);
  return pairs;
};

/* Left, top, right, bottom of any shape. */
export const boundsOf = (shape) => {
  if (isBox(shape)) return shape.coords;
  const [xs, ys] = [cornersOf(shape).map(([x]) => x), cornersOf(shape).map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
};

/* Moved, but never out of the picture. */
export const moved = (shape, x, y) => {
  const [left, top, right, bottom] = boundsOf(shape);
  const dx = Math.round(Math.min(SCALE - right, Math.max(-left, x)));
  const dy = Math.round(Math.min(SCALE - bottom, Math.max(-top, y)));
  return { ...shape, coords: shape.coords.map((value, place) => Math.round(value + (place % 2 ? dy : dx))) };
};

/* A box by one of its grips (n, ne, e …), a polygon by one of its corners (its number). */
export const resized = (shape, grip, [x, y]) => {
  const coords = [...shape.coords];
  if (!isBox(shape)) {
    [coords[2 * grip], coords[2 * grip + 1]] = limited([x, y]);
    return { ...shape, coords };
  }
  if (grip.includes("w")) coords[0] = clamp(x, 0, coords[2] - SMALLEST);
  if (grip.includes("e")) coords[2] = clamp(x, coords[0] + SMALLEST);
  if (grip.includes("n")) coords[1] = clamp(y, 0, coords[3] - SMALLEST);
  if (grip.includes("s")) coords[3] = clamp(y, coords[1] + SMALLEST);
  return { ...shape, coords };
};

/* A polygon stretched from its top left by the keyboard. */
export const scaled = (shape, x, y) => {
  const [left, top, right, bottom] = boundsOf(shape);
  const [wide, high] = [Math.max(right - left, 1), Math.max(bottom - top, 1)];
  const across = Math.max(SMALLEST, Math.min(SCALE - left, wide + x)) / wide;
  const down = Math.max(SMALLEST, Math.min(SCALE - top, high + y)) / high;
  const coords = shape.coords.map((value, place) => (place % 2 ? top + (value - top) * down : left + (value - left) * across));
  return { ...shape, coords: coords.map((value) => clamp(value)) };
};
