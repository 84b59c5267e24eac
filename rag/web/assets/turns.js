// What a list is told, one after the other: each reply is there before the next thing is told, so none
// is overtaken. `trigger` comes from gr.HTML; the script of a list follows in the same scope.
const waiting = []; // functions that give an event and what it tells
let busy = false;

const next = () => {
  if (busy || !waiting.length) return;
  const told = waiting.shift()();
  busy = true;
  trigger(...told);
};
// What waits already is not told a second time: it looks at the page when its turn comes.
const inTurn = (wish) => {
  if (!waiting.includes(wish)) waiting.push(wish);
  next();
};

const replied = () => {
  busy = false;
  next();
};
globalThis.parallax ??= {}; // where Gradio finds it
