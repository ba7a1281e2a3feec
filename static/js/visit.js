// The record of a visit: its fields stand outside their form, so the form is told when they change; a reading is judged
// by its limits while it is typed, as the server will judge it.
(() => {
  const record = document.getElementById("record");

  // What the server counts after each save: how many points are judged, how much is still missing.
  record.addEventListener("saved", (event) => {
    const { judged, gaps } = JSON.parse(event.detail || "{}");
    const show = (where, text) => document.querySelectorAll(where).forEach((one) => (one.textContent = text ?? ""));
    show("[data-judged]", judged);
    show("[data-gaps]", gaps);
  });

  for (const name of ["input", "change"]) {
    document.addEventListener(name, (event) => {
      if (!event.isTrusted || event.target.form !== record || event.target.type === "file") return;
      record.dispatchEvent(new Event("autosave"));
    });
  }

  document.addEventListener("input", (event) => judge(event.target.closest(".ck[data-half]")));
  document.querySelectorAll(".ck[data-half]").forEach(judge);

  function judge(point) {
    const field = point?.querySelector(".rd input[inputmode]");
    if (!field) return;
    const text = field.value.trim().replace("。", ".");
    const value = Number(text);
    const known = text !== "" && Number.isFinite(value);
    const { lower, upper, first, half, unit } = point.dataset;
    const above = known && upper !== "" ? value - Number(upper) : 0;
    const below = known && lower !== "" ? Number(lower) - value : 0;
    const note = point.querySelector(".over-note");
    point.classList.toggle("over", above > 0 || below > 0);
    if (above > 0) note.textContent = words(note.dataset.over, above, unit);
    else if (below > 0) note.textContent = words(note.dataset.under, below, unit);
    else note.textContent = "";
    const dot = point.querySelector(".scale .dot");
    dot.setAttribute("visibility", known ? "visible" : "hidden");
    if (known) dot.setAttribute("cx", `${Math.max(2, Math.min(98, ((value - Number(first)) * 50) / Number(half)))}%`);
    if (text !== "") for (const box of point.querySelectorAll(".skip-reading input")) box.checked = false;
  }

  function words(sentence, much, unit) {
    return sentence.replace("%s", `${Number(much.toFixed(2))} ${unit}`.trim());
  }
})();
