// Light or dark before the first paint: the person's choice (cookie "theme"), else the system's.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => (document.cookie.match(/(?:^|; )theme=(light|dark)/) || [])[1] || "auto";
  const apply = () => {
    root.dataset.bsTheme = chosen() === "auto" ? (dark.matches ? "dark" : "light") : chosen();
    for (const button of document.querySelectorAll("[data-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.theme === chosen()));
    }
  };
  root.classList.add("js");
  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme]");
    if (!button) return;
    const age = button.dataset.theme === "auto" ? 0 : 31536000;
    document.cookie = `theme=${button.dataset.theme}; path=/; max-age=${age}; samesite=lax`;
    apply();
  });
})();
