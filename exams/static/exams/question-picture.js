/* The picture of a question is taken in at once, so that it can be drawn upon and seen in the preview. */

export const watchPicture = (form, words, say) => {
  const card = form.querySelector("[data-picture-card]");
  const input = card.querySelector("input[type=file]");
  const digest = card.querySelector("[data-digest]");
  const errors = card.querySelector("[data-picture-errors]");

  const complain = (text) => {
    const line = document.createElement("p");
    line.className = "error";
    line.textContent = text;
    errors.replaceChildren(line);
    input.setAttribute("aria-invalid", "true");
  };

  const show = (picture) => {
    errors.replaceChildren();
    input.removeAttribute("aria-invalid");
    digest.value = picture?.digest || "";
    card.querySelector("[data-now]").hidden = !picture;
    const small = card.querySelector("[data-small]");
    if (picture) {
      card.querySelector("[data-size]").textContent = `${picture.width} × ${picture.height}`;
      if (small) small.src = picture.address;
      if (small) [small.width, small.height] = [picture.width, picture.height];
    }
    form.dispatchEvent(new CustomEvent("picture", { detail: picture }));
    digest.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const upload = async (file) => {
    const body = new FormData();
    body.append("picture_file", file);
    errors.textContent = words.uploading;
    try {
      const answer = await fetch(card.dataset.upload, {
        method: "POST", body, headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      });
      if (answer.ok) {
        show(await answer.json());
        say(words.uploaded);
      } else {
        complain(answer.status === 422 ? (await answer.json()).error : words.upload_failed);
      }
    } catch {
      complain(words.upload_failed);
    }
    // What was taken in is named by its digest; the file itself need not be sent again.
    input.value = "";
  };

  input.addEventListener("change", () => { if (input.files.length) upload(input.files[0]); });
  card.querySelector("[data-remove-picture]").addEventListener("click", (event) => {
    event.preventDefault();
    show(null);
    input.focus();
  });
};
