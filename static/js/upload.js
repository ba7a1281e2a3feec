// Photos and files go up as soon as they are chosen, one choice after the other. What did not arrive stays here and is
// sent again; the key of the attempt stays the same, so that it is kept once however often it arrives.

const waiting = new Map(); // by form: what was chosen in it and has not arrived

document.addEventListener("change", (event) => {
  const input = event.target.closest("[data-upload] [data-autoupload]");
  if (!input || !input.files.length) return;
  const form = input.form;
  const data = new FormData(form);
  data.set("submission_key", newKey());
  input.value = "";
  waiting.set(form, [...(waiting.get(form) || []), data]);
  next(form);
});
document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-upload-retry]")?.closest("form");
  if (form) send(form);
});
window.addEventListener("online", () => waiting.forEach((_, form) => send(form)));
window.addEventListener("beforeunload", (event) => waiting.size && event.preventDefault());

function next(form) {
  // What was done before it about the same thing is still on this device: the photo goes after it.
  if (window.portalWaiting?.about(location.pathname)) keep(form);
  else send(form);
}

function send(form) {
  const [data] = waiting.get(form) || [];
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
    const fresh = request.status >= 200 && request.status < 300 && framesIn(request.responseText, form);
    if (fresh) accepted(form, fresh);
    else if (request.status === 422 || request.status === 400) refused(form, request);
    else keep(form, request.status === 200 ? "signedOut" : "kept");
  });
  show(form, "wait", words(form, "sending", 0));
  request.send(data);
}

// Accepted is what is answered with the frames that take the place of these; the sign-in page has none.
function framesIn(html, form) {
  return new DOMParser().parseFromString(html, "text/html").getElementById(form.closest("[data-upload-target]").id);
}

// Without a connection it is kept on the device, through a reload too, and sent in its turn (waiting.js).
async function keep(form, why = "kept") {
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const label = form.querySelector(".frame b").textContent;
  const about = document.querySelector("h1")?.textContent.trim();
  try {
    while (waiting.has(form)) {
      const [data] = waiting.get(form);
      await window.portalWaiting.keep({ url: form.action, data, chain: location.pathname, about, label });
      done(form);
    }
    show(form, "wait", words(form, why));
  } catch {
    show(form, "failed", words(form, "failed"), true); // no store, or no room in it: it waits in this tab
  }
  delete form.dataset.busy;
}

// The first that was chosen waits no more.
function done(form) {
  const rest = waiting.get(form).slice(1);
  if (rest.length) waiting.set(form, rest);
  else waiting.delete(form);
  return rest.length === 0;
}

function accepted(form, fresh) {
  if (!done(form)) return next(form);
  const frames = document.importNode(fresh, true);
  form.closest("[data-upload-target]").replaceWith(frames);
  if (form.dataset.said) show(frames.querySelector("[data-upload]"), "failed", form.dataset.said);
  document.dispatchEvent(new CustomEvent("uploaded"));
}

// A file that the server does not take is not worth another try: say why, also after the next one was taken.
function refused(form, request) {
  const plain = (request.getResponseHeader("Content-Type") || "").startsWith("text/plain");
  form.dataset.said = plain ? request.responseText : words(form, "refused");
  if (done(form)) show(form, "failed", form.dataset.said);
  else next(form);
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
