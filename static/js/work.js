// The button at the foot of a job says how much is still missing, as the server counted it at the last saving; and what
// is usually done about the chosen cause is written by a tap.
(() => {
  const record = document.getElementById("record");
  const work = record.elements.work_done;

  function offer() {
    for (const one of record.querySelectorAll("[data-usual]")) one.hidden = one.dataset.usual !== record.elements.cause.value;
  }
  record.addEventListener("change", offer);
  record.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-usual] button");
    if (!chip) return;
    const said = work.value.trim().replace(/[;；]$/, "");
    work.value = [said, chip.textContent].filter(Boolean).join(chip.closest("[data-usual]").dataset.separator);
    record.dispatchEvent(new Event("autosave"));
  });
  offer();

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
