// Clicks in the conversation. `element`, `trigger` and `watch` come from gr.HTML, `parallax` from
// reader.js.
const open = (button) => {
  const { dataset } = button;
  const citation = Number(dataset.citation ?? dataset.quote ?? 0);
  const also = Number(dataset.also ?? 0); // which of the other sources that hold the quote
  const figure = Number(dataset.figure ?? 0);
  if (parallax.opens(button.closest(".card, .figure"), also)) return;
  trigger("select", { turn: Number(dataset.turn), citation, also, figure });
};

const change = (question) => {
  const box = document.querySelector("#question textarea");
  box.value = question;
  box.dispatchEvent(new Event("input", { bubbles: true })); // so that Gradio knows it too
  box.focus();
};

const copy = async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  } catch {
    button.textContent = "The browser did not allow it";
  }
  setTimeout(() => (button.textContent = "Copy"), 2000);
};

const begin = (question) => {
  document.querySelector("#question textarea").focus();
  trigger("submit", { question });
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.citation || button?.dataset.also || button?.dataset.figure) open(button);
  else if (button?.dataset.copy !== undefined) copy(button);
  else if (button?.dataset.ask !== undefined) begin(button.dataset.ask);
  else if (button?.dataset.change !== undefined) change(button.dataset.change);
  else if (!event.target.closest("summary, a") && getSelection().isCollapsed) {
    const card = event.target.closest(".card");
    if (card) open(card.querySelector("[data-citation]"));
  }
});

// Gradio puts in what a new turn brings and sets the rest back: what a reader unfolded stays so.
const unfolded = new Set();
const keyOf = (details) => [...element.querySelectorAll("details")].indexOf(details);
element.addEventListener("toggle", ({ target }) => {
  if (target.open) unfolded.add(keyOf(target));
  else unfolded.delete(keyOf(target));
}, true);

addEventListener("scroll", () => {
  if (globalThis.parallax && element.checkVisibility()) parallax.place = scrollY;
});

watch("value", () => {
  globalThis.parallax?.outline(); // reader.js may not be there yet
  element.querySelectorAll("details").forEach((each, key) => (each.open = unfolded.has(key)));
  const turns = element.querySelectorAll(".turn");
  turns[turns.length - 1]?.scrollIntoView({ block: "start" });
});
