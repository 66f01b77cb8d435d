/* Written text as the server takes it: one kind of line end, no control characters, no half of a character. */

// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f]/g;
const BREAKS = /\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g;
const half = (char) => char.length === 1 && char >= "\ud800" && char <= "\udfff";

/* `most`: how many the field takes; some keyboards go beyond it while they compose. */
export function tidy(text, most) {
  const plain = text.replace(BREAKS, "\n").replace(CONTROL, "").slice(0, most > 0 ? most : undefined);
  return [...plain].filter((char) => !half(char)).join("");
}
