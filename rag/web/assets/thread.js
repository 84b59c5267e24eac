// Clicks in the conversation. `element`, `trigger` and `watch` come from gr.HTML, `parallax` from
// reader.js.
const open = (button) => {
  const { dataset } = button;
  const citation = Number(dataset.citation ?? dataset.quote ?? 0);
  const also = Number(dataset.also ?? 0); // which of the other sources that hold the quote
  const figure = Number(dataset.figure ?? 0);
  if (parallax.opens(button.closest(".card, .figure"), also)) return;
  parallax.read({ turn: Number(dataset.turn), citation, also, figure });
};

// Whatever changes the conversation is done one after the other, in the order in which it was begun:
// while Gradio is at work it would lose it. So it waits here.
globalThis.parallax ??= {};
const unfolded = new Set(); // which details of which turn
const waiting = []; // functions that give what is to be done; nothing if it is no longer needed
let busy = true; // until the page has begun
let since = 0; // when the last was begun

const next = () => {
  if (parallax.isStale?.()) return parallax.renew();
  while (!busy && waiting.length) {
    const deed = waiting.shift()();
    if (!deed) continue;
    busy = true;
    since = performance.now();
    begun(deed);
    trigger("submit", deed);
  }
};

// What is asked is kept until there is an answer: if it never comes, it is given back. If the page is
// loaded again meanwhile, it is asked once more, and what was only typed is given back.
const ASKED = "parallax.asked";
const TYPED = "parallax.typed";
const LOOKING = 2000; // milliseconds between two looks at whether the server is still there
let asked = "";
let looking;
const note = document.createElement("div");
note.setAttribute("role", "alert");
element.after(note);

const begun = (deed) => {
  note.className = "";
  note.replaceChildren();
  if (["new", "open"].includes(deed.do)) unfolded.clear();
  asked = deed.question ?? "";
  if (asked) sessionStorage.setItem(ASKED, JSON.stringify({ ...deed, do: "ask" }));
  // Gradio tells nobody that it has lost the server.
  looking = setInterval(async () => {
    const about = await standing();
    if (busy && about.broke) fail(about);
  }, LOOKING);
};

const answered = () => asked && sessionStorage.removeItem(ASKED);

const standing = async () => {
  const { broke, failed } = document.querySelector(".conversations").dataset;
  try {
    const response = await fetch("gradio_api/app_id", { cache: "no-store" });
    return response.ok ? { error: failed } : await response.json();
  } catch {
    return { error: broke, broke: true };
  }
};

const fail = ({ error, door, sign }) => {
  // After a reload, the question may still wait for its conversation.
  const question = JSON.parse(sessionStorage.getItem(ASKED))?.question;
  sessionStorage.removeItem(ASKED);
  if (question) parallax.fill([question, box().value].filter(Boolean).join("\n"));
  note.classList.add("failure", "broken");
  note.textContent = `${error} `;
  if (door) note.append(Object.assign(document.createElement("a"), { href: door, textContent: sign }));
  note.scrollIntoView({ block: "nearest" });
  waiting.length = 0;
  rest();
};

const rest = () => {
  clearInterval(looking);
  setTimeout(() => {
    busy = false;
    next();
  }, 50);
};

const box = () => document.querySelector("#question textarea");
const ask = (question) => ({ do: "ask", question, only: parallax.chosen() });
const typed = () => {
  const question = box().value;
  if (!question.trim()) return null;
  const { typed: before = "", ...edited } = parallax.edited();
  parallax.fill(before);
  if (!edited.do) return ask(question);
  turnOf(edited.turn)?.scrollIntoView({ block: "start" });
  return { ...ask(question), ...edited };
};
const turnOf = (number) => element.querySelector(`.turn[data-number="${number}"]`);

Object.assign(parallax, {
  box,
  act(deed) {
    waiting.push(() => deed);
    next();
  },
  isBusy: () => busy,
  here: () => location.origin + location.pathname, // the address of the page, as a permanent link has it
  // Gradio is done. It closes its stream now; what is sent in that moment might be lost.
  idle() {
    answered();
    rest();
  },
  failed: async () => fail(await standing()),
  // The page has been loaded again.
  resume() {
    const question = sessionStorage.getItem(TYPED);
    if (question) parallax.fill(question);
    const deed = JSON.parse(sessionStorage.getItem(ASKED));
    if (deed) parallax.act(deed);
  },
  fill(question) {
    box().value = question;
    box().dispatchEvent(new Event("input", { bubbles: true })); // so that Gradio knows it too
  },
});

const askTyped = () => {
  if (!waiting.includes(typed)) waiting.push(typed);
  next();
};
const stop = () => {
  if (performance.now() - since > 500) trigger("stop", {}); // sooner: the second click of two
};

document.addEventListener("input", ({ target }) => {
  if (target === box()) sessionStorage.setItem(TYPED, target.value);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target !== box()) return;
  event.preventDefault();
  askTyped();
}, true);
document.addEventListener("click", ({ target }) => {
  if (!target.closest("#go")) return;
  if (busy && element.querySelector(".searching")) stop();
  else askTyped();
}, true);

const change = (question) => {
  parallax.setAside(box().value);
  parallax.fill(question);
  box().focus();
};

const copy = async (button, text) => {
  const says = button.dataset.says ?? button.textContent;
  button.dataset.says = says;
  const { copied, refused } = button.closest("[data-copied]").dataset;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = copied;
  } catch {
    button.textContent = refused;
  }
  setTimeout(() => (button.textContent = says), 2000);
};

// The links of an answer lack the address of the page; no text of a source looks like one of them.
const linked = (answer) => answer.replace(/(?<!\\)<\?cite=/g, () => `<${parallax.here()}?cite=`);

const begin = (question) => {
  box().focus();
  waiting.push(() => ask(question)); // with the filters as they stand when its turn comes
  next();
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.citation || button?.dataset.also || button?.dataset.figure) open(button);
  else if (button?.dataset.copy !== undefined) copy(button, button.dataset.copy);
  else if (button?.dataset.answer !== undefined) copy(button, linked(button.dataset.answer));
  else if (button?.dataset.link !== undefined) parallax.copyLink(button);
  else if (button?.dataset.ask !== undefined) {
    if (event.detail < 2) begin(button.dataset.ask); // the second click of two asks nothing more
  } else if (button?.dataset.change !== undefined) change(button.dataset.change);
  else if (button?.dataset.edit !== undefined) parallax.edit(button);
  else if (button?.dataset.do !== undefined) {
    parallax.act({ do: button.dataset.do, turn: Number(button.dataset.turn), only: parallax.chosen() });
    // Pressed by keyboard, and the button is about to go; what is removed has an Undo to stand on.
    if (event.detail === 0 && button.dataset.do !== "remove") box().focus();
  }
  else if (!event.target.closest("summary, a") && getSelection().isCollapsed) {
    const card = event.target.closest(".card");
    if (card) open(card.querySelector("[data-citation]"));
  }
});

// Gradio puts in what a new turn brings and sets the rest back: what a reader unfolded stays so.
const keyOf = (details) => {
  const turn = details.closest(".turn");
  return `${turn.dataset.number} ${[...turn.querySelectorAll("details")].indexOf(details)}`;
};
element.addEventListener("toggle", ({ target }) => {
  if (!target.closest(".turn")) return;
  if (target.open) unfolded.add(keyOf(target));
  else unfolded.delete(keyOf(target));
}, true);

addEventListener("scroll", () => {
  if (globalThis.parallax && element.checkVisibility()) parallax.place = scrollY;
});

let shown = 0; // so many questions
let searching; // number of the last turn that waits for its answer
watch("value", () => {
  globalThis.parallax?.outline?.(); // reader.js may not be there yet
  const turns = element.querySelectorAll(".turn");
  if (!turns.length) unfolded.clear();
  parallax.heedEdited?.(); // acting.js may not be there yet
  for (const each of element.querySelectorAll(".turn details")) each.open = unfolded.has(keyOf(each));
  const last = turns[turns.length - 1];
  const restored = !shown && parallax.reading; // beside a quote that is open already
  if (turns.length > shown && !restored) last.scrollIntoView({ block: "start" });
  shown = turns.length;
  // A question that could not be asked is given back, to be mended.
  const searched = searching && turnOf(searching);
  const failed = searched?.querySelector(".failure");
  if (failed && !box().value) parallax.fill(searched.querySelector(".question").textContent);
  const before = searching;
  searching = [...element.querySelectorAll(".turn:has(.searching)")].at(-1)?.dataset.number;
  if (before && !searching) answered();
  const generation = document.querySelector("#status [data-generation]")?.dataset.generation;
  if (last?.dataset.generation && last.dataset.generation !== generation) parallax.refresh();
});
