/* One POST of JSON to the server: with the token, Safe Exam Browser's proof, and bounded patience. */

import { sebHeaders } from "./seb.js";

const cookie = (name) => {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
};

/* Resolves to { status, content, took } (milliseconds); a redirect, which is the way to signing in, counts as 401.
   Rejects when no answer comes within `patience`. */
export async function call(address, body, { token, patience, keepalive = false }) {
  const started = performance.now();
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patience);
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") || token, ...sebHeaders() },
      body,
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
      keepalive,
      signal: abort.signal,
    });
    const content = (response.headers.get("Content-Type") || "").includes("json") ? await response.json() : {};
    return { status: response.type === "opaqueredirect" ? 401 : response.status, content, took: performance.now() - started };
  } finally {
    clearTimeout(timer);
  }
}
