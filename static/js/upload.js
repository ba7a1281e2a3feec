// Photos and files go up as soon as they are chosen. What did not arrive stays here and is sent again; the key of the
// attempt stays the same, so that it is kept once however often it arrives.

const waiting = new Map();

document.addEventListener("change", (event) => {
  const input = event.target.closest("[data-upload] [data-autoupload]");
  if (!input || !input.files.length) return;
  const form = input.form;
  const data = new FormData(form);
  data.set("submission_key", newKey());
  waiting.set(form, data);
  // What was done before it about the same thing is still on this device: the photo goes after it.
  if (window.portalWaiting?.about(location.pathname)) keep(form);
  else send(form);
});
document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-upload-retry]")?.closest("form");
  if (form) send(form);
});
window.addEventListener("online", () => waiting.forEach((_, form) => send(form)));
window.addEventListener("beforeunload", (event) => waiting.size && event.preventDefault());

function send(form) {
  const data = waiting.get(form);
  if (!data || form.dataset.busy) return;
  form.dataset.busy = "1";
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("X-Requested-With", "fetch");
  request.timeout = 120000;
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) show(form, "wait", words(form, "sending", Math.round((100 * event.loaded) / event.total)));
  });
  request.addEventListener("loadend", () => {
    delete form.dataset.busy;
    const moved = request.responseURL && new URL(request.responseURL).pathname !== new URL(form.action).pathname;
    if (request.status >= 200 && request.status < 300) accepted(form, moved ? "" : request.responseText);
    else if (request.status === 422 || request.status === 400) refused(form, request);
    else keep(form);
  });
  show(form, "wait", words(form, "sending", 0));
  request.send(data);
}

// Without a connection it is kept on the device, through a reload too, and sent in its turn (waiting.js).
async function keep(form) {
  const data = waiting.get(form);
  const label = form.querySelector(".frame b").textContent;
  const about = document.querySelector("h1")?.textContent.trim();
  try {
    await window.portalWaiting.keep({ url: form.action, data, chain: location.pathname, about, label });
    waiting.delete(form);
    form.reset();
    show(form, "wait", words(form, "kept"));
  } catch {
    show(form, "failed", words(form, "failed"), true); // no store, or no room in it: it waits in this tab
  }
}

function accepted(form, html) {
  waiting.delete(form);
  const target = form.closest("[data-upload-target]");
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const replacement = target?.id ? fresh.getElementById(target.id) : fresh.body.firstElementChild;
  if (!target || !replacement) {
    window.location.reload();
    return;
  }
  target.replaceWith(document.importNode(replacement, true));
  document.dispatchEvent(new CustomEvent("uploaded"));
}

// A file that the server does not take is not worth another try: say why.
function refused(form, request) {
  waiting.delete(form);
  form.reset();
  const plain = (request.getResponseHeader("Content-Type") || "").startsWith("text/plain");
  show(form, "failed", plain ? request.responseText : words(form, "refused"));
}

function show(form, look, text, again = false) {
  const frame = form.querySelector(".frame");
  frame?.classList.remove("wait", "failed");
  frame?.classList.add(look);
  form.querySelector("[data-upload-state]").textContent = text;
  const retry = form.querySelector("[data-upload-retry]");
  if (retry) retry.hidden = !again;
}

function words(form, name, value = "") {
  return (form.dataset[name] || "").replace("{}", value);
}

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(15))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
