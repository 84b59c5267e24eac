// The list under the map. `element` and `trigger` come from gr.HTML, `parallax` from reader.js,
// `inTurn` from turns.js.
parallax.found = replied;

let typed;
const words = () => element.querySelector("[name=find]").value;
const find = () => ["input", { find: words() }];

element.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.document !== undefined) {
    parallax.opens(button.closest(".entry"));
    parallax.read({ document: button.dataset.document });
  } else if (button?.dataset.page) {
    const page = Number(button.dataset.page);
    inTurn(() => ["input", { find: words(), page }]);
  }
});
element.addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(inTurn, 250, find);
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typed);
  inTurn(find);
});
