// The tabs and an open source as places in the browser's history, in the scope of reader.js. What
// stands in the address is compared with names that are known here, or searched for; never shown.
const TABS = ["ask", "library", "map", "labels"];
history.scrollRestoration = "manual"; // what was scrolled stands there only later
let tab = "ask"; // the one that is shown
let wanted = null; // the state to show, until its tab is
let going = null; // the tab that the page itself turns to, until it is shown
let leaving = false; // whether the page itself goes back, to before a source was opened

const named = () => TABS.find((each) => location.hash === `#${each}`) ?? "ask";
const tabOf = (name) => document.querySelector(`[role=tab][data-tab-id=${name}]`);
const shown = () => TABS.find((each) => tabOf(each)?.getAttribute("aria-selected") === "true");
const isNamed = (source) => Boolean(source?.cite || source?.document);
const same = (one, other) =>
  !one === !other && one?.cite === other?.cite && one?.document === other?.document;

// A state is a tab, the source that is open in it, and whether that was opened over the state before.
const stateNow = (over) => [{ tab, source: page.reading, over }, "", addressNow()];
const addressNow = () =>
  location.pathname + (page.reading?.cite ? location.search : "") + (tab === "ask" ? "" : `#${tab}`);

// Bring the history to what is shown.
const note = () => {
  if (leaving || wanted) return;
  const before = history.state;
  if (tab !== before.tab) history.pushState(...stateNow(false));
  else if (same(before.source, page.reading)) return;
  else if (!before.source) history.pushState(...stateNow(true));
  else if (page.reading || !before.over) history.replaceState(...stateNow(before.over));
  else {
    leaving = true;
    history.back();
  }
};

const go = (state) => {
  wanted = state;
  if (going) return; // it comes back here once that tab is shown
  if (tab === state.tab) return arrive();
  going = state.tab;
  tabOf(going).click();
};

const arrive = () => {
  const { source } = wanted;
  wanted = null;
  if (!same(source, page.reading)) {
    if (isNamed(source)) reopen(source);
    else if (page.reading) close();
  }
  note();
};

const reopen = (source) => {
  const ways = [...document.querySelectorAll(".card [data-link], .entry [data-document]")];
  const way = ways.find((each) => each.checkVisibility() && (source.document
    ? each.dataset.document === source.document
    : each.dataset.link === source.cite));
  page.opener = way?.closest(".card, .entry").id ?? null;
  page.also = 0;
  page.outline();
  page.read(source);
};

const turned = () => {
  const name = shown();
  if (!name || name === tab) return;
  tab = name;
  requestAnimationFrame(() => scrollTo(0, tab === "ask" ? page.place : 0));
  const went = going === tab;
  going = null;
  if (went && wanted.tab !== tab) go(wanted);
  else if (wanted?.tab === tab) {
    tabOf(tab).focus({ preventScroll: true }); // what had it may be out of sight
    arrive();
  } else {
    wanted = null;
    note();
  }
};

// Of tabs that are turned to quickly Gradio tells in another order than they were: so the tabs are
// looked at themselves.
new MutationObserver(() => setTimeout(turned)).observe(document.body, {
  subtree: true,
  attributeFilter: ["aria-selected"],
});

addEventListener("popstate", ({ state }) => {
  if (leaving) {
    leaving = false;
    note();
    return;
  }
  // Somebody has changed the address.
  if (!state) history.replaceState({ tab: named(), source: page.reading, over: false }, "");
  go(history.state);
});

// The page as it is opened: at an address, by a permanent link, or loaded again.
const cite = new URLSearchParams(location.search).get("cite");
const { source: kept = cite && { cite }, over = false } = history.state ?? {};
history.replaceState({ tab: named(), source: kept || null, over }, "");
wanted = history.state;
if (isNamed(kept)) page.read(kept);
page.begin = () => go(history.state);
