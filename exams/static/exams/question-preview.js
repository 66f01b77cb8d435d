/* The question as the candidate will read it, drawn by the server from what is typed so far. */

const PAUSE = 350; // ms after the last key

export const keepPreview = (form) => {
  const pane = form.querySelector("[data-preview]");
  const state = form.querySelector("[data-preview-state]");
  let timer = 0;
  let running = null;

  const refresh = async () => {
    running?.abort();
    running = new AbortController();
    const data = new FormData(form);
    data.delete("picture_file");
    data.delete("version");
    try {
      const answer = await fetch(form.dataset.previewAddress, { method: "POST", body: data, signal: running.signal });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      pane.innerHTML = await answer.text();
      state.hidden = true;
    } catch (error) {
      if (error.name !== "AbortError") state.hidden = false;
    }
  };

  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-clause-filter]")) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
};
