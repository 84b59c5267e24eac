// The source beside the conversation, and what other scripts need to know of it.
// `element`, `props` and `watch` come from gr.HTML.
const page = (globalThis.parallax = {
  opener: null, // id of the card, entry or figure whose source is open
  also: 0, // which of the other sources that hold the quote of that card; 0 for its own
  place: 0, // how far the conversation was scrolled when it was last seen
  // Note who opens a source; true if it is open already, and then just shown again.
  opens(card, also = 0) {
    const same = card.id === page.opener && also === page.also;
    const again = same && element.querySelector("mark");
    page.opener = card.id;
    page.also = also;
    page.outline();
    if (again) show();
    return Boolean(again);
  },
  outline() {
    for (const card of document.querySelectorAll(".card, .entry, .figure")) {
      card.classList.toggle("open", card.id === page.opener);
    }
  },
});

const show = () => {
  const text = element.querySelector(".text");
  const mark = element.querySelector("mark");
  const goal = mark ?? text ?? element.querySelector("[data-close]");
  if (!goal) return;
  document.getElementById(page.opener)?.scrollIntoView({ block: "nearest" });
  goal.focus({ preventScroll: true }); // inside the text, so that the arrows scroll it
  if (mark && getComputedStyle(text).overflowY === "auto") {
    // Beside the conversation the text scrolls alone; scrollIntoView would move the page too.
    text.scrollTop += mark.getBoundingClientRect().top - text.getBoundingClientRect().top;
    text.scrollTop -= text.clientHeight / 3;
  } else {
    (mark ?? element).scrollIntoView({ block: mark ? "center" : "start" });
  }
};

const close = () => {
  props.value = "";
  const opener = document.getElementById(page.opener);
  page.opener = null;
  page.outline();
  // Whoever opened it may stand on another tab by now.
  const seen = opener?.checkVisibility() ? opener : null;
  seen?.scrollIntoView({ block: "nearest" });
  const back = seen?.querySelector("[data-citation], [data-document], [data-figure]");
  (back ?? document.querySelector("[role=tab][aria-selected=true]")).focus({ preventScroll: true });
};

element.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) close();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && element.querySelector("[data-close]")) close();
});

watch("value", show);
