/* Prompts with a list each; the targets stand beside them, the used ones marked. */

export function setup(root, { changed }) {
  const lists = [...root.querySelectorAll("select[data-prompt]")];
  const targets = [...root.querySelectorAll("[data-target]")];
  const paint = () => {
    const used = new Set(lists.map((list) => list.value));
    for (const target of targets) target.classList.toggle("is-used", used.has(target.dataset.target));
  };
  root.addEventListener("change", () => {
    paint();
    changed();
  });
  return {
    read: () => lists.filter((list) => list.value).map((list) => `${list.dataset.prompt}:${list.value}`),
    show(response) {
      const chosen = new Map(response.map((pair) => pair.split(":")));
      for (const list of lists) list.value = chosen.get(list.dataset.prompt) ?? "";
      paint();
    },
    spoken: () => [
      ...[...root.querySelectorAll(".match-prompts .label")].map((label) => label.textContent),
      ...targets.map((target) => `${target.querySelector(".key").textContent}，${target.querySelector(".grow").textContent}`),
    ],
  };
}
