"""The page says nothing but messages: its templates and scripts hold no words of their own."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from markupsafe import Markup

from rag import errors
from rag.answering import Library
from rag.encoder import Encoder
from rag.index.build import BuildReport, build
from rag.index.changes import Changes, Staleness
from rag.index.log import LoggedBuild, Names
from rag.records import Answer, Duplicates, Filter, Span
from rag.removal import Removed
from rag.settings import Settings
from rag.web.badges import shapes_of
from rag.web.conversations import MOST, Asked, Conversation, Kept, conversations_html
from rag.web.details import Beside, details_of
from rag.web.failures import failure_html, reported
from rag.web.filters import Chosen, acting_html, filters_html
from rag.web.library_tab import REBUILD
from rag.web.listing import Listing, rows_of
from rag.web.map import map_html, nearest_html
from rag.web.markup import render, said
from rag.web.owning import Desk, Wish, done
from rag.web.reader import gone_html, reader_html
from rag.web.shelf import Step
from rag.web.sources import (
    adding_html,
    changed_html,
    labels_html,
    library_html,
    opening_html,
    progress_html,
    report_html,
    status_html,
)
from rag.web.thread import Turn, said_html, thread_html, welcome_html
from rag.web.wiring import ASSETS, words
from rag.wording.language import LANGUAGES, current, fixed, say, spoken
from tests.answers import ANSWER, DOCUMENTS
from tests.conftest import ROOT
from tests.making import Element, opened, parsed, settings_for
from tests.russian import ELSEWHERE, HOW_MUCH, RUSSIAN, WHEN_CLOSED
from tests.test_own_voice import made_up_answers, phrases, texts_of, verbatim_of
from tests.test_web_sources import DAY
from tests.test_wording_language import messages

WEB = ROOT / "rag" / "web"
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
SCRIPTS = sorted(ASSETS.glob("*.js"))
MODULES = sorted(WEB.glob("*.py"))

LETTER = re.compile(r"[^\W\d_]")
LATIN = re.compile(r"[A-Za-z]{2,}")

TOLD = frozenset(["alt", "aria-label", "content", "placeholder", "title"])
"""Attributes that somebody sees or hears; and all of `data-` that a script shows."""

NAMES = frozenset(["sources.toml", "published", "para", "ll", "ax", "MarkdownJSON"])
"""What stands in a template and is no word: names of a file, a field and the program."""


# What stands in the templates


def environment() -> Environment:
    return Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True)


def plain(template: Path) -> str:
    """A template without what it fills in."""
    source = template.read_text("utf-8")
    tokens = environment().lex(source)
    return "".join(text for _, kind, text in tokens if kind == "data")


def own_words(html: str) -> set[str]:
    """The texts between tags that have letters, and the values of attributes that are told."""
    html = re.sub(r"<!doctype[^>]*>", "", html)
    texts = re.sub(r'<[^>]*>| [\w-]+="[^"]*"', "\0", html).split("\0")
    told = re.findall(rf'(?:{"|".join(TOLD)})="([^"]*)"', re.sub("<meta[^>]*>", "", html))
    return {each.strip() for each in [*texts, *told] if LETTER.search(each)}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.name)
def test_no_template_holds_a_word_of_its_own(template: Path) -> None:
    assert own_words(plain(template)) - NAMES == set()


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>Ask</p>", {"Ask"}),
        ('<p aria-label="Ask"></p>', {"Ask"}),
        ('<input placeholder="a year">', {"a year"}),
        ('<p class="ask" data-do="again">×</p>', set()),
    ],
)
def test_a_word_in_a_template_is_found(html: str, words: set[str]) -> None:
    assert own_words(html) == words


STRINGS = frozenset([" refusal", "leave out", "Markdown", "JSON"])
"""What templates fill in that looks like words: a class, a name of an act, names of formats."""


def looks_like_words(text: str) -> bool:
    """Whether a text begins as a sentence does, or has a word after another."""
    return bool(re.search(r"^[A-Z][a-z]|[a-z]{2,}[,…]? [a-z]{2,}|…", text))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.name)
def test_no_template_fills_in_a_word_of_its_own(template: Path) -> None:
    tree = environment().parse(template.read_text("utf-8"))
    found = {each.value for each in tree.find_all(nodes.Const) if isinstance(each.value, str)}
    assert {each for each in found if looks_like_words(each)} - STRINGS == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.name)
def test_what_a_template_says_is_a_message(template: Path) -> None:
    known = messages("en")
    for call in environment().parse(template.read_text("utf-8")).find_all(nodes.Call):
        is_said = isinstance(call.node, nodes.Name) and call.node.name == "say"
        if is_said and isinstance(call.args[0], nodes.Const):
            named = {each.key for each in call.kwargs}
            assert named == known[call.args[0].value], call.args[0].value


# What stands in the scripts, the styles and the modules

KEYS = frozenset(["Enter", "Escape", "Files", "panel editing"])
"""Names of keys, of what is dragged, and of classes."""


def strings_of(script: str) -> set[str]:
    """The strings of a script, without its comments."""
    script = re.sub(r"(?<!:)//.*", "", script)
    return {"".join(each) for each in re.findall(r'"([^"\n]*)"|`([^`]*)`', script)}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda each: each.name)
def test_no_script_holds_words(script: Path) -> None:
    found = {each for each in strings_of(script.read_text("utf-8")) if looks_like_words(each)}
    assert {each for each in found if not re.search(r"[.#\[]", each)} - KEYS == set()


def test_a_word_in_a_script_is_found() -> None:
    script = 'say("Copied"); // "Not this"\nsay(`The file ${name}`, "two words", ".a b", "input");'
    found = {each for each in strings_of(script) if looks_like_words(each)}
    assert found == {"Copied", "The file ${name}", "two words"}


@pytest.mark.parametrize("style", sorted(ASSETS.glob("*.css")), ids=lambda each: each.name)
def test_no_style_shows_words(style: Path) -> None:
    shown = re.findall(r"content:([^;}]*)", style.read_text("utf-8"))
    strings = [each for value in shown for each in re.findall(r'"([^"]*)"', value)]
    assert [each for each in strings if LETTER.search(each)] == []


FOR_OPERATORS = frozenset(["guard.py", "listening.py", "sharing.py"])
"""They talk to whoever starts the program, or refuse what no page of ours would ask."""

IN_ENGLISH = frozenset(
    {
        "That is longer than any question can be.",
        "This page can only be asked through its proxy.",
        "Only sources labelled ",  # understood in questions, which may say so in English alone
        "Length Required",
        "a filter longer than is kept",
        "kept by the owner of the library",  # a reason, known by these words
        "hide past domain",  # a value that plotly knows
    }
)


def constants_of(module: Path) -> Iterator[str]:
    """The strings of a module that are no docstrings, and are not for its log."""
    nodes_of = [*ast.walk(ast.parse(module.read_text("utf-8")))]
    unseen = {id(each.value) for each in nodes_of if isinstance(each, ast.Expr)}
    calls = [each for each in nodes_of if isinstance(each, ast.Call)]
    unseen |= {
        id(argument)
        for call in calls
        if ast.unparse(call.func).startswith("_log.")
        for argument in call.args
    }
    for each in nodes_of:
        if isinstance(each, ast.Constant) and id(each) not in unseen:
            yield str(each.value)


@pytest.mark.parametrize(
    "module", [each for each in MODULES if each.name not in FOR_OPERATORS], ids=lambda e: e.name
)
def test_no_module_of_the_page_holds_a_sentence(module: Path) -> None:
    sentence = re.compile(r"[A-Za-z]{2,},? [a-z]{2,},? [a-z]{2,}|^[A-Z][a-z]+ [a-z]+")
    found = {each for each in constants_of(module) if sentence.search(each)}
    code = re.compile(r"=>|[{}<>;]|^default-src|-src ")
    assert {each for each in found if not code.search(each)} - IN_ENGLISH == set()


def test_what_components_show_is_known_to_the_browser() -> None:
    known = [set(each) for each in words.translations.values()]
    assert len(known) == len(LANGUAGES)
    modules = "\n".join(each.read_text("utf-8") for each in MODULES)
    named = {each for call in CALL.findall(modules) for each in re.findall('"([^"]+)"', call)}
    assert {"tab-ask", "ask-stop", "library-rebuilding"} <= named
    assert all(named | {REBUILD} <= each for each in known)


CALL = re.compile(r"\b(?:words|button)\(([^()]*)\)")


# The messages themselves


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_holds_what_html_reads(language: str) -> None:
    with spoken(language):
        text = "\n".join(each for each in fixed(current()).values())
    assert re.findall(r"[<>&\"\ue000-\uf8ff]", text) == []


def test_of_the_values_of_a_message_only_markup_is_html() -> None:
    told = said("and-more", named=Markup("<b>{}</b>").format("<i>"), more=2)
    assert told == "<b>&lt;i&gt;</b> and 2 more"
    assert said("quoted", words="<b> & \"'\r") == "“&lt;b&gt; &amp; &#34;&#39;&#13;”"


def test_a_list_is_told_as_in_a_sentence() -> None:
    told = said("changed-since", what=["<", Markup("<b>b</b>"), "c"])
    assert told == "&lt;, <b>b</b> and c changed since this build"
    with spoken("ru"):
        assert said("changed-since", what=["а", "б"]).endswith("а и б")


def reasons_of(module: Path) -> Iterator[str]:
    """The reasons for which a module calls lines furniture."""
    for each in ast.walk(ast.parse(module.read_text("utf-8"))):
        found: list[ast.expr] = []
        if isinstance(each, ast.Yield):
            of_line = isinstance(each.value, ast.Tuple) and len(each.value.elts) == 2
            found = [each.value.elts[1] if of_line else each.value]  # type: ignore[union-attr,list-item]
        if isinstance(each, ast.Call):
            found = [word.value for word in each.keywords if word.arg == "reason"]
            if isinstance(each.func, ast.Name) and each.func.id in ("_matching", "next"):
                found += each.args[1:]
        if isinstance(each, ast.Dict) and module.name in ("learned.py", "html_furniture.py"):
            dashed = any("-" in str(getattr(key, "value", "")) for key in each.keys)
            found = [] if dashed else [*each.values, *filter(None, each.keys)]
        yield from (one.value for one in found if _is_text(one))  # type: ignore[attr-defined]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


def test_every_reason_for_furniture_is_a_message() -> None:
    modules = [*(ROOT / "rag" / "furniture").glob("*.py"), *(ROOT / "rag" / "readers").glob("*.py")]
    reasons = {each for module in modules for each in reasons_of(module)}
    assert {"teaser for another page", "foot of the page", "copyright line"} <= reasons
    known = messages("en")
    missing = {each for each in reasons if "reason-" + "-".join(_slug(each)) not in known}
    assert missing == set()
    assert all(text == " ".join(text.split()) for text in reasons)


def _slug(reason: str) -> list[str]:
    return re.findall("[a-z]+", reason)


# What the page says in Russian: of a library in Russian, nothing has a Latin letter


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder) -> Settings:
    made = settings_for(tmp_path_factory.mktemp("russian"), RUSSIAN)
    build(made, quick_encoder)
    return made


@pytest.fixture(scope="module")
def lomvik(room: Settings, quick_encoder: Encoder) -> Library:
    return opened(room, quick_encoder)


@pytest.fixture(autouse=True)
def _after_all_english() -> Iterator[None]:
    yield
    assert current() == "en"


SHOWN = re.compile(
    "alt|aria-label|placeholder|title|"
    "data-(broke|cancel|cancel-of|cancelled|copied|failed|list|none|refused|sent|some|sort-by|why)"
)
"""Attributes that somebody reads or hears, some by way of a script."""

LATIN_NAMES = frozenset(["txt", "md", "Parallax", "parallax", "published"])
"""Endings of files, the program, and a field."""

ADDRESS = "https://пример.рф/а"

GIVEN = (
    *("from the text alone", "Markdown", "JSON", "sources.toml", ".removed", ADDRESS),
    *("parallax read", "parallax label"),
)
"""What others have written, and names of formats, of files and of commands."""


def shown_by(page: Element) -> Iterator[str]:
    """Every text of a page and every attribute that somebody may see or hear."""
    yield from (value for name, value in page.attributes.items() if SHOWN.fullmatch(name))
    for each in page.inside:
        if isinstance(each, str):
            yield each
        else:
            yield from shown_by(each)


def latin(html: str) -> set[str]:
    """The words in Latin letters, but for names."""
    text = " ".join(shown_by(parsed(html)))
    for each in GIVEN:
        text = text.replace(each, "")
    return set(LATIN.findall(text)) - LATIN_NAMES


def turn_of(library: Library, question: str, number: int = 1, only: Filter | None = None) -> Turn:
    only = only or Filter()
    return Turn(number, question, heard=only).answered(library.ask(question, only=only), library)


def threads(library: Library) -> Iterator[str]:
    told = turn_of(library, WHEN_CLOSED, only=Filter(perspectives=("za",), since="1970"))
    yield thread_html([told, turn_of(library, HOW_MUCH, 2), turn_of(library, ELSEWHERE, 3)])
    yield said_html(told) + said_html(turn_of(library, ELSEWHERE))
    waiting = Turn(1, WHEN_CLOSED)
    failed = Turn(3, "?", error=reported(RuntimeError()))
    yield thread_html([waiting, Turn(2, WHEN_CLOSED, stopped=True), failed])
    anew = turn_of(library, WHEN_CLOSED)
    yield thread_html([Turn(1, WHEN_CLOSED, anew.answer, earlier="1", documents=anew.documents)])
    yield welcome_html(library)


def readers(library: Library) -> Iterator[str]:
    turn = turn_of(library, WHEN_CLOSED)
    for citation in turn.citations:
        document = library.documents[citation.document]
        spans = [
            (each.number, Span(start=each.start, end=each.end))
            for each in turn.citations
            if each.document == document.id
        ]
        yield reader_html(document, citation, turn.shapes, say("since-changed"), spans[1:])
    for document in library.documents.values():
        source = document.source.model_copy(
            update={"url": ADDRESS, "from_file": ("kind", "publisher")}
        )
        yield reader_html(document.model_copy(update={"source": source}), None, {})
    gone = errors.SourceGone(say("link-removed"), say("link-removed-remedy"))
    yield gone_html(failure_html(gone))


def conversations(library: Library) -> Iterator[str]:  # noqa: ARG001
    asked = Asked(question=WHEN_CLOSED)
    many = [Conversation(id=f"{n:016x}", asked=(asked,) * (n % 5 + 1)) for n in range(MOST)]
    kept = Kept(conversations=tuple(many))
    yield conversations_html(kept, "", undo="Гавань")
    yield conversations_html(kept, many[3].id, undo=say("conversations-all", number=3))


def filters(library: Library) -> Iterator[str]:
    yield filters_html(library)
    everything = Chosen(
        perspectives=("za", "protiv"),
        sources=("совет.txt",),
        kinds=("письмо",),
        since="1970",
        until="1980",
    )
    yield acting_html(library, everything)
    yield acting_html(library, Chosen(since="вчера", until="1970"))
    yield acting_html(library, Chosen(since="1980", until="1970"))


def desks(library: Library, seeds: Path) -> Iterator[Desk]:
    yield Desk()
    yield Desk(opened="нет", said=say("owning-kept"))
    for name in (*library.documents, "нет"):
        for act in ("label", "confirm", "keep", "remove", "cancel"):
            wish = Wish.model_validate({"act": act, "document": name, "first": 1, "last": 5})
            yield done(wish, Desk(), library, seeds)
    told = {"perspective": "+", "quote": "нет таких слов", "kind": "о" * 101, "by": "Бу"}
    wish = Wish.model_validate({"act": "label", "document": "маяк.md", "form": told})
    yield done(wish, Desk(), library, seeds)


def listed(library: Library, room: Settings) -> Iterator[str]:
    names = Names(count=9, names=("совет.txt",))
    none = Names(count=0, names=())
    log = [
        LoggedBuild(
            generation="1", begun=DAY, seconds=3.5, documents=4, passages=9,
            added=names, changed=names, removed=names, failed=none,
        ),
    ]  # fmt: skip
    removed = [Removed(file="маяк.md", key="1", when=DAY)]
    for desk in desks(library, room.seeds):
        rows = rows_of(library)
        row = next((each for each in rows if each.id == desk.opened), None)
        details = details_of(row, library, room.seeds) if row else None
        for owner in (True, False):
            yield library_html(library, desk, Beside(rows, details, removed, log, owner))
    yield library_html(library, Desk(listing=Listing(find="нет")), Beside([], None, [], [], True))


def states(library: Library, room: Settings) -> Iterator[str]:
    changes = Changes(added=("а.txt",), changed=("б.txt",), removed=("в.txt",))
    stale = Staleness(seeds=changes, catalogue=True, settings=True)
    yield status_html(library, stale)
    yield changed_html(library, stale, Path("папка"), owner=True)
    yield changed_html(library, None, Path("папка"), owner=True)
    yield changed_html(library, stale, Path("папка"), owner=False)
    yield failure_html(errors.IndexMissing(""), owner=False)
    together = Duplicates(documents=("а.txt", "б.txt"), exact=False, similarity=0.9)
    report = BuildReport(
        generation="1", documents=4, passages=9, changes=changes, unchanged=2, encoded=5,
        duplicates=(together,), files=(), failed=(), notices=(),
    )  # fmt: skip
    yield report_html(report)
    for stage in ("reading seeds", "telling documents from furniture", "encoding passages"):
        yield progress_html(Step(stage, 2, 9))
    yield opening_html(Step("opening the library", 0, 0))
    yield labels_html(library)
    yield render("standing.html", owner=True) + render("standing.html", owner=False)
    yield adding_html(owner=False, most_bytes=5_000_000)
    offered = parsed(adding_html(owner=True, most_bytes=5_000_000))
    offered.one("p.formats").inside.clear()
    yield "".join(f"<p>{each}</p>" for each in shown_by(offered))
    yield str(room.seeds.name and "")


def maps(library: Library) -> Iterator[str]:
    yield map_html(library)
    yield nearest_html(library, Listing())


def doors(library: Library) -> Iterator[str]:  # noqa: ARG001
    for role in ("owner", "reader", None):
        for known in (True, False):
            page = render(
                "door.html", language="ru", action="/", role=role, with_password=known,
                refusal="door-wrong" if known else "door-too-many", overheard=known,
            )  # fmt: skip
            assert '<html lang="ru">' in page
            body = page[page.index("<main>") : page.index("</main>") + len("</main>")]
            yield body.replace("<i>ll</i>", "ll")


Panels = Callable[[Library], Iterator[str]]


@pytest.mark.usefixtures("always_answers")
@pytest.mark.parametrize("panels", [threads, readers])
def test_what_is_answered_and_read_is_told_in_russian(lomvik: Library, panels: Panels) -> None:
    with spoken("ru"):
        assert set().union(*map(latin, panels(lomvik))) == set()


@pytest.mark.parametrize("panels", [threads, conversations, filters, maps, doors])
def test_what_stands_around_it_is_told_in_russian(lomvik: Library, panels: Panels) -> None:
    with spoken("ru"):
        assert set().union(*map(latin, panels(lomvik))) == set()


@pytest.mark.parametrize("panels", [listed, states])
def test_the_library_is_told_in_russian(
    lomvik: Library, room: Settings, panels: Callable[[Library, Settings], Iterator[str]]
) -> None:
    with spoken("ru"):
        assert set().union(*map(latin, panels(lomvik, room))) == set()


def test_a_word_in_latin_letters_is_found() -> None:
    assert latin('<p title="Ask">Спросить или ask: а.txt</p>') == {"Ask", "ask"}


def in_russian() -> list[Answer]:
    """Made-up answers, of which those that are none say so in Russian."""
    with spoken("ru"):
        return [*made_up_answers()]


@pytest.mark.parametrize("answer", in_russian())
def test_whatever_is_answered_holds_no_english_of_ours(answer: Answer) -> None:
    shapes = shapes_of(row.perspective for row in answer.coverage)
    turn = Turn(1, answer.question, answer, documents=DOCUMENTS, shapes=shapes)
    with spoken("ru"):
        page = parsed(thread_html([turn]))
        # Questions can say whom to hear in English alone.
        told = [each for each in texts_of(page) if not each.startswith("Only sources labelled")]
    verbatim = verbatim_of(answer, DOCUMENTS) | {"parallax", "toml", "sources.toml"}
    found = set().union(*(phrases(each, verbatim) for each in told))
    assert {each for each in found if LATIN.search(each)} == set()


def test_figures_and_speakers_are_told_in_russian() -> None:
    turn = Turn(1, ANSWER.question, ANSWER, documents=DOCUMENTS)
    with spoken("ru"):
        page = parsed(thread_html([turn]))
    assert [each.words for each in page.every("th")][:4] == ["Число", "Источник", "Метка", "Дата"]
    (speech,) = {each.words for each in page.every("p.speech")}
    assert speech.startswith("The Gazette (источник с меткой «Millers») передаёт чужие слова.")
