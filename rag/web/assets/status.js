// The state of the library, asked for again when somebody comes back to the page.
element.addEventListener("click", (event) => {
  if (event.target.closest("[data-library]")) trigger("select", {});
});
window.addEventListener("focus", () => trigger("focus", {}));
