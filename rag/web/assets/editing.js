// Which question is edited, above the box that holds it. `parallax` comes from thread.js; acting.js stands
// before this in the same scope.
const line = document.createElement("div");
line.className = "panel editing";
const says = document.createElement("span");
says.dir = "auto";
says.setAttribute("role", "status"); // it is there before it says anything, or nobody would hear it
const cancel = Object.assign(document.createElement("button"), { type: "button", hidden: true });
line.append(says, cancel);
document.querySelector("#box").before(line);

// Its turn and its words, and what was typed before; that alone, if it is put back only after a question
// that takes its place. Kept for when this tab loads the page again.
const EDITED = "parallax.edited";
let edited = JSON.parse(sessionStorage.getItem(EDITED)) ?? {};
let sought = Boolean(edited.do); // the page was loaded again, and its turn is not there yet
const put = (what) => {
  edited = what;
  sessionStorage.setItem(EDITED, JSON.stringify(edited));
};

const turns = () => [...document.querySelectorAll(".turn")];
const numberOf = (turn) => Number(turn.dataset.number);
const turn = () => {
  const same = turns().filter((each) => each.querySelector(".question").textContent === edited.instead);
  // In a page that is loaded again, turns are numbered anew.
  return same.find((each) => numberOf(each) === edited.turn) ?? (sought ? same[0] : undefined);
};
// What was typed before, and words that stand in the box, unless they are those that are edited.
const draft = (words) => [edited.do ? "" : words, edited.typed].filter(Boolean).join("\n");
const tell = (text, sign) => {
  if (says.textContent !== text) says.textContent = text;
  cancel.textContent = sign;
  cancel.hidden = !text;
};
const giveUp = () => {
  const button = turn()?.querySelector("[data-edit]");
  parallax.fill(parallax.edited().typed);
  (button ?? parallax.box()).focus();
};

Object.assign(parallax, {
  edit(button) {
    const number = numberOf(button.closest(".turn"));
    put({ do: "edit", turn: number, instead: button.dataset.edit, typed: draft(parallax.box().value) });
    sought = false;
    tell(button.dataset.editing, button.dataset.cancel);
    parallax.fill(edited.instead);
    parallax.box().focus();
  },
  // What was edited, and is no more.
  edited() {
    const was = edited;
    put({});
    sought = false;
    tell("", "");
    return was;
  },
  // What is asked next is a question of its own; what was typed before is put back after it.
  setAside(words = "") {
    const typed = draft(words);
    parallax.edited();
    if (typed) put({ typed });
  },
  // The question may have been removed, or have another place; its words stay in the box.
  heedEdited() {
    if (!edited.do || (sought && !turns().length)) return;
    const now = turn();
    if (!now) {
      parallax.setAside();
      return;
    }
    if (sought) put({ ...edited, turn: numberOf(now) });
    sought = false;
    const button = now.querySelector("[data-edit]");
    if (button) tell(button.dataset.editing, button.dataset.cancel);
  },
});
cancel.addEventListener("click", giveUp);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || !edited.do) return;
  if (event.target !== parallax.box() && event.target !== cancel) return;
  event.stopPropagation(); // the source beside stays open
  giveUp();
}, true);
