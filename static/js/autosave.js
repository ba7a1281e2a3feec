// A form that saves itself: the whole of it is sent, so the same state sent twice changes nothing and only the newest
// state has to arrive. Without a connection it waits on this device, through a reload too, and is sent when it is back.

const person = document.body.dataset.user;
document.querySelectorAll("form[data-autosave]").forEach(start);

function start(form) {
  const key = `unsent:${person}:${new URL(form.action).pathname}`;
  const state = form.querySelector("[data-autosave-state]") || document.querySelector("[data-autosave-state]");
  let version = 0;
  let saved = 0;
  let timer = null;
  let busy = false;

  const kept = JSON.parse(localStorage.getItem(key) || "null");
  if (kept) {
    fill(form, kept);
    form.dispatchEvent(new Event("change", { bubbles: true }));
    changed();
  }
  for (const name of ["input", "change"]) form.addEventListener(name, (event) => event.isTrusted && changed());
  form.addEventListener("autosave", changed); // other scripts that fill in fields say so
  window.addEventListener("online", send);
  window.addEventListener("pagehide", () => {
    if (version > saved && navigator.sendBeacon) navigator.sendBeacon(form.action, stateOf(form));
  });
  // Sent by its button it stays on this device until it is accepted: the next page says that (drafts.js), or waiting.js,
  // which took it over. Back on this page without that, it is saved again.
  form.addEventListener("submit", () => {
    settle();
    keep();
    sessionStorage.setItem("draft-sent", JSON.stringify({ person, key, path: location.pathname }));
  });
  form.addEventListener("taken", () => {
    settle();
    localStorage.removeItem(key);
    sessionStorage.removeItem("draft-sent");
  });
  window.addEventListener("pageshow", (event) => event.persisted && localStorage.getItem(key) && changed());

  function changed() {
    version += 1;
    clearTimeout(timer);
    timer = setTimeout(send, 600);
  }

  function settle() {
    clearTimeout(timer);
    timer = null;
    saved = version;
  }

  async function send() {
    clearTimeout(timer);
    timer = null;
    if (busy || version === saved) return;
    if (window.portalWaiting?.about(location.pathname)) return later(); // the steps before it are not sent yet
    busy = true;
    const sending = version;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: stateOf(form),
        headers: { "X-Requested-With": "fetch" },
        credentials: "same-origin",
      });
      if (answer.ok && !answer.redirected) {
        saved = sending;
        localStorage.removeItem(key);
        say("saved", clock(), await answer.text());
      } else if (answer.status >= 500) {
        later();
      } else {
        keep();
        saved = sending;
        say(answer.redirected || answer.status === 403 ? "signed-out" : "rejected", await reasonOf(answer));
      }
    } catch {
      later();
    }
    busy = false;
    if (version > saved && !timer) timer = setTimeout(send, 600);
  }

  function later() {
    keep();
    say("waiting");
    clearTimeout(timer);
    timer = setTimeout(send, 5000);
  }

  function keep() {
    const fields = [...stateOf(form)].filter(([name]) => !["csrfmiddlewaretoken", "submission_key"].includes(name));
    localStorage.setItem(key, JSON.stringify(fields));
  }

  function say(what, detail = "", answer = "") {
    if (what === "saved") form.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail: answer }));
    if (!state) return;
    state.classList.toggle("wait", what !== "saved");
    state.textContent = (state.dataset[what.replace("-o", "O")] || "").replace("{}", detail).trim();
  }
}

function stateOf(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

function fill(form, fields) {
  for (const field of form.elements) {
    const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (!field.name || ["hidden", "file", "submit", "button"].includes(field.type)) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
}

async function reasonOf(answer) {
  const kind = answer.headers.get("Content-Type") || "";
  const text = kind.startsWith("text/plain") ? await answer.text() : "";
  return text.length < 200 ? text : "";
}

function clock() {
  return new Date().toTimeString().slice(0, 5);
}
