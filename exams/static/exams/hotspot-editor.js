/* Regions drawn on the picture. The rows below the picture hold the truth, in percent; the drawing follows them.

   Coordinates here are ten-thousandths of width and height, as the server keeps them. */

import { addRow, rowsOf } from "./rows.js";
import { Overlay } from "./hotspot-overlay.js";
import { boxOf, boundsOf, isBox, limited, moved, readShape, resized, scaled, writeShape } from "./hotspot-shapes.js";

const STEP = 50; // half a percent for each press of an arrow
const SMALLEST = 100;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export const drawRegions = (board, form, words, say) => {
  const overlay = new Overlay(board.querySelector("[data-overlay]"), words);
  const tolerance = form.querySelector("[data-tolerance]");
  const finish = board.querySelector("[data-close-polygon]");
  let tool = "select";
  let chosen = null; // the row
  let drag = null;
  let corners = []; // of a polygon being drawn

  const reach = () => Math.max(0, Math.round((Number(tolerance.value.replace(/[%％]/, "")) || 0) * 100));
  const draw = () => {
    overlay.show(rowsOf(board).map((row) => ({ row, shape: readShape(row) })), chosen, reach());
    overlay.sketch(corners, drag?.box);
    for (const row of rowsOf(board)) row.classList.toggle("is-chosen", row === chosen);
  };
  const tell = () => board.dispatchEvent(new Event("input", { bubbles: true }));
  const choose = (row) => { chosen = row; draw(); };
  const put = (row, shape) => { writeShape(row, shape); tell(); };
  const take = (name) => {
    tool = name;
    corners = [];
    finish.hidden = true;
    for (const button of board.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", button.dataset.tool === name);
    overlay.drawing(name !== "select");
    draw();
  };
  const make = (shape) => {
    const row = addRow(board, { kind: shape.kind });
    take("select");
    if (!row) return say(words.full);
    put(row, shape);
    choose(row);
    row.querySelector("[data-label]").focus({ preventScroll: true });
    say(words.drawn);
  };
  const closePolygon = () => {
    if (corners.length < 3) return say(words.corners);
    make({ kind: "polygon", coords: corners.flat() });
  };

  const corner = (place) => {
    const first = corners[0];
    if (corners.length > 2 && overlay.near(first, place)) return closePolygon();
    if (!corners.length || !overlay.near(corners.at(-1), place)) corners.push(place);
    finish.hidden = corners.length < 3;
    draw();
  };

  overlay.svg.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const place = overlay.place(event);
    if (tool === "polygon") {
      event.preventDefault();
      corner(place);
      return;
    }
    const row = overlay.rowAt(event.target);
    const grip = event.target.closest("[data-grip]")?.dataset.grip;
    if (tool !== "select") drag = { from: place, box: null };
    else if (row) drag = { from: place, row, grip, shape: readShape(row) };
    else return choose(null);
    event.preventDefault();
    overlay.svg.setPointerCapture(event.pointerId);
    if (row && tool === "select") { choose(row); overlay.focus(row); }
  });

  overlay.svg.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const place = overlay.place(event);
    if (!drag.row) {
      drag.box = { kind: tool, coords: boxOf(drag.from, place) };
      return draw();
    }
    const shape = drag.grip ? resized(drag.shape, drag.grip, place) : moved(drag.shape, place[0] - drag.from[0], place[1] - drag.from[1]);
    writeShape(drag.row, shape);
    draw();
  });

  const drop = () => {
    if (!drag) return;
    const { row, box } = drag;
    drag = null;
    if (row) tell();
    else if (box && box.coords[2] - box.coords[0] >= SMALLEST && box.coords[3] - box.coords[1] >= SMALLEST) make(box);
    else draw();
  };
  overlay.svg.addEventListener("pointerup", drop);
  overlay.svg.addEventListener("pointercancel", drop);
  overlay.svg.addEventListener("dblclick", () => { if (tool === "polygon" && corners.length > 2) closePolygon(); });

  overlay.svg.addEventListener("focusin", (event) => {
    const row = overlay.rowAt(event.target);
    if (row && row !== chosen) choose(row);
  });
  overlay.svg.addEventListener("keydown", (event) => {
    const row = overlay.rowAt(event.target);
    if (!row) return;
    const arrow = ARROWS[event.key];
    if (arrow && !event.altKey && !event.ctrlKey) {
      const [x, y] = arrow.map((part) => part * STEP);
      const shape = readShape(row);
      const after = !event.shiftKey ? moved(shape, x, y) : isBox(shape) ? resized(shape, "se", grown(shape, x, y)) : scaled(shape, x, y);
      put(row, after);
      draw();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      row.querySelector('[value*=":remove:"]').click();
    } else if (event.key === "Enter") {
      row.querySelector("[data-label]").focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const grown = (shape, x, y) => {
    const bounds = boundsOf(shape);
    return limited([Math.max(bounds[2] + x, bounds[0] + SMALLEST), Math.max(bounds[3] + y, bounds[1] + SMALLEST)]);
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && tool !== "select") take("select");
    if (event.key === "Enter" && tool === "polygon" && corners.length > 2 && !event.target.matches("input, textarea")) closePolygon();
  });
  board.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tool]");
    if (button) take(button.dataset.tool);
    if (event.target.closest("[data-close-polygon]")) closePolygon();
  });
  // A region added by its button stands in the middle of the picture, ready for the arrows.
  board.addEventListener("rowadded", (event) => {
    if (board.querySelector("[data-board]").hidden) return;
    event.preventDefault();
    choose(event.detail);
    overlay.svg.scrollIntoView({ block: "nearest" });
    overlay.focus(event.detail);
    say(words.arrows);
  });
  board.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && row !== chosen) choose(row);
  });
  form.addEventListener("input", () => {
    if (chosen && !chosen.isConnected) chosen = null;
    draw();
  });
  form.addEventListener("picture", (event) => {
    board.querySelector("[data-board]").hidden = !event.detail;
    board.querySelector("[data-no-picture]").hidden = Boolean(event.detail);
    if (event.detail) overlay.picture(board.querySelector("[data-picture]"), event.detail);
    draw();
  });
  new ResizeObserver(draw).observe(overlay.svg);
  overlay.clear();
  take("select");
};
