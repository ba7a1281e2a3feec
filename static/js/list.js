// The list page: filters and pages replace the rows alone; rows are picked for steps on several at once.

const fold = document.querySelector(".phone-fold");
if (fold && window.matchMedia("(max-width: 767.98px)").matches) fold.open = false;

// Addresses stay short: what is not asked for is not sent.
document.body.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches("[data-filters]")) return;
  const parameters = event.detail.parameters;
  for (const name of [...new Set(parameters.keys ? [...parameters.keys()] : Object.keys(parameters))]) {
    const values = parameters.getAll ? parameters.getAll(name) : [parameters[name]];
    if (values.every((value) => value === "" || value === "unknown")) parameters.delete ? parameters.delete(name) : delete parameters[name];
  }
});
document.body.addEventListener("htmx:responseError", (event) => window.location.assign(event.detail.pathInfo.finalRequestPath));
document.body.addEventListener("htmx:beforeHistoryUpdate", (event) => {
  // The form keeps the order that the address has.
  const sort = new URLSearchParams(String(event.detail.history.path).split("?")[1]).get("sort");
  const field = document.querySelector("[data-filters] input[name=sort]");
  if (field) field.value = sort || "";
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
