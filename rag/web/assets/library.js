// Clicks in the list of sources. `element` and `trigger` come from gr.HTML.
const page = (globalThis.parallax ??= { opener: null });

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-document]");
  if (!button) return;
  page.opener = button.closest("[id]").id;
  trigger("select", { document: button.dataset.document });
});
