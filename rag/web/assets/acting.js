// The filters that act. `element` and `watch` come from gr.HTML, `parallax` from filters.js.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.clear !== undefined) parallax.unchoose();
  else parallax.unchoose(button.dataset.of, button.dataset.value);
  parallax.box().focus(); // the button itself is about to go
});

watch("value", () => {
  const acting = element.querySelector(".acting");
  if (!acting) return; // why it cannot be told stands there instead
  const { at, wrong } = acting.dataset;
  parallax.wrong(wrong.split(" "));
  parallax.heeded(Number(at));
});
