/* Where somebody agrees to stills, the browser asks for the camera: here, and not in the middle of the exam. The camera
   is closed again at once; whether it opens changes nothing about starting. */

const choice = document.querySelector("[data-still-choice]");
const result = choice.querySelector("[role=status]");

choice.addEventListener("change", async ({ target }) => {
  result.textContent = "";
  if (target.value !== "yes") return;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: true });
    for (const track of stream.getTracks()) track.stop();
    result.textContent = choice.dataset.works;
  } catch {
    result.textContent = choice.dataset.fails;
  }
});
