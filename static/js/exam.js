// The clock of an exam counts what the server said is left; at its end, or when it is opened after it, the paper is
// handed in. After each saving the form remembers what the server has, so that it writes only what was answered on
// this device.

const exam = document.querySelector("form[data-exam]");
const left = document.querySelector("[data-left]");
const again = document.querySelector("[data-left-again]");
const began = performance.now();
const total = Number(left.dataset.ends) - Number(left.dataset.now);

exam.addEventListener("saved", (event) => {
  for (const [pk, sent] of Object.entries(JSON.parse(event.detail || "{}").answers || {})) {
    exam.elements[`was_${pk}`].value = sent;
  }
});
exam.addEventListener("change", count);

function count() {
  const answered = [...exam.querySelectorAll("fieldset")].filter((one) =>
    [...one.querySelectorAll("input:not([type=hidden]), textarea")].some((field) =>
      ["radio", "checkbox"].includes(field.type) ? field.checked : field.value.trim(),
    ),
  ).length;
  const place = document.querySelector("[data-answered]");
  if (place) place.textContent = `${answered} / ${exam.querySelectorAll("fieldset").length}`;
}

function tick() {
  const rest = Math.max(0, Math.round((total - (performance.now() - began)) / 1000));
  left.textContent = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
  again.textContent = left.textContent;
  left.classList.toggle("c-bad", rest < 120);
  if (rest > 0) setTimeout(tick, 500);
  else exam.requestSubmit(exam.querySelector("[data-hand-in]"));
}

count();
tick();
