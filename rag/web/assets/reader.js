// The source beside the conversation, and what other scripts need to know of it.
// `element`, `props`, `trigger` and `watch` come from gr.HTML; places.js follows in the same scope.
globalThis.parallax ??= {};
const page = Object.assign(parallax, {
  opener: null, // id of the card, entry or figure whose source is open
  also: 0, // which of the other sources that hold the quote of that card; 0 for its own
  reading: null, // what is open: { cite } or { document }, neither before a quote's link is known
  place: 0, // how far the conversation was scrolled when it was last seen
  // Note who opens a source; true if it is open already, and then just shown again.
  opens(card, also = 0) {
    const same = card.id === page.opener && also === page.also;
    const again = same && element.querySelector(QUOTE);
    page.opener = card.id;
    page.also = also;
    page.outline();
    if (again) show();
    return Boolean(again);
  },
  // Ask for a source. Replies may come in another order: only the newest one stands.
  read(opening) {
    page.newest = { ...opening, at: (page.newest?.at ?? 0) + 1 };
    page.reading = { cite: opening.cite, document: opening.document };
    note();
    trigger("select", page.newest);
  },
  outline() {
    for (const card of document.querySelectorAll(".card, .entry, .figure")) {
      card.classList.toggle("open", card.id === page.opener);
    }
  },
  // Copy the permanent address of a button's or link's quote.
  async copyLink(button) {
    if (!says.has(button)) says.set(button, button.textContent);
    const { copied, refused } = button.closest("[data-copied]").dataset;
    try {
      await navigator.clipboard.writeText(`${parallax.here()}?cite=${button.dataset.link}`);
      button.textContent = copied;
    } catch {
      button.textContent = refused;
    }
    setTimeout(() => (button.textContent = says.get(button)), 2000);
  },
});
const says = new WeakMap(); // what a button says before it is clicked

const QUOTE = "mark:not(.other)";

// Bring a place of the text into sight.
const bring = (box) => {
  const text = element.querySelector(".text");
  if (getComputedStyle(text).overflowY === "auto") {
    // Beside the conversation the text scrolls alone; scrollIntoView would move the page too.
    text.scrollTop += box.top - text.getBoundingClientRect().top - text.clientHeight / 3;
  } else {
    scrollBy(0, box.top - innerHeight * 0.45);
  }
};

// What stands above the quote may still grow, as the conversation does while a page begins: the quote
// stays in sight until somebody does something.
let growing = null;
const hold = (mark) => {
  growing?.disconnect();
  growing = new ResizeObserver(() => mark.isConnected && bring(mark.getBoundingClientRect()));
  growing.observe(document.body);
};
for (const deed of ["wheel", "touchstart", "pointerdown", "keydown", "input"]) {
  addEventListener(deed, () => growing?.disconnect(), { capture: true, passive: true });
}

const show = () => {
  const text = element.querySelector(".text");
  const mark = element.querySelector(QUOTE);
  const goal = mark ?? text ?? element.querySelector("[data-close]");
  if (!goal) return;
  document.getElementById(page.opener)?.scrollIntoView({ block: "nearest" });
  goal.focus({ preventScroll: true }); // inside the text, so that the arrows scroll it
  if (mark) hold(mark);
  else element.scrollIntoView({ block: "start" });
};

const close = () => {
  props.value = "";
  const opener = document.getElementById(page.opener);
  page.opener = null;
  page.reading = null;
  page.outline();
  // Whoever opened it may stand on another tab by now.
  const seen = opener?.checkVisibility() ? opener : null;
  seen?.scrollIntoView({ block: "nearest" });
  const back = seen?.querySelector("[data-citation], [data-document], [data-figure]");
  (back ?? tabOf(tab)).focus({ preventScroll: true });
  note();
};

// Find in the source. Places are painted with the CSS Custom Highlight API, which leaves the text as
// it is. What is compared is folded: without letter case, accents, and what cannot be seen.
let source = null; // the text for searching, made when somebody first searches it
let places = []; // start and end of each place that was found
let at = 0; // which of them is shown

const foldedOf = new Map(); // each character is folded once
const fold = (character) => {
  const lower = character.toUpperCase().toLowerCase().normalize("NFKD");
  return lower.replace(/[\p{M}\p{Cf}]/gu, "").replace(/\s/gu, " ");
};
const folded = (character) => {
  if (!foldedOf.has(character)) foldedOf.set(character, fold(character));
  return foldedOf.get(character);
};

// The text nodes of a source, where each begins, and the folded text with the offset of each of its
// letters. Runs of white space are one.
const gather = (text) => {
  const [nodes, starts, letters, offsets] = [[], [], [], []];
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  let length = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest("summary")) continue; // the program's words
    nodes.push(node);
    starts.push(length);
    for (const character of node.data) {
      const letter = folded(character);
      if (letter !== " " || letters[letters.length - 1] !== " ") {
        letters.push(letter);
        for (let unit = 0; unit < letter.length; unit += 1) offsets.push(length);
      }
      length += character.length;
    }
  }
  return { nodes, starts, text: letters.join(""), offsets: [...offsets, length] };
};

const search = (words) => {
  const wanted = [...words].map(folded).join("").replace(/ +/g, " ").trimStart();
  places = wanted ? placesOf(wanted) : [];
  at = 0;
  paint();
  tell(Boolean(wanted));
  if (places.length) reach();
};

const placesOf = (wanted) => {
  source ??= gather(element.querySelector(".text"));
  const { text, offsets } = source;
  const found = [];
  for (let from = text.indexOf(wanted); from >= 0; ) {
    const last = from + wanted.length - 1;
    let end = last + 1;
    while (offsets[end] === offsets[last]) end += 1; // one letter folded to two
    found.push([offsets[from], offsets[end]]);
    from = text.indexOf(wanted, last + 1);
  }
  return found;
};

const step = (by) => {
  if (!places.length) return;
  at = (at + by + places.length) % places.length;
  tell();
  reach();
};

const tell = (sought = true) => {
  const hits = element.querySelector(".hits");
  if (!hits) return;
  const some = hits.dataset.some.replace("##", places.length).replace("#", at + 1);
  hits.textContent = places.length ? some : sought ? hits.dataset.none : "";
};

// The node that holds an offset, and the offset in it. An end is of the node before, at an edge.
const locate = (offset, isEnd) => {
  let [low, high] = [0, source.starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (source.starts[middle] < offset + (isEnd ? 0 : 1)) low = middle;
    else high = middle - 1;
  }
  return [source.nodes[low], offset - source.starts[low]];
};

const rangeOf = ([start, end]) => {
  const [startContainer, startOffset] = locate(start, false);
  const [endContainer, endOffset] = locate(end, true);
  return new StaticRange({ startContainer, startOffset, endContainer, endOffset });
};

const paint = () => {
  if (!globalThis.CSS?.highlights) return; // without them the places are still counted and reached
  const found = new Highlight();
  for (const place of places) found.add(rangeOf(place));
  CSS.highlights.set("found", found);
  CSS.highlights.delete("found-here");
};

const reach = () => {
  const place = rangeOf(places[at]);
  if (globalThis.CSS?.highlights) {
    const here = new Highlight(place);
    here.priority = 1;
    CSS.highlights.set("found-here", here);
  }
  const details = place.startContainer.parentElement.closest("details");
  if (details) details.open = true;
  const range = document.createRange();
  range.setStart(place.startContainer, place.startOffset);
  range.setEnd(place.endContainer, place.endOffset);
  bring(range.getBoundingClientRect());
};

const forget = () => {
  const box = element.querySelector("[data-find]");
  if (box) box.value = "";
  source = null;
  search("");
};

element.addEventListener("input", ({ target }) => {
  if (target.matches("[data-find]")) search(target.value);
});

element.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-find]")) return;
  if (event.key === "Enter") {
    step(event.shiftKey ? -1 : 1);
    event.preventDefault();
  } else if (event.key === "Escape" && event.target.value) {
    event.target.value = "";
    search("");
    event.preventDefault();
    event.stopPropagation(); // which would close the source
  }
});

element.addEventListener("click", (event) => {
  const { dataset = {} } = event.target.closest("button, a") ?? {};
  if (dataset.close !== undefined) close();
  if (dataset.step) step(Number(dataset.step));
  if (dataset.link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    page.copyLink(event.target.closest("a"));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && element.querySelector("[data-close]")) close();
});

watch("value", () => {
  const reply = element.querySelector("[data-at]");
  if (reply && !page.reading) return (props.value = ""); // closed before it came
  if (reply && Number(reply.dataset.at) !== page.newest?.at) return trigger("select", page.newest);
  forget();
  show();
  if (reply && !page.reading.document) {
    page.reading.cite ??= element.querySelector("[data-link]")?.dataset.link;
    note();
  }
  if (element.querySelector(".failure")) parallax.refresh(); // the library has changed
});
