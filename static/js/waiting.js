// What a person does without a connection waits on this device, in order, and is sent when the connection is back.
//
// Forms with data-offline="address of what they are about" go through here. Each is sent with its submission key, so
// that it acts once however often it arrives, and with the moment it was done. What the server refuses is shown with the
// reason, and holds back what was done later about the same thing; nothing is dropped but by the person's own hand.
// Rows belong to one person: another who signs in on this device neither sees nor sends them.
(() => {
  const person = document.body.dataset.user;
  const box = document.querySelector("[data-unsent]");
  if (!box || !window.indexedDB) return;

  const RETRY = 15000;
  const LONGEST = 600000;
  const STUMBLES = 3;
  let rows = [];
  let signedOut = false;
  let timer;

  const opened = new Promise((resolve, reject) => {
    const opening = indexedDB.open("portal", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("waiting", { keyPath: "id", autoIncrement: true });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });

  async function inStore(mode, act) {
    const work = (await opened).transaction("waiting", mode);
    const request = act(work.objectStore("waiting"));
    return new Promise((resolve, reject) => {
      work.oncomplete = () => resolve(request.result);
      work.onerror = work.onabort = () => reject(work.error);
    });
  }

  // A row that was deleted while it was being sent stays deleted.
  function change(row, values) {
    return inStore("readwrite", (store) => {
      const found = store.get(row.id);
      found.onsuccess = () => found.result && store.put({ ...found.result, ...values });
      return found;
    });
  }

  async function refresh() {
    rows = (await inStore("readonly", (store) => store.getAll())).filter((row) => row.person === person);
    show();
    return rows;
  }

  // Keep one thing done; the promise says that it lies safely on the device.
  async function keep(row) {
    await inStore("readwrite", (store) => store.add(row));
    navigator.storage?.persist?.();
    await refresh();
    later();
  }

  function rowOf({ url, data, chain, about, label }) {
    const fields = [...data].filter(([name]) => name !== "csrfmiddlewaretoken");
    if (!fields.some(([name, value]) => name === "submission_key" && value)) fields.push(["submission_key", newKey()]);
    return { person, url, fields, chain, about, label, page: location.pathname, at: new Date().toISOString(), reason: "" };
  }

  // --- Sending ------------------------------------------------------------------------------------------------

  async function send(row) {
    const body = new FormData();
    for (const [name, value] of row.fields) body.append(name, value);
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
    const stop = new AbortController();
    const patience = setTimeout(() => stop.abort(), 90000);
    try {
      const answer = await fetch(row.url, {
        method: "POST",
        body,
        credentials: "same-origin",
        redirect: "manual",
        signal: stop.signal,
        headers: { "X-Done-At": row.at, "X-CSRFToken": token },
      });
      if (answer.type === "opaqueredirect") return { signedOut: true };
      if (answer.ok) return { ok: true, url: answer.headers.get("X-Location") || row.chain };
      if (answer.status >= 500 || answer.status === 408 || answer.status === 429) return { lost: true, stuck: true };
      return { reason: await reasonOf(answer) };
    } catch {
      return { lost: true };
    } finally {
      clearTimeout(patience);
    }
  }

  async function reasonOf(answer) {
    const text = await answer.text();
    if ((answer.headers.get("Content-Type") || "").startsWith("text/plain")) return text;
    const main = new DOMParser().parseFromString(text, "text/html").querySelector("main");
    const said = [...(main?.querySelectorAll("h1, p") || [])].map((one) => one.textContent.trim()).filter(Boolean);
    return said.slice(0, 2).join(" ") || `${answer.status}`;
  }

  // One tab sends at a time; the keys guard where the browser knows no locks. Returns where each row sent leads to.
  function flush() {
    return navigator.locks ? navigator.locks.request("portal-waiting", sendAll) : sendAll();
  }

  // By hand everything is tried, also what would still wait for its turn.
  async function flushNow() {
    for (const row of rows.filter((one) => one.after)) await change(row, { after: 0 });
    return flush();
  }

  async function sendAll() {
    const sent = new Map();
    const held = new Set();
    signedOut = false;
    clearTimeout(timer);
    for (const row of await refresh()) {
      if (row.reason || row.after > Date.now()) held.add(row.chain);
      if (held.has(row.chain)) continue;
      const answer = await send(row);
      if (answer.signedOut) signedOut = true;
      if (answer.signedOut || (answer.lost && !answer.stuck)) break;
      if (answer.stuck) {
        // The server stumbles over this one: what is about other things does not wait for it, and it comes less often.
        held.add(row.chain);
        const tries = (row.tries || 0) + 1;
        const pause = Math.min(LONGEST, RETRY * 2 ** Math.max(0, tries - STUMBLES + 1));
        await change(row, { tries, after: Date.now() + pause });
      } else if (answer.ok) {
        await inStore("readwrite", (store) => store.delete(row.id));
        sent.set(row.fields.find(([name]) => name === "submission_key")[1], answer.url);
      } else {
        held.add(row.chain);
        await change(row, { reason: answer.reason });
      }
    }
    const before = location.pathname;
    const mine = rows.filter((row) => row.page === before && !row.reason).length;
    await refresh();
    if (rows.some((row) => !row.reason) && !signedOut) later();
    if (mine && !rows.some((row) => row.page === before && !row.reason)) location.reload();
    return sent;
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(flush, RETRY);
  }

  // --- Forms --------------------------------------------------------------------------------------------------

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const by = event.submitter;
    const marked = by?.dataset.offline ? by : form;
    if (event.defaultPrevented || !marked.dataset.offline) return;
    event.preventDefault();
    const url = by?.hasAttribute("formaction") ? by.formAction : form.action;
    const data = new FormData(form);
    if (by?.name) data.append(by.name, by.value);
    const { offline: chain, about } = marked.dataset;
    take(form, by, rowOf({ url, data, chain, about, label: labelOf(by) }));
  });

  async function take(form, by, row) {
    const waiting = rows.some((one) => one.chain === row.chain);
    const answer = waiting ? { lost: true } : await send(row);
    if (answer.ok) {
      form.dispatchEvent(new Event("taken"));
      return go(answer.url);
    }
    // The server's own page says what is wrong; what was refused has not acted, so it may be sent again.
    if (!answer.lost && !answer.signedOut) return submit(form, by, row);
    try {
      await keep(row);
      form.dispatchEvent(new Event("taken"));
      advance(row.url);
      if (waiting && navigator.onLine) flush();
    } catch {
      window.alert(box.dataset.full);
    }
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }

  function go(url) {
    const to = new URL(url, location);
    const here = to.pathname + to.search === location.pathname + location.search;
    location.assign(to);
    if (here && to.hash) location.reload();
  }

  function submit(form, by, row) {
    const key = row.fields.find(([name]) => name === "submission_key")[1];
    const named = by?.name ? [[by.name, by.value]] : [];
    for (const [name, value] of [...named, ...(form.elements.submission_key ? [] : [["submission_key", key]])]) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    form.action = row.url;
    HTMLFormElement.prototype.submit.call(form);
  }

  // The page goes on as far as it can: the next step takes the place of the one that was kept, and what may be filled
  // in after it appears.
  function advance(url) {
    const path = new URL(url, location).pathname;
    for (const one of document.querySelectorAll("[data-offline]")) {
      const target = new URL(one.formAction || one.action, location).pathname;
      const step = one.closest("[data-step]");
      if (!step || step.hidden || target !== path) continue;
      step.hidden = true;
      const next = step.nextElementSibling;
      if (next?.matches("[data-step]")) next.hidden = false;
      for (const pair of document.querySelectorAll(".flow")) {
        const now = pair.querySelector(".now");
        now?.classList.replace("now", "kept");
        now?.nextElementSibling?.classList.add("now");
      }
      break;
    }
    if (document.querySelector("#sign-form")?.hidden) document.querySelectorAll("[form=sign-form]").forEach((one) => (one.hidden = true));
    for (const one of document.querySelectorAll("[data-after]")) {
      if (one.dataset.after === path) one.hidden = false;
    }
  }

  // --- What waits, in words -----------------------------------------------------------------------------------

  function show() {
    box.hidden = rows.length === 0;
    const refused = rows.filter((row) => row.reason).length;
    say(box.querySelector("[data-unsent-count]"), "unsentCount", rows.length - refused, rows.length > refused);
    say(box.querySelector("[data-unsent-refused]"), "unsentRefused", refused, refused > 0);
    box.querySelector("[data-unsent-state]").textContent = signedOut ? box.dataset.signedOut : "";
    box.querySelector("[data-unsent-list]").replaceChildren(...rows.map(line));
    document.dispatchEvent(new CustomEvent("waiting", { detail: rows.length }));
  }

  function say(place, name, count, is) {
    place.textContent = is ? place.dataset[name].replace("{}", count) : "";
  }

  function line(row) {
    const one = box.querySelector("template").content.cloneNode(true).firstElementChild;
    const link = one.querySelector("[data-label]");
    link.href = row.chain;
    link.textContent = [row.label, row.about].filter(Boolean).join(" · ");
    const when = one.querySelector("[data-when]");
    when.textContent = when.dataset.when.replace("{}", clock(row.at));
    if (!row.reason && !(row.tries >= STUMBLES)) return one;
    const reason = one.querySelector("[data-reason]");
    reason.textContent = row.reason || box.dataset.stuck.replace("{}", row.tries);
    const typed = row.fields.filter(([name, value]) => typeof value === "string" && value && value.length < 2000 && name !== "submission_key");
    const list = one.querySelector("[data-typed]");
    for (const [name, value] of typed) {
      list.append(made("dt", document.querySelector(`label[for=id_${CSS.escape(name)}]`)?.textContent.trim() || name), made("dd", value));
    }
    list.hidden = typed.length === 0;
    reason.hidden = one.querySelector("[data-choices]").hidden = false;
    one.querySelector("[data-again]").addEventListener("click", () => again(row));
    one.querySelector("[data-drop-one]").addEventListener("click", () => drop(row));
    return one;
  }

  async function again(row) {
    // What was refused has not acted: this is another attempt, with a key of its own. What the server stumbled over may
    // have acted: it keeps its key.
    const key = row.reason ? newKey() : row.fields.find(([name]) => name === "submission_key")[1];
    const fields = row.fields.map(([name, value]) => (name === "submission_key" ? [name, key] : [name, value]));
    await change(row, { fields, reason: "", after: 0 });
    flush();
  }

  async function drop(row) {
    if (!window.confirm(box.dataset.drop)) return;
    await inStore("readwrite", (store) => store.delete(row.id));
    await refresh();
    flush();
  }

  function made(tag, text) {
    const one = document.createElement(tag);
    one.textContent = text;
    return one;
  }

  function labelOf(by) {
    return [...(by?.childNodes || [])].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent.trim()).join(" ").trim();
  }

  function clock(at) {
    const time = new Date(at);
    const two = (number) => String(number).padStart(2, "0");
    return `${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
  }

  function newKey() {
    return [...crypto.getRandomValues(new Uint8Array(15))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // --- When -----------------------------------------------------------------------------------------------------

  box.querySelector("[data-unsent-send]").addEventListener("click", flushNow);
  window.addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => !document.hidden && rows.length && flush());
  document.addEventListener("submit", (event) => {
    if (!rows.length || !new URL(event.target.action).pathname.endsWith("/logout/")) return;
    if (!window.confirm(box.dataset.leave.replace("{}", rows.length))) event.preventDefault();
  }, true);

  // Other scripts: does anything about this wait, and keep this too.
  window.portalWaiting = {
    about: (chain) => rows.some((row) => row.chain === chain),
    keep: (what) => keep(rowOf(what)),
  };

  refresh()
    .then(() => {
      rows.filter((row) => row.page === location.pathname).forEach((row) => advance(row.url));
      if (rows.length) flush();
    })
    .catch(() => (box.hidden = true));
})();
