// What is typed into a form stays on this device until the server has accepted it.
//
// A draft belongs to a person and to the address its form is sent to; a form that is sent without an account
// (data-draft="anybody") keeps one for whoever has this device in their hands. It is dropped when the person discards it,
// or when the form was sent and the server answered with another page: it has accepted. These answers are no acceptance:
//  - the same form with the same submission key (errors to correct),
//  - a page for somebody else, as the sign-in page is for nobody (the session is over),
//  - an error page or a message that says no ([data-refused]),
//  - the browser's own page about a lost connection: we come back from it by history, or without a referrer.
// The mark "sent" lives in the session store of this tab, and a draft remembers the submission key of the form that wrote
// it: a second tab with the same form keeps what it holds. A form that saves itself (autosave.js) leaves the same mark.
(() => {
  const SENT = "draft-sent";
  const AGE = 14 * 24 * 3600 * 1000;
  const person = document.body.dataset.user;
  const forms = [...document.querySelectorAll("form[data-draft]")].filter((form) => person || form.dataset.draft === "anybody");

  dropAccepted();
  dropOld();
  forms.forEach(start);
  // Coming back to a kept page means that the answer never came.
  window.addEventListener("pageshow", (event) => event.persisted && sessionStorage.removeItem(SENT));

  function start(form) {
    const address = new URL(form.action);
    const key = `draft:${person}:${address.pathname}${address.search}`;
    const untouched = JSON.stringify(valuesOf(form));
    const refused = form.querySelector("[role=alert]") !== null;
    const kept = read(key);
    if (kept && !refused) {
      if (JSON.stringify(kept.values) === untouched) localStorage.removeItem(key);
      else restore(form, key, kept);
    }
    let timer;
    const write = () => {
      clearTimeout(timer);
      timer = null;
      const values = valuesOf(form);
      if (JSON.stringify(values) === untouched && !refused) localStorage.removeItem(key);
      else save(key, { at: Date.now(), values, submission: submissionOf(form) });
    };
    for (const name of ["input", "change"]) {
      form.addEventListener(name, (event) => {
        if (!event.isTrusted) return;
        clearTimeout(timer);
        timer = setTimeout(write, 300);
      });
    }
    window.addEventListener("pagehide", () => timer && write());
    form.addEventListener("submit", () => {
      write();
      sessionStorage.setItem(SENT, JSON.stringify({ person, key, path: location.pathname, submission: submissionOf(form) }));
    });
  }

  function dropAccepted() {
    const sent = JSON.parse(sessionStorage.getItem(SENT) || "null");
    sessionStorage.removeItem(SENT);
    if (!sent || sent.person !== person || document.querySelector("[data-refused]")) return;
    const came = performance.getEntriesByType("navigation")[0];
    if (came?.type === "back_forward" || came?.responseStatus >= 400) return;
    if (!document.referrer || new URL(document.referrer).pathname !== sent.path) return;
    if (forms.some((form) => submissionOf(form) === sent.submission)) return;
    if (read(sent.key)?.submission === sent.submission) localStorage.removeItem(sent.key);
  }

  function submissionOf(form) {
    return form.elements.namedItem("submission_key")?.value || "";
  }

  function dropOld() {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("draft:") && Date.now() - (read(key)?.at || 0) > AGE) localStorage.removeItem(key);
    }
  }

  function restore(form, key, kept) {
    fill(form, kept.values);
    form.dispatchEvent(new Event("change", { bubbles: true }));
    const bar = document.getElementById("draft-bar")?.content.cloneNode(true).firstElementChild;
    if (!bar) return;
    bar.querySelector("time").textContent = clock(kept.at);
    bar.querySelector("button").addEventListener("click", () => {
      localStorage.removeItem(key);
      form.reset();
      bar.remove();
      form.dispatchEvent(new Event("change", { bubbles: true }));
    });
    form.prepend(bar);
  }

  function fieldsOf(form) {
    return [...form.elements].filter(
      (field) => field.name && !field.disabled && !["password", "file", "submit", "button", "hidden"].includes(field.type)
    );
  }

  // Values by name, each a list: several fields may share a name.
  function valuesOf(form) {
    const values = {};
    for (const field of fieldsOf(form)) {
      const list = (values[field.name] ||= []);
      if (field.type === "checkbox" || field.type === "radio") field.checked && list.push(field.value);
      else if (field.multiple) list.push(...[...field.selectedOptions].map((option) => option.value));
      else list.push(field.value);
    }
    return values;
  }

  function fill(form, values) {
    const used = {};
    for (const field of fieldsOf(form)) {
      const list = values[field.name];
      if (!list) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = list.includes(field.value);
      else if (field.multiple) [...field.options].forEach((option) => (option.selected = list.includes(option.value)));
      else field.value = list[(used[field.name] = (used[field.name] ?? -1) + 1)] ?? field.value;
    }
  }

  function save(key, draft) {
    try {
      localStorage.setItem(key, JSON.stringify(draft));
    } catch {
      // The store is full or closed: the form works without a draft.
    }
  }

  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function clock(at) {
    const time = new Date(at);
    const two = (number) => String(number).padStart(2, "0");
    const hour = `${two(time.getHours())}:${two(time.getMinutes())}`;
    return time.toDateString() === new Date().toDateString() ? hour : `${two(time.getMonth() + 1)}-${two(time.getDate())} ${hour}`;
  }
})();
