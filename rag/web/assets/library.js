// Clicks in the list of sources. `element` and `trigger` come from gr.HTML, `parallax` from reader.js.
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-document]");
  if (!button) return;
  parallax.opens(button.closest(".entry"));
  trigger("select", { document: button.dataset.document });
});
