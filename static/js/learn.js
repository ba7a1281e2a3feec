// A video goes on where it was stopped, and says every few seconds which parts were played; the server counts.

document.querySelectorAll("[data-learn]").forEach((box) => {
  const video = box.querySelector("video");
  const state = box.querySelector("[data-learn-state]");
  const start = Number(box.dataset.start);
  let from = null;
  let last = 0;
  let played = [];

  // The film may be known before this script runs.
  if (video.readyState >= HTMLMediaElement.HAVE_METADATA) goOn();
  else video.addEventListener("loadedmetadata", goOn);
  video.addEventListener("play", () => {
    from = last = video.currentTime;
    send();
  });
  video.addEventListener("timeupdate", () => {
    if (from === null || video.seeking) return;
    if (Math.abs(video.currentTime - last) > 2) close(video.currentTime);
    last = video.currentTime;
  });
  video.addEventListener("seeking", () => from !== null && close(video.currentTime));
  for (const name of ["pause", "ended"]) {
    video.addEventListener(name, () => {
      close(null);
      send();
    });
  }
  setInterval(() => {
    if (from === null) return;
    close(video.currentTime);
    send();
  }, 8000);
  window.addEventListener("pagehide", () => {
    close(null);
    if (played.length && navigator.sendBeacon) navigator.sendBeacon(box.dataset.learn, body());
  });

  function goOn() {
    if (start > 1 && start < video.duration - 2) video.currentTime = start;
  }

  function close(next) {
    if (from !== null && last > from) played.push([from, last]);
    from = next;
    last = next ?? last;
  }

  function body() {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", box.querySelector("[name=csrfmiddlewaretoken]").value);
    data.set("intervals", JSON.stringify(played));
    data.set("position", String(video.currentTime));
    return data;
  }

  async function send() {
    const sending = played.length;
    try {
      const answer = await fetch(box.dataset.learn, { method: "POST", body: body(), credentials: "same-origin" });
      if (!answer.ok) return;
      played = played.slice(sending);
      const { seconds, whole, done } = await answer.json();
      const percent = Math.min(99, Math.floor((seconds * 100) / whole));
      state.textContent = done ? box.dataset.stateDone : box.dataset.stateSeen.replace("#", percent);
      if (done && !box.dataset.done) {
        box.dataset.done = "1";
        if (video.ended) location.reload();
      }
    } catch {
      // Kept, and sent with the next report.
    }
  }
});
