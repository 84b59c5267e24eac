"""What the wording says in Russian: in phrases that a person has read, and without English."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from inspect import getmembers, isfunction

import pytest
from fluent.syntax import ast
from fluent.syntax.parser import FluentParser
from fluent.syntax.visitor import Visitor

from rag.answering import Library
from rag.checking import Check
from rag.index.build import BuildReport
from rag.index.changes import Changes, Staleness
from rag.index.log import LoggedBuild
from rag.index.manifest import Manifest
from rag.index.texts import Texts
from rag.links import Link, Located
from rag.reading import FileOutcome
from rag.records import (
    AlsoIn,
    Answer,
    AssignedPerspective,
    Document,
    Duplicates,
    Filter,
    FormerLabel,
    Furniture,
    Notice,
    Source,
    Span,
)
from rag.terminal import answer_view
from rag.web.thread import Turn, said_html
from rag.wording import answers, builds, hearing, language, plain, silence, sources, within
from rag.wording.language import spoken
from tests.answers import ANSWER, DOCUMENTS, GAZETTE, SPOKEN, cited
from tests.making import parsed, row_of
from tests.test_own_voice import (
    made_up,
    made_up_answers,
    paragraphs_of,
    silent,
    strangers,
    texts_of,
    verbatim_of,
)
from tests.test_terminal import rendered

PHRASES = frozenset(
    """
toml
Без метки
Библиотека соответствует вашему вопросу на
В источниках
В источниках вида
В источниках с датой
В источниках с датой не позже
В источниках с датой не раньше
В источниках с датой от
В источниках с меткой
В источнике
В этой библиотеке есть
В этой библиотеке нет источников вида
В этой библиотеке нет источников с датой
В этой библиотеке нет источников с датой не позже
В этой библиотеке нет источников с датой не раньше
В этой библиотеке нет источников с датой от
В этой библиотеке нет источников с меткой
Вопрос понят так
Все
Говорит
Говорит кто-то
Говорят
Добавьте такой источник и перестройте индекс или спросите без фильтра
Единственная цитата взята из одного источника без метки
Единственная цитата взята из одного источника с меткой
Ещё
О том
Обе цитаты взяты из одного источника без метки
Обе цитаты взяты из одного источника с меткой
Одно и то же число в нескольких источниках
Ответ получен по сборке индекса
По близости к вопросу
По вашей просьбе учтены только источники
По вашей просьбе учтены только источники вида
По вашей просьбе учтены только источники с датой
По вашей просьбе учтены только источники с датой не позже
По вашей просьбе учтены только источники с датой не раньше
По вашей просьбе учтены только источники с датой от
По вашей просьбе учтены только источники с меткой
По вашей просьбе учтён только источник
Поиск охватил
Положите документы в папку с документами и перестройте индекс
Посмотрите
Почему именно эти цитаты и в этом порядке
Проверьте
Прочитайте самые близкие или спросите теми словами
Самое близкое в этой библиотеке
Снимите кавычки
Спросите другими словами или добавьте источник на эту тему и перестройте индекс
Ссылка на эту цитату
Числа расходятся
Чтобы прочитать их
Эта библиотека пуста
Эти слова есть только в том
анонсах
без близких отрывков
без источников
без метки
близкие к этому вопросу
близких отрывков
близких отрывков нет
в других источниках этой библиотеки он есть
в которых один и тот же рассказ
в меню
в следующий раз весят меньше
в этой библиотеке таких источников нет
вида
видов
вне поиска
вне поиска остались
вне поиска остался
выше не процитирован
голых ссылках
до
другими метками
его лучший отрывок оказался на
есть отрывки
и
и ещё
и кто-то
из них
из-за неизвестной даты
или
или без метки
или любого из ещё
или любой из ещё
или спросите без фильтра
источник без метки
источник в этой библиотеке
источник с меткой
источника
источника в этой библиотеке
источника с меткой
источников
источников под
их лучший отрывок оказался на
какими написали бы источники
которым слово уже дано
лучший непроцитированный отрывок
м месте
м месте и не процитирован
метка
метки
меток
на
не названный в этой цитате
не просмотрен
нет ничего
нет ничего близкого к этому вопросу
нет предложения с точными словами
ни один из его отрывков не близок к вопросу настолько
ни один из их отрывков не близок к вопросу настолько
но лишь вида
но не ответ на вопрос
но ни один из них на него не отвечает
нужную строку может вернуть владелец библиотеки
ответа на этот вопрос нет
передаёт чужие слова
по косвенным данным
позиция и источник
просмотрен
с
с близким отрывком
с датой не позже
с датой не раньше
с датой от
с меткой
снимите фильтр
также
только источник
только источники
только источники вида
только источники с датой
только источники с датой не позже
только источники с датой не раньше
только источники с датой от
только источники с меткой
цитат нет
цитата из
цитаты взяты из одного источника с меткой
цитаты из
что в ответы не входит
что из сказанного верно
что именно отобрано
что пропущено в каждом источнике
что прошло бы через фильтр
чтобы его процитировать
чтобы искать эти слова в любом порядке и в любой форме
это ничего не говорит
""".strip().splitlines()
)
"""Every run of words that may stand around quotes, each read by a person: on sources, quotes,
labels, passages and the library, and none on what these are about."""


def told_by(answer: Answer) -> set[str]:
    """The strange phrases of an answer in the terminal, read aloud, copied, and of its table.

    The page's own templates are not in this.
    """
    turn = Turn(1, answer.question, answer, None, documents=DOCUMENTS)
    told = [rendered(answer_view(answer, DOCUMENTS, context=False), width=20_000)]
    told += texts_of(parsed(said_html(turn)))
    told += paragraphs_of(turn.copied)
    told += map(turn.reference, turn.citations)
    told += map(hearing.fares_line, answer.coverage)
    told.append(hearing.others_line(answer.coverage))
    return strangers(told, verbatim_of(answer, DOCUMENTS), PHRASES)


def test_every_kind_of_answer_is_told_in_these_phrases() -> None:
    with spoken("ru"):
        for answer in made_up_answers():
            assert told_by(answer) == set()


def test_a_sentence_of_english_or_of_another_subject_is_found() -> None:
    with spoken("ru"):
        said = silent("near")
        assert said.abstention
        for planted in (said.abstention.message + " Погибли многие.", silent_in_english()):
            told = said.abstention.model_copy(update={"message": planted})
            assert told_by(said.model_copy(update={"abstention": told}))


def silent_in_english() -> str:
    with spoken("en"):
        return silence.silence("near", (), (), ())[0]


# No English


OURS = {"Parallax", "parallax", "build", "id", "label", "read", "removed", "sources", "toml", "UTC"}
"""What is the same in all languages: the program, its commands, its files, universal time."""


class Parts(Visitor):
    """The texts of messages, without the values in them."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_TextElement(self, node: ast.TextElement) -> None:  # noqa: N802
        self.found.append(node.value)


def texts_in(of: str) -> Iterator[tuple[str, str]]:
    """Each message of a language, with each of its texts."""
    for entry in FluentParser().parse(language._text(of)).body:
        if isinstance(entry, ast.Message):
            texts = Parts()
            texts.visit(entry)
            yield from ((entry.id.name, text) for text in texts.found)


def latin(text: str) -> set[str]:
    return set(re.findall("[A-Za-z]+", re.sub("PARALLAX_[A-Z_]+", "", text))) - OURS


def test_no_message_is_in_another_language_than_its_files() -> None:
    russian, english = [*texts_in("ru")], [*texts_in("en")]
    assert [(name, text) for name, text in russian if latin(text)] == []
    assert [(name, text) for name, text in english if re.search("[а-яё]", text.lower())] == []
    assert any(re.search("[а-яё]", text.lower()) for _, text in russian)


ALPHA, BETA = "Άλφα", "Βήτα"
"""Values: no letter of theirs is Latin or Cyrillic."""

LABEL = AssignedPerspective(
    id="άλφα",
    label=ALPHA,
    basis=BETA,
    basis_quote=BETA,
    assigned_by=ALPHA,
    assigned_on=date(2026, 1, 2),
    reviewed_by=BETA,
    history=(
        FormerLabel(label=BETA, basis=ALPHA, assigned_by=BETA, until=date(2026, 3, 4)),
        FormerLabel(),
    ),
)
SOURCE = Source(
    title=ALPHA,
    author=BETA,
    published="1870",
    kind=BETA,
    inferred=dict.fromkeys(("author", "publisher", "published", "url", "language"), ALPHA),
    from_file=("title", "kind", "origin"),
    perspective=LABEL,
)
TEXT = f"{ALPHA} {BETA}."
ONE = Document(
    id="1",
    text=TEXT,
    sha256="1",
    encoding="utf_8",
    source=SOURCE,
    furniture=(Furniture(start=0, end=4, reason=BETA),),
)
OTHER = ONE.model_copy(update={"sha256": "2", "source": Source()})
ALONE = FormerLabel(assigned_by="from the text alone")
NOW = datetime(2026, 3, 2, 9, 5).astimezone()
NOTICE = Notice(file="1", message=BETA)
COPIES = Duplicates(documents=tuple("1234567"), similarity=0.9, exact=False)
REPORT = BuildReport(
    generation="7",
    documents=21,
    passages=103,
    changes=Changes(added=("1",), removed=("2", "3")),
    unchanged=20,
    encoded=5,
    duplicates=(COPIES,) * 9,
    files=(FileOutcome(file="1", how="carried over"),),
    failed=(NOTICE,),
    notices=(NOTICE,),
)
STALE = Staleness(seeds=Changes(added=("1",)), catalogue=True, settings=True)
LINK = Link(document="1", sha256="1", start=0, end=4, exact=ALPHA, prefix="", suffix=TEXT[4:])


Said = Mapping[Callable[..., object], Sequence[str]]
"""What each function says."""


def located(status: str, link: Link, document: Document) -> str:
    held = None if status == "removed" else Span(start=0, end=4)
    found = Located.model_validate({"status": status, "document": "1", "span": held})
    return sources.located_line(link, found, document)


def said_of_sources() -> Said:
    moved = LINK.model_copy(update={"document": "3"})
    other = LINK.model_copy(update={"exact": BETA})
    pair = Duplicates(documents=("1", "2"), similarity=0.9, exact=False)
    exact = Duplicates(documents=("1", "2"), similarity=1, exact=True)
    also = AlsoIn(start=0, end=4, document="1", title=BETA, perspective=LABEL)
    cited_here = cited(ONE, 1).model_copy(update={"page": 3, "also_in": (also,)})
    texts = Texts(documents={"1": ONE}, passages=(), perspectives=(), questions=())
    return {
        sources.label_line: [sources.label_line(SOURCE), sources.label_line(Source())],
        sources.labelled: [sources.labelled(LABEL), sources.labelled(ALONE)],
        sources.source_line: [sources.source_line(ONE)],
        sources.title_of: [sources.title_of("д\u03bfм")],
        sources.mark_of: [sources.mark_of(SOURCE, "author"), sources.mark_of(SOURCE, "title")],
        sources.place_line: [sources.place_line(cited_here)],
        sources.also_in_line: [sources.also_in_line(also)],
        sources.extent_line: [sources.extent_line(ONE, 2)],
        sources.found_line: [sources.found_line(1, 21), sources.found_line(3, 3)],
        sources.basis_lines: sources.basis_lines(SOURCE),
        sources.field_name: [sources.field_name("url")],
        sources.review_line: [sources.review_line(LABEL), sources.review_line(ALONE)],
        sources.former_line: [*map(sources.former_line, LABEL.history)],
        sources.holdings_lines: sources.holdings_lines(texts),
        sources.alike_line: [sources.alike_line("1", each) for each in (COPIES, pair, exact)],
        sources.duplicates_lines: sources.duplicates_lines([COPIES] * 9),
        sources.since_line: [sources.since_line(ONE, None), sources.since_line(ONE, OTHER)],
        sources.located_line: [
            located("removed", LINK, ONE),
            *(located("intact", LINK, each) for each in (ONE, OTHER)),
            located("moved", LINK, ONE),
            *(located("moved", moved, each) for each in (ONE, OTHER)),
            *(located("changed", each, ONE) for each in (LINK, other)),
        ],
        sources.others_line: [*map(sources.others_line, (1, 2, 5))],
    }


def said_of_builds(manifest: Manifest) -> Said:
    check = Check(documents=3, wrong=(NOTICE,), missing={ALPHA: ("1",)})
    brief = LoggedBuild(begun=NOW, seconds=3.24)
    named = manifest.model_copy(update={"id": "7"})
    return {
        builds.changed_line: [builds.changed_line(STALE)],
        builds.build_lines: builds.build_lines(REPORT),
        builds.walked_lines: builds.walked_lines(2, 3, 4),
        builds.check_lines: builds.check_lines(check)[-1:],
        builds.built_line: [builds.built_line(manifest)],
        builds.lacking_line: [builds.lacking_line(brief)],
        builds.logged_line: [
            builds.logged_line(brief),
            builds.logged_line(brief.model_copy(update={"generation": "7", "seconds": 61.8})),
            builds.logged_line(brief.model_copy(update={"generation": "7", "back": True})),
        ],
        builds.back_lines: builds.back_lines(named, STALE.seeds),
        builds.verified_line: [
            builds.verified_line(named, is_current=True),
            builds.verified_line(named, is_current=False),
        ],
        builds.built_summary: [builds.built_summary(REPORT)],
    }


def said_of_answers() -> Said:
    """Of an answer whose question, labels, titles and quotes hold no Latin letter."""
    rows = (row_of("a", ALPHA, 3, 1, near=5, best_left_out=2), row_of("b", BETA, 5, searched=2))
    answer = made_up(
        question=ALPHA,
        asked_as=BETA,
        citations=(cited(ONE, 1),),
        coverage=(*rows, row_of("c", ALPHA, 0), row_of("d", BETA, near=1, best_left_out=7)),
        figures=(),
    )
    only = Filter(kinds=(ALPHA,), since="1870")
    heard = answer.model_copy(update={"sources": ("1",), "kinds": (ALPHA,)})
    reporting = cited(ONE, 1).model_copy(
        update={"speeches": (SPOKEN[0].model_copy(update={"speaker": None, "mention": None}),)}
    )
    library = {"1": ONE}
    return {
        answers.coverage_line: [answers.coverage_line(answer)],
        answers.quotes_line: [answers.quotes_line(answer)],
        builds.answered_line: [
            builds.answered_line(answer.model_copy(update={"generation": ""}), made)
            for made in (None, datetime(2026, 3, 1, tzinfo=UTC))
        ],
        answers.match_line: [answers.match_line(answer)],
        answers.asked_as_line: [answers.asked_as_line(heard, library)],
        answers.reference: [answers.reference(reporting, ONE)],
        hearing.notes: hearing.notes(answer, library),
        hearing.filter_line: [hearing.filter_line(heard, library)],
        hearing.only: [hearing.only(heard, library)],
        hearing.one_sided_line: [hearing.one_sided_line(answer)],
        hearing.unheard_lines: hearing.unheard_lines(answer),
        hearing.lacking_line: [hearing.lacking_line(answer)],
        hearing.fares_line: [*map(hearing.fares_line, answer.coverage)],
        hearing.others_line: [hearing.others_line(answer.coverage)],
        plain.under: [plain.under([ALPHA, "Unlabelled"])],
        plain.such: [plain.such([ALPHA, BETA], only)],
        plain.few: [plain.few("1234567")],
        plain.joined: [plain.joined("123")],
        plain.all_of: [plain.all_of("123")],
        plain.quoted: [plain.quoted(ALPHA)],
        plain.shown_label: [plain.shown_label("Unlabelled")],
        plain.called: [plain.called("stage", "encoding passages")],
        plain.counted: [plain.counted(3, "source")],
        plain.defect: plain.defect(),
        silence.lacking_message: [silence.lacking_message([ALPHA])],
        silence.silence: silence.silence("near", (), [ALPHA], (), only, [BETA]),
        within.speech_line: [within.speech_line(reporting, ONE)],
        within.compared: [*within.compared(ANSWER)],
    }


SILENT = {
    answers.shares_of,
    plain.visible,
    plain.on_page,
    sources.reporter_of,
    within.by_words,
    within.comparison_line,
    within.speakers_of,
}
"""What says nothing in words of its own: values alone; a remedy of an error, which is English; and
comparisons, whose words `test_every_kind_of_answer_is_told_in_these_phrases` reads."""


def functions() -> set[Callable[..., object]]:
    modules = (answers, builds, hearing, plain, silence, sources, within)
    return {
        each
        for module in modules
        for name, each in getmembers(module, isfunction)
        if each.__module__ == module.__name__ and not name.startswith("_")
    }


def said(manifest: Manifest) -> Said:
    return {**said_of_sources(), **said_of_builds(manifest), **said_of_answers()}


def test_whatever_speaks_does_so_in_the_language_that_is_spoken(harbour: Library) -> None:
    english = said(harbour.generation.manifest)
    with spoken("ru"):
        russian = said(harbour.generation.manifest)
    assert russian.keys() == functions() - SILENT
    for function, lines in russian.items():
        assert lines, function
        for line, other in zip(lines, english[function], strict=True):
            assert latin(line) == set(), (function, line)
            assert line != other, (function, line)


# As it is written


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0, "0 источников"),
        (1, "1 источник"),
        (2, "2 источника"),
        (4, "4 источника"),
        (5, "5 источников"),
        (11, "11 источников"),
        (12, "12 источников"),
        (21, "21 источник"),
        (22, "22 источника"),
        (111, "111 источников"),
        (1204, "1204 источника"),
    ],
)
def test_a_noun_agrees_with_its_number(number: int, told: str) -> None:
    with spoken("ru"):
        assert plain.counted(number, "source") == told


def test_a_day_is_written_as_it_is_in_the_language(harbour: Library) -> None:
    manifest = harbour.generation.manifest.model_copy(update={"built": NOW})
    brief = LoggedBuild(begun=NOW, seconds=3.24)
    assert builds.built_line(manifest) == "3 sources · built 2 March 2026, 09:05"
    assert builds.logged_line(brief) == "2 March 2026, 09:05 · failed · 3.2 s"
    with spoken("ru"):
        assert builds.built_line(manifest) == "3 источника · сборка: 2 марта 2026, 09:05"
        assert builds.logged_line(brief) == "2 марта 2026, 09:05 · не удалась · 3,2 с"


def test_why_there_is_no_answer_is_said_in_the_language_of_whoever_asks(harbour: Library) -> None:
    with spoken("ru"):
        said = harbour.ask('Who wrote "zeppelin" and "herring gull"?').abstention
    assert said
    assert said.message == (
        "В этой библиотеке нет предложения с точными словами «zeppelin» и «herring gull»."
    )
    assert said.remedy.startswith("Снимите кавычки")


MILLERS = row_of("millers", "Millers", sources=3, quoted=1)
TOWN = row_of("town", "Town", sources=2)
NONE = row_of("unlabelled", "Unlabelled", sources=1)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"coverage": (MILLERS, TOWN, NONE)},
            [
                "Единственная цитата взята из одного источника с меткой «Millers».",
                (
                    "В этой библиотеке есть 2 источника с меткой «Town» и 1 без метки; ни один из"
                    " их отрывков не близок к вопросу настолько, чтобы его процитировать."
                ),
            ],
        ),
        (
            {"coverage": (MILLERS, row_of("town", "Town", near=1, best_left_out=14))},
            [
                "Единственная цитата взята из одного источника с меткой «Millers».",
                (
                    "В этой библиотеке есть 1 источник с меткой «Town»; его лучший отрывок оказался"
                    " на 14-м месте и не процитирован."
                ),
            ],
        ),
        (
            {
                "coverage": (MILLERS, row_of("town", "Town", 21, searched=0)),
                "perspectives": ("millers", "unlabelled"),
            },
            [
                (
                    "По вашей просьбе учтены только источники с меткой «Millers» или без метки; вне"
                    " поиска остались 21 источник с меткой «Town»."
                ),
                "Единственная цитата взята из одного источника с меткой «Millers».",
            ],
        ),
        (
            {
                "coverage": (MILLERS, row_of("town", "Town", 1, searched=0)),
                "sources": ("gazette.txt",),
            },
            [
                (
                    "По вашей просьбе учтён только источник «A night in March»; вне поиска остался"
                    " 1 источник с меткой «Town»."
                ),
            ],
        ),
    ],
)
def test_sentences_are_whole_and_their_words_agree(
    changes: dict[str, object], told: list[str]
) -> None:
    answer = made_up(citations=(cited(GAZETTE, 1),), figures=(), **changes)
    with spoken("ru"):
        assert hearing.notes(answer, DOCUMENTS) == told
