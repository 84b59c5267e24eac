// Clicks in the conversation. `element`, `trigger` and `watch` come from gr.HTML.
const page = (globalThis.parallax ??= { opener: null });

const open = (button) => {
  page.opener = button.closest("[id]").id;
  mark();
  trigger("select", { turn: Number(button.dataset.turn), citation: Number(button.dataset.citation) });
};

const mark = () => {
  for (const card of element.querySelectorAll(".card")) {
    card.classList.toggle("open", card.id === page.opener);
  }
};

const copy = async (button) => {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 2000);
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.citation) open(button);
  else if (button?.dataset.copy !== undefined) copy(button);
  else if (button?.dataset.ask !== undefined) trigger("submit", { question: button.dataset.ask });
  else if (!event.target.closest("summary, a") && getSelection().isCollapsed) {
    const card = event.target.closest(".card");
    if (card) open(card.querySelector("[data-citation]"));
  }
});

watch("value", () => {
  mark();
  const turns = element.querySelectorAll(".turn");
  turns[turns.length - 1]?.scrollIntoView({ block: "start" });
});
