// The conversations that this browser keeps. `element` and `watch` come from gr.HTML, `parallax`
// from thread.js. Which one is open is this page's own affair, and survives a reload.
globalThis.parallax ??= {};
const OPEN = "parallax.open";
const REVISION = "parallax.revision"; // tells other pages that something was kept

const bar = () => element.querySelector(".conversations");

const rename = (input, yes) => {
  if (input.hidden) return;
  input.hidden = true;
  const button = input.closest("li").querySelector(".open");
  button.hidden = false;
  if (yes && input.value !== input.defaultValue) {
    parallax.act({ do: "rename", id: input.dataset.id, title: input.value });
  } else input.value = input.defaultValue;
  button.focus();
};

element.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.rename !== undefined) {
    const item = button.closest("li");
    const input = item.querySelector("input");
    item.querySelector(".open").hidden = true;
    input.hidden = false;
    input.select();
  } else if (button?.dataset.do) {
    const { do: what, id, ending } = button.dataset;
    parallax.act({ do: what, ...(id && { id }), ...(ending && { ending, here: parallax.here() }) });
    if (what === "export") {
      const list = button.closest("details");
      list.open = false;
      list.querySelector("summary").focus(); // the button itself is out of sight now
    }
    if (what === "new" || what === "open") {
      unfolded = false;
      parallax.box().focus();
    }
  }
});
element.addEventListener("keydown", (event) => {
  if (!event.target.matches("input") || event.isComposing) return;
  if (event.key === "Enter") {
    event.preventDefault(); // or it would press the button that has the focus next
    rename(event.target, true);
  } else if (event.key === "Escape") {
    event.stopPropagation(); // the source beside stays open
    rename(event.target, false);
  }
});
element.addEventListener("focusout", ({ target }) => target.matches("input") && rename(target, true));

// What another page of this browser keeps is lost if this one, which does not know it, keeps
// anything: so it begins anew with what is kept now, as soon as somebody comes back to it.
let revision;
let stale = false;
Object.assign(parallax, {
  isStale: () => stale,
  renew() {
    if (stale && document.hasFocus() && !parallax.isBusy()) location.reload();
  },
});
addEventListener("storage", ({ key, newValue }) => {
  if (key !== null && (key !== REVISION || Number(newValue) === revision)) return;
  stale = true;
  parallax.renew();
});
addEventListener("focus", parallax.renew);

// Gradio folds the list away when it shows what has changed in it.
let unfolded = false;
element.addEventListener("click", ({ target }) => {
  const list = target.closest(".kept > summary")?.parentElement;
  if (list) unfolded = !list.open; // it is about to change
});

const begin = () => {
  const open = sessionStorage.getItem(OPEN);
  const known = [...element.querySelectorAll("button.open")].some(({ dataset }) => dataset.id === open);
  if (known) parallax.act({ do: "open", id: open });
  else parallax.setAside(); // a question that was edited
  parallax.resume();
  parallax.idle();
};

// Whoever deleted something or brought it back by keyboard stood on a button that is gone. The bar
// leaves the top of the window with its Undo, and takes with it who stands there.
const stand = () => {
  const { activeElement } = document;
  if (element.contains(activeElement)) activeElement.scrollIntoView({ block: "nearest" });
  if (activeElement !== document.body) return;
  const next = ["#conversations [data-do=undo]", "#conversations .kept > summary", "#question textarea"];
  next.map((each) => document.querySelector(each)).find(Boolean).focus();
};

watch("value", () => {
  const { dataset } = bar();
  const list = element.querySelector(".kept");
  if (list) list.open = unfolded;
  const first = revision === undefined;
  if (!first) setTimeout(stand); // once the conversation below is shown as it is now
  const changed = revision !== Number(dataset.revision);
  revision = Number(dataset.revision);
  if (first) {
    begin();
    return;
  }
  sessionStorage.setItem(OPEN, dataset.current);
  if (changed) localStorage.setItem(REVISION, revision);
});
