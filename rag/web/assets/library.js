// The list of sources: what is clicked and typed there. `element`, `trigger` and `watch` come from
// gr.HTML, `parallax` from reader.js, `inTurn` from turns.js.
parallax.listed = replied;

const WAIT = 250; // milliseconds after the last key until the list is looked through

// What was typed and is not written yet, by source and field: Gradio changes the page place by place,
// so that a field may be another source's after it.
const typed = new Map();
const keyOf = (field) => `${field.closest("[data-of]")?.dataset.of ?? ""}\n${field.dataset.name}`;
const unfolded = new Set();
let waits = 0;
let wished = null; // what was asked for and is not shown yet: { act, first }

const values = (inside) => Object.fromEntries(
  [...inside.querySelectorAll("[data-name]")].map((each) => [each.dataset.name, each.value]));

const find = () => {
  const field = (name) => element.querySelector(`[data-name=${name}]`).value;
  return ["input", { listing: { find: field("find"), label: field("of"), page: 1 } }];
};

const wish = ({ dataset }, details) => {
  const { act, file = "", key = "", shown = "" } = dataset;
  const form = act === "label" ? values(details) : act === "confirm" ? { by: values(details).by } : {};
  const first = Number(dataset.first ?? 0);
  const last = Number(dataset.last ?? 0);
  const deed = { act, file, key, shown, form, document: details?.dataset.of ?? "", first, last };
  inTurn(() => {
    wished = { act, first };
    return ["submit", deed];
  });
};

const look = (told) => inTurn(() => ["input", told]);

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const { dataset } = button ?? { dataset: {} };
  if (dataset.document) {
    parallax.opens(button.closest(".entry"));
    parallax.read({ document: dataset.document });
  } else if (dataset.sort) look({ sort: dataset.sort });
  else if (dataset.page) look({ listing: { page: Number(dataset.page) } });
  else if (dataset.open !== undefined) {
    const opened = button.getAttribute("aria-expanded") === "true" ? "" : dataset.open;
    look({ opened });
  } else if (dataset.act) wish(button, button.closest("[data-of]"));
});

// The button is disabled while it rebuilds, and whoever pressed it would lose their place.
const again = new MutationObserver(([{ target }]) => {
  if (!target.disabled && document.activeElement === document.body) target.focus();
});
document.addEventListener("click", ({ target }) => {
  const button = target.closest("#rebuild");
  if (button) again.observe(button, { attributeFilter: ["disabled"] });
});

element.addEventListener("input", ({ target }) => {
  if (!target.dataset.name) return;
  typed.set(keyOf(target), target.value);
  if (!target.closest(".finding")) return;
  clearTimeout(waits);
  waits = setTimeout(inTurn, WAIT, find);
});

element.addEventListener("toggle", ({ target }) => {
  if (target.open) unfolded.add(target.className);
  else unfolded.delete(target.className);
}, true);

const standard = (field) => field.localName === "select"
  ? (field.querySelector("[selected]") ?? field.options[0]).value
  : field.defaultValue;

// Where somebody goes on who has no mouse: what was pressed may be another button by now.
const NEXT = {
  remove: "[data-act=cancel]",
  cancel: "[data-act=remove]",
  removal: "[data-act=restore]",
  restore: "[data-act=remove]",
};

const goOn = ({ act, first }) => {
  const details = element.querySelector(".details");
  const wrong = details?.querySelector("[aria-invalid]");
  const next = first ? `[data-first="${first}"]` : NEXT[act];
  (wrong ?? (next && details?.querySelector(next)) ?? element.querySelector(".done"))?.focus();
};

watch("value", () => {
  if (wished?.act === "label" && !element.querySelector(".details .problem")) {
    const { of } = element.querySelector("[data-of]")?.dataset ?? {};
    for (const key of typed.keys()) if (key.startsWith(`${of}\n`)) typed.delete(key);
  }
  for (const field of element.querySelectorAll("[data-name]")) {
    const value = typed.get(keyOf(field)) ?? standard(field);
    if (field.value !== value) field.value = value;
  }
  element.querySelectorAll("details").forEach((each) => (each.open = unfolded.has(each.className)));
  if (wished) goOn(wished);
  wished = null;
  globalThis.parallax?.outline?.(); // reader.js may not be there yet
});
