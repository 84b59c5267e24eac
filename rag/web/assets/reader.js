// The source beside the conversation. `element`, `trigger`, `watch` and `props` come from gr.HTML.
const page = (globalThis.parallax ??= { opener: null });

const close = () => {
  props.value = "";
  const opener = document.getElementById(page.opener);
  opener?.scrollIntoView({ block: "nearest" });
  opener?.querySelector("[data-citation], [data-document]")?.focus({ preventScroll: true });
  opener?.classList.remove("open");
  page.opener = null;
};

element.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) close();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && element.querySelector("[data-close]")) close();
});

watch("value", () => {
  const heading = element.querySelector("h2");
  if (!heading) return;
  document.getElementById(page.opener)?.scrollIntoView({ block: "nearest" });
  heading.focus({ preventScroll: true });
  (element.querySelector("mark") ?? heading)?.scrollIntoView({ block: "center" });
});
