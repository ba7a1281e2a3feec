// The list page: filters and pages replace the rows alone; rows are picked for steps on several at once.

const fold = document.querySelector(".phone-fold");
if (fold && window.matchMedia("(max-width: 767.98px)").matches) fold.open = false;

// On a phone the tabs are wider than the screen: the one that is shown stands in it.
const here = document.querySelector(".views [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - (here.parentElement.clientWidth - here.offsetWidth) / 2;

// How the list was last seen is remembered in this tab of the browser; links that lead to it know (portal.js).
const remember = () => sessionStorage.setItem(`list:${document.body.dataset.user}:${location.pathname}`, location.search);
remember();
document.body.addEventListener("htmx:pushedIntoHistory", remember);

// Addresses stay short: what is not asked for is not sent.
document.body.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches("[data-filters]")) return;
  const parameters = event.detail.parameters;
  for (const name of [...new Set(parameters.keys ? [...parameters.keys()] : Object.keys(parameters))]) {
    const values = parameters.getAll ? parameters.getAll(name) : [parameters[name]];
    // An empty view means "none of my views": without it the list would open with the one it starts with.
    if (name !== "saved" && values.every((value) => value === "" || value === "unknown")) parameters.delete ? parameters.delete(name) : delete parameters[name];
  }
});
document.body.addEventListener("htmx:responseError", (event) => window.location.assign(event.detail.pathInfo.finalRequestPath));
document.body.addEventListener("htmx:beforeHistoryUpdate", (event) => {
  // The form keeps the order that the address has.
  const sort = new URLSearchParams(String(event.detail.history.path).split("?")[1]).get("sort");
  const field = document.querySelector("[data-filters] input[name=sort]");
  if (field) field.value = sort || "";
});

// The menu of saved views comes anew with the rows. While it is open it stays, and only learns what would be saved.
document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target.id !== "list-views" || !target.open) return;
  const query = fragment.querySelector(".new [name=query]")?.value ?? "";
  target.querySelectorAll("[name=query]").forEach((field) => (field.value = query));
  event.detail.shouldSwap = false;
});

// A picked filter looks picked at once.
document.addEventListener("change", (event) => {
  event.target.closest(".sel")?.classList.toggle("act", !["", "unknown"].includes(event.target.value));
});

// Pages, orders and removed filters: the links work by themselves, this only spares the rest of the page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("#list-rows .pg a, #list-rows th a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.htmx) return;
  event.preventDefault();
  htmx.ajax("GET", link.href, { target: "#list-rows", swap: "outerHTML" }).then(() => {
    history.pushState({ htmx: true }, "", link.href);
    remember();
    document.getElementById("list-rows").scrollIntoView({ block: "start" });
  });
});
window.addEventListener("popstate", () => window.location.reload());

// Picking rows
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-bulk]");
  if (!form) return;
  const boxes = [...form.querySelectorAll("input[name=selected]")];
  const all = form.querySelector("[data-select-all]");
  if (event.target === all) boxes.forEach((box) => (box.checked = all.checked));
  const count = boxes.filter((box) => box.checked).length;
  all.checked = count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
  const words = form.querySelector("[data-selected]");
  words.textContent = words.dataset.selected.replace("{}", count);
});
