// Small comforts of every page. Each of them may be missing: nothing depends on them.

// Menus close by a click elsewhere and by Escape; so does a due day's explanation, whose own summary lies under it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.drop[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details:is(.drop, .why)[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const wanted = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches("input, textarea, select")) wanted.focus();
  else wanted.click();
});

// The whole row of a table opens what its first link opens.
document.addEventListener("click", (event) => {
  const row = event.target.closest(".tbl.linked tbody tr, .rows > li");
  if (!row || event.defaultPrevented || event.target.closest("a, button, input, label, select, textarea, summary, .why")) return;
  if (String(window.getSelection())) return;
  const link = row.querySelector("td:not(.act) a[href], a.row-link[href]");
  if (!link) return;
  if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
  else link.click();
});

// Filters are remembered: a link from elsewhere to a list leads back to how it was last seen in this tab. On the list
// itself such a link (its menu entry) shows it fresh.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='/']");
  if (!link || link.search || link.pathname === location.pathname) return;
  const seen = sessionStorage.getItem(`list:${document.body.dataset.user}:${link.pathname}`);
  if (seen) link.search = seen;
});

// A form that is on its way is not sent again by an impatient finger. The key in it guards against all other doubles.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  setTimeout(() => free(form), 15000);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));

function free(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

// What must be read first gets the focus: the summary of a form's errors.
document.querySelector("[data-focus]")?.focus();

// A button that prints the page.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// The number beside the bell is asked for again every minute, as long as somebody looks.
if (document.querySelector("[data-bell]")) {
  setInterval(async () => {
    const bell = document.querySelector("[data-bell]");
    if (document.hidden || bell === document.activeElement) return;
    const answer = await fetch(bell.dataset.bell, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
    if (answer?.ok && !answer.redirected) bell.outerHTML = await answer.text();
  }, 60000);
}
