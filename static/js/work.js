// The button at the foot of a job says how much is still missing, as the server counted it at the last saving.
(() => {
  const note = document.querySelector("[data-lacking]");

  document.addEventListener("saved", (event) => show(event.detail));
  document.addEventListener("uploaded", () => {
    const fresh = document.querySelector("[data-lacking-now]");
    if (!fresh) return;
    show(fresh.dataset.lackingNow);
    fresh.removeAttribute("data-lacking-now");
  });

  function show(text) {
    if (note) note.textContent = text;
  }
})();
