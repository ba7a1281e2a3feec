// A signature drawn by hand: the picture and the strokes go into hidden fields of the form around it.

document.querySelectorAll("[data-signature]").forEach((box) => {
  const canvas = box.querySelector("canvas");
  const [image, strokes] = box.querySelectorAll("input[type=hidden]");
  const ink = getComputedStyle(box).getPropertyValue("--pen").trim();
  const pad = new SignaturePad(canvas, { penColor: ink, minWidth: 1, maxWidth: 2.6, throttle: 8 });
  let width = 0;

  // The canvas follows its frame and the screen's density; what was drawn keeps its shape when the phone is turned.
  function fit() {
    const frame = canvas.getBoundingClientRect();
    if (!frame.width || frame.width === width) return;
    const drawn = pad.toData();
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = frame.width * ratio;
    canvas.height = frame.height * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    const factor = width ? Math.min(frame.width / width, 1) : 1;
    width = frame.width;
    pad.clear();
    pad.fromData(factor === 1 ? drawn : drawn.map((stroke) => scaled(stroke, factor)));
    keep();
  }

  function keep() {
    const empty = pad.isEmpty();
    image.value = empty ? "" : canvas.toDataURL("image/png");
    strokes.value = empty ? "" : JSON.stringify(pad.toData());
    box.classList.toggle("signed", !empty);
    box.dispatchEvent(new CustomEvent("signed", { bubbles: true, detail: !empty }));
  }

  const before = strokes.value;
  fit();
  if (before) {
    pad.fromData(JSON.parse(before));
    keep();
  }
  new ResizeObserver(fit).observe(canvas.parentElement);
  pad.addEventListener("endStroke", keep);
  box.querySelector("[data-signature-clear]").addEventListener("click", () => {
    pad.clear();
    keep();
  });
});

// Who has not drawn their own signature yet does so before the button at the foot finishes their work. This comes before
// all that else listens to the form being sent.
document.addEventListener(
  "submit",
  (event) => {
    const asked = document.querySelector("[data-signature-needed]");
    if (!asked || !event.submitter?.matches(".step-btn")) return;
    const [image] = asked.querySelectorAll("input[type=hidden]");
    if (image.form !== event.target || image.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const said = asked.querySelector("[role=alert]");
    said.hidden = false;
    said.textContent = asked.dataset.signatureNeeded;
    asked.scrollIntoView({ block: "center" });
  },
  true,
);

// A tap on a person fills in who signs.
document.querySelectorAll("[data-signer]").forEach((chip) => {
  chip.addEventListener("click", () => {
    const form = chip.closest("form");
    for (const name of ["name", "role", "phone"]) {
      if (form.elements[name]) form.elements[name].value = chip.dataset[name];
    }
    chip.parentElement.querySelectorAll("[data-signer]").forEach((one) => {
      one.classList.toggle("on", one === chip);
      one.setAttribute("aria-pressed", one === chip);
    });
  });
});

function scaled(stroke, factor) {
  return { ...stroke, points: stroke.points.map((point) => ({ ...point, x: point.x * factor, y: point.y * factor })) };
}
