// The promise board: a line explains itself beside the list; without room, or without this, on its own page.

const side = document.getElementById("promise-side");
let chosen = new URLSearchParams(window.location.search).get("clock");

function mark() {
  for (const link of document.querySelectorAll("[data-explains]")) {
    link.closest("tr")?.classList.toggle("on", link.dataset.explains === chosen);
  }
}

function explain(link) {
  chosen = link.dataset.explains;
  mark();
  htmx.ajax("GET", link.href, { target: "#promise-side", swap: "innerHTML" });
  const url = new URL(window.location.href);
  url.searchParams.set("clock", chosen);
  history.replaceState(history.state, "", url);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-explains]");
  if (!link || !window.htmx || !side || !side.checkVisibility() || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  explain(link);
});
document.body.addEventListener("htmx:afterSettle", mark);
window.addEventListener("load", () => {
  const link = chosen && document.querySelector(`[data-explains="${CSS.escape(chosen)}"]`);
  if (link && side?.checkVisibility()) explain(link);
});
