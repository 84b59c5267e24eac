// Files that are added to the seeds, one after another. `element` and `watch` come from gr.HTML,
// `parallax` from status.js.
const waiting = []; // files with their places in the list
let sending = null;

const drop = () => element.querySelector(".drop");
// What is said, with a value in the place of "#".
const says = (message, value = "") => drop().dataset[message].replace("#", () => value);

const made = (name, properties = {}, ...inside) => {
  const one = Object.assign(document.createElement(name), properties);
  one.append(...inside);
  return one;
};

// The list stands beside what Gradio shows, which would change it place by place.
const list = made("ul", { className: "uploads" });
list.setAttribute("aria-live", "polite");
element.after(list);

const tell = (place, kind, said) => {
  place.className = kind;
  place.querySelector(".told").textContent = said;
  if (place.contains(document.activeElement)) element.querySelector("[type=file]")?.focus();
  place.querySelector("progress")?.remove();
  place.querySelector("button")?.remove();
};

const next = () => {
  if (sending || !waiting.length) return;
  const { file, place } = waiting.shift();
  const request = new XMLHttpRequest();
  const bar = place.querySelector("progress");
  const end = (kind, said) => {
    tell(place, kind, said);
    sending = null;
    if (waiting.length) next();
    else parallax.refresh();
  };
  sending = { request, place };
  request.upload.onprogress = ({ loaded, total }) => {
    bar.max = total || 1;
    bar.value = loaded;
  };
  request.onload = () => {
    if (request.status === 401) {
      end("refused", "");
      const door = made("a", { href: "parallax/door", textContent: says("signIn") });
      place.querySelector(".told").append(door);
      return;
    }
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      answer = { message: request.responseText.slice(0, 200) || says("refused", request.status) };
    }
    const { message = "", remedy = "" } = answer;
    const kinds = { 201: "added", 200: "same" };
    end(kinds[request.status] ?? "refused", `${message} ${remedy}`.trim());
  };
  request.onerror = () => end("refused", says("broke"));
  request.onabort = () => end("refused", says("cancelled"));
  request.open("PUT", `parallax/seeds/${encodeURIComponent(file.name)}`);
  request.send(file);
};

const cancel = (place) => {
  if (sending?.place === place) return sending.request.abort();
  waiting.splice(waiting.findIndex((each) => each.place === place), 1);
  tell(place, "refused", says("cancelled"));
};

const add = (files) => {
  list.setAttribute("aria-label", says("list"));
  for (const file of files) {
    const bar = made("progress", { value: 0 });
    bar.setAttribute("aria-label", says("sent", file.name));
    const stop = made("button", { type: "button", className: "button", textContent: says("cancel") });
    stop.setAttribute("aria-label", says("cancelOf", file.name));
    const place = made("li", {}, made("bdi", { textContent: file.name }), bar, stop,
      made("span", { className: "told" }));
    stop.addEventListener("click", () => cancel(place));
    list.append(place);
    if (file.size > Number(says("most"))) tell(place, "refused", says("tooLarge"));
    else waiting.push({ file, place });
  }
  next();
};

element.addEventListener("change", ({ target }) => {
  if (target.type !== "file") return;
  add(target.files);
  target.value = "";
});

const carries = (event) => event.dataTransfer?.types.includes("Files");
for (const name of ["dragenter", "dragover"]) {
  element.addEventListener(name, (event) => {
    if (!drop() || !carries(event)) return;
    event.preventDefault();
    drop().classList.add("over");
  });
}
element.addEventListener("dragleave", () => drop()?.classList.remove("over"));
element.addEventListener("drop", (event) => {
  if (!drop() || !carries(event)) return;
  event.preventDefault();
  drop().classList.remove("over");
  add(event.dataTransfer.files);
});
