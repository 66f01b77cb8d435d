/* Safe Exam Browser without request headers (WKWebView on macOS and iOS): the program tells the page's script the same
   hashes, made with the address of this page. They go along with every call of ours.

   `sebHeaders()` gives the headers for a fetch, {} in any other browser. `askSeb()` waits until the program has told
   its keys (only SEB 3.0 must be asked; later versions have set them when the page loads). On the exam's page the
   module shows the keys to the server once, so that pages, which carry no headers, are let in from then on. */

const PATIENCE = 3000; // ms for the program to answer

const security = () => window.SafeExamBrowser?.security;

export function sebHeaders() {
  const keys = security();
  if (!keys?.configKey) return {};
  return {
    "X-SZ-SEB-Page": location.href.split("#")[0],
    "X-SZ-SEB-Config-Key": keys.configKey,
    "X-SZ-SEB-Exam-Key": keys.browserExamKey ?? "",
  };
}

export async function askSeb() {
  const keys = security();
  if (!keys) return false;
  if (!keys.configKey && typeof keys.updateKeys === "function") {
    await Promise.race([
      new Promise((resolve) => keys.updateKeys(resolve)),
      new Promise((resolve) => setTimeout(resolve, PATIENCE)),
    ]);
  }
  return Boolean(security()?.configKey);
}

async function showKeys(entry) {
  if (!(await askSeb())) return;
  const response = await fetch(entry.dataset.sebCheck, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": entry.dataset.token, ...sebHeaders() },
    body: "{}",
    credentials: "same-origin",
  });
  if (response.ok) location.replace(entry.dataset.next);
  else entry.querySelector("[data-seb-wrong]").hidden = false;
}

const entry = document.querySelector("[data-seb-check]");
if (entry) showKeys(entry);
else askSeb();
