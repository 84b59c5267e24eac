// Clicks in the conversation. `element`, `trigger` and `watch` come from gr.HTML, `parallax` from
// reader.js.
const open = ({ dataset }) => {
  const card = element.querySelector(`#citation-${dataset.turn}-${dataset.citation}`);
  if (parallax.opens(card)) return;
  trigger("select", { turn: Number(dataset.turn), citation: Number(dataset.citation) });
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
  if (button?.dataset.citation) open(button);
  else if (button?.dataset.copy !== undefined) copy(button);
  else if (button?.dataset.ask !== undefined) begin(button.dataset.ask);
  else if (!event.target.closest("summary, a") && getSelection().isCollapsed) {
    const card = event.target.closest(".card");
    if (card) open(card.querySelector("[data-citation]"));
  }
});

addEventListener("scroll", () => {
  if (element.checkVisibility()) parallax.place = scrollY;
});

watch("value", () => {
  parallax.outline();
  const turns = element.querySelectorAll(".turn");
  turns[turns.length - 1]?.scrollIntoView({ block: "start" });
});
