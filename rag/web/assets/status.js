// The state of the library, asked for again when somebody comes back to the page, and when an answer
// or a source tells of another generation than the one that is shown.
globalThis.parallax ??= {};
parallax.refresh = () => trigger("focus", {});

element.addEventListener("click", (event) => {
  if (event.target.closest("[data-library]")) trigger("select", {});
});
window.addEventListener("focus", parallax.refresh);
// A rebuild that another page began ends without this one.
const SECONDS = 15;
setInterval(() => document.visibilityState === "visible" && parallax.refresh(), 1000 * SECONDS);
