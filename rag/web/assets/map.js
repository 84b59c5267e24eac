// Draws the map with plotly, whose script is asked for when there is first something to draw.
// `element`, `trigger` and `watch` come from gr.HTML, `parallax` from reader.js.
globalThis.parallax ??= {};
const CONFIG = { displayModeBar: false, displaylogo: false, showTips: false, typesetMath: false };

let loading = null;
const plotly = (address) => {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => {
      loading = null;
      script.remove();
      reject(new Error(address));
    };
    document.head.append(script);
  });
  return loading;
};

// The colours of the page as they are now, light or dark; those of a label are its badge's.
const colour = (name) => getComputedStyle(element).getPropertyValue(`--${name}`).trim();
const coloured = ({ data, layout }, width) => {
  for (const trace of data) {
    const own = colour(trace.meta.shape || "warn");
    if (trace.mode === "lines") trace.line.color = own;
    else {
      Object.assign(trace.marker, { color: own });
      trace.marker.line.color = own;
      trace.textfont = { color: colour("soft"), size: 11 };
    }
  }
  for (const each of layout.annotations ?? []) each.font = { color: colour(each.name || "warn") };
  layout.font.color = colour("soft");
  // A finger that moves over a plot scrolls the page.
  layout.dragmode = matchMedia("(pointer: fine)").matches ? "zoom" : false;
  for (const [name, axis] of Object.entries(layout)) {
    if (!/^[xy]axis/.test(name)) continue;
    Object.assign(axis, { gridcolor: colour("line"), linecolor: colour("line") });
    if (!layout.dragmode) axis.fixedrange = true;
  }
  Object.assign(layout, { width, height: height(layout, width) });
  return { data, layout };
};
// The plane is no higher than wide; lanes keep their height.
const height = (layout, width) =>
  layout.annotations ? layout.height : Math.min(layout.height, Math.max(260, width * 0.75));

const sources = () => JSON.parse(element.querySelector(".map").dataset.sources);
let told = [];
let drawn = 0; // counts the drawings, to leave one that was overtaken

const draw = async () => {
  const map = element.querySelector(".map");
  if (!map?.querySelector(".plot") || !element.clientWidth) return;
  const turn = (drawn += 1);
  told = sources();
  // What stands below the plots stays where it is when they appear.
  for (const plot of element.querySelectorAll(".plot")) {
    const { layout } = JSON.parse(plot.dataset.figure);
    plot.style.minHeight = `${height(layout, plot.clientWidth)}px`;
  }
  let Plotly;
  try {
    Plotly = await plotly(map.dataset.script);
  } catch {
    return fail(map);
  }
  for (const plot of element.querySelectorAll(".plot")) {
    if (turn !== drawn) return;
    const { figure } = plot.dataset;
    const { data, layout } = coloured(JSON.parse(figure), plot.clientWidth);
    // The same in other colours or at another width keeps what somebody has made larger.
    if (shown.get(plot) === figure && plot.querySelector(".main-svg")) {
      await Plotly.react(plot, data, layout, CONFIG);
    } else {
      await Plotly.newPlot(plot, data, layout, CONFIG); // forgets who listened
      listen(plot);
      shown.set(plot, figure);
    }
  }
};

const fail = (map) => {
  for (const plot of map.querySelectorAll(".plot")) {
    plot.style.minHeight = "";
    plot.textContent = map.dataset.failed;
  }
};

const shown = new WeakMap(); // plot -> the figure that is drawn there
const listen = (plot) => {
  const section = plot.closest(".drawn");
  plot.on("plotly_hover", ({ points: [point], event }) => {
    section.classList.add("over");
    tell(point.customdata, event);
  });
  plot.on("plotly_unhover", () => {
    section.classList.remove("over");
    hide();
  });
  plot.on("plotly_click", ({ points: [point] }) => {
    hide();
    parallax.opens(section);
    parallax.read({ document: told[point.customdata][0] });
  });
};

// What stands beside the pointer: title, label and date of a source, each as plain text.
const tell = (at, { clientX, clientY }) => {
  const box = element.querySelector(".beside-pointer");
  told[at].slice(1).forEach((text, line) => (box.children[line].textContent = text));
  box.hidden = false;
  const { width, height } = box.getBoundingClientRect();
  const left = Math.min(clientX + 14, document.documentElement.clientWidth - width - 8);
  const above = clientY + 18 + height > innerHeight ? clientY - height - 12 : clientY + 18;
  Object.assign(box.style, { left: `${Math.max(8, left)}px`, top: `${Math.max(8, above)}px` });
};
const hide = () => {
  const box = element.querySelector(".beside-pointer");
  if (box) box.hidden = true;
};

let width = 0;
new ResizeObserver(() => {
  if (element.clientWidth === width) return;
  width = element.clientWidth;
  draw();
}).observe(element);
new MutationObserver(draw).observe(document.body, { attributeFilter: ["class"] }); // light or dark
addEventListener("scroll", hide, { passive: true });
watch("value", () => {
  hide();
  draw();
});
