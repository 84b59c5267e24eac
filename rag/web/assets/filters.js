// The form of filters. `element`, `trigger` and `watch` come from gr.HTML. What is chosen is read
// from the form itself whenever it is needed, so nothing that is asked can overtake it.
globalThis.parallax ??= {};
const inputs = () => [...element.querySelectorAll("[data-of]")];

const read = () => {
  const chosen = { perspectives: [], sources: [], kinds: [], since: "", until: "" };
  for (const input of inputs()) {
    if (input.type !== "checkbox") chosen[input.dataset.of] = input.value.trim();
    else if (input.checked) chosen[input.dataset.of].push(input.value);
  }
  return chosen;
};

// Kept for when this tab loads the page again; never on the server.
const CHOSEN = "parallax.chosen";
let chosen = JSON.parse(sessionStorage.getItem(CHOSEN)) ?? read();
let at = 0; // counts what was told, to know the newest reply
const tell = () => {
  chosen = read();
  sessionStorage.setItem(CHOSEN, JSON.stringify(chosen));
  at += 1;
  trigger("input", { ...chosen, at });
};

Object.assign(parallax, {
  chosen: read,
  // A reply has come: another one is needed unless it is to the newest.
  heeded(reply) {
    if (reply && reply !== at) tell();
  },
  wrong(fields) {
    for (const input of inputs()) {
      if (input.type !== "checkbox") {
        input.setAttribute("aria-invalid", String(fields.includes(input.dataset.of)));
      }
    }
  },
  unchoose(of, value) {
    for (const input of inputs()) {
      if (of && input.dataset.of !== of) continue;
      if (input.type !== "checkbox") input.value = "";
      else if (!of || input.value === value) input.checked = false;
    }
    tell();
  },
});

let typed;
element.addEventListener("input", ({ target }) => {
  if (target.matches(".find")) find(target.value);
  else if (target.matches("[data-of]")) {
    clearTimeout(typed);
    typed = setTimeout(tell, target.type === "checkbox" ? 0 : 250);
  }
});

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const find = (words) => {
  const wanted = plain(words).split(/\s+/);
  for (const label of element.querySelectorAll(".sources label")) {
    const said = plain(label.textContent + label.querySelector("input").value);
    const chosen = label.querySelector("input").checked;
    label.hidden = !chosen && !wanted.every((word) => said.includes(word));
  }
};

let unfolded = false;
element.addEventListener("toggle", ({ target }) => (unfolded = target.open), true);

// A new form, of another generation: what was chosen stays chosen, if the library still knows it.
watch("value", () => {
  const before = chosen;
  const form = element.querySelector("details");
  if (form) form.open = unfolded;
  for (const input of inputs()) {
    const value = before[input.dataset.of];
    if (input.type === "checkbox") input.checked = value.includes(input.value);
    else input.value = value;
  }
  if (at || Object.values(before).some((value) => value.length)) tell();
});
