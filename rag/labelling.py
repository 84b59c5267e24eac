"""A walk through the sources that wait for a person: those without a label, then unreviewed labels.

What is decided is written after each source, so that breaking off loses nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rag import voice, wording
from rag.assigning import perspective_called, quote_in
from rag.catalogue import Catalogue, collections_of, means_none, read_catalogue
from rag.checking import unlabelled, unreviewed
from rag.editing import Assignment, assigned, check_form, confirmed, declared, rewrite
from rag.entries import SourceEntry
from rag.records import Document, Perspective
from rag.talk import Quitted, Skipped, Talk

NEW, CONFIRM, ANEW = "n", "c", "l"

HOW = "At every question s skips the source and q ends the walk. What was written stays."

OWN_VOICE = (
    "Own voice (sentences without quotation marks that have the largest share of words like"
    " “we”, “our”, “must”, “should”)"
)


Waiting = Callable[[Catalogue, Iterable[str]], Sequence[str]]


@dataclass
class Walk:
    """One walk.

    Attributes:
        path: the catalogue that is read and written.
        documents: those of the built index, by id.
        by: who assigns and confirms; asked for where nobody is named.
        today: the day that is written.
        done: what was written, a line each.
    """

    path: Path
    documents: Mapping[str, Document]
    talk: Talk
    by: str = ""
    today: date = field(default_factory=date.today)
    done: list[str] = field(default_factory=list)
    _last: str = ""
    _owner: str = ""

    def through_all(self) -> None:
        """Every source without a label, then every label that nobody has reviewed.

        Raises:
            CatalogueError: sources.toml cannot be read or written; what was written before stays.
        """
        check_form(self.path)
        self.talk.say(HOW)
        with self._left_alone():
            self._each("without a label", unlabelled, self._label)
            self._each("not yet reviewed", unreviewed, self._review)

    def through_one(self, name: str) -> None:
        """One source, or all documents of a collection at once, whatever label it carries now.

        Raises:
            CatalogueError: sources.toml cannot be read or written.
        """
        check_form(self.path)
        self.talk.say(HOW)
        with self._left_alone():
            self._at(name, self._label)

    def left(self) -> tuple[int, int]:
        """How many sources carry no label, and how many labels nobody has reviewed."""
        catalogue = read_catalogue(self.path)
        return len(unlabelled(catalogue, self.documents)), len(
            unreviewed(catalogue, self.documents)
        )

    @contextmanager
    def _left_alone(self) -> Iterator[None]:
        """Whoever leaves in the middle of a question has the line that it stands in ended."""
        try:
            yield
        except (Quitted, EOFError):
            self.talk.say("")
        except KeyboardInterrupt:
            self.talk.say("")
            raise

    def _each(self, what: str, waiting: Waiting, ask: Callable[[str], None]) -> None:
        names = waiting(read_catalogue(self.path), self.documents)
        if names:
            self.talk.say("")
            self.talk.say(f"{wording.plain.counted(len(names), 'source')} {what}.")
        for name in names:
            if name in waiting(read_catalogue(self.path), [name]):  # still, after what was written
                self._at(name, ask)

    def _at(self, name: str, ask: Callable[[str], None]) -> None:
        self._show(name)
        try:
            ask(name)
        except Skipped:
            self.talk.say("Skipped.")

    def _show(self, name: str) -> None:
        documents = self._documents(name)
        first = documents[0]
        source = read_catalogue(self.path).source_of(name)
        self.talk.say("")
        self.talk.say(f"── {name}")
        if first.id == name:
            self.talk.say(f"   {wording.sources.source_line(first)}")
        else:
            self.talk.say(
                f"   {wording.plain.counted(len(documents), 'document')}; the first: {first.id}"
            )
        self.talk.say(f"   {wording.sources.label_line(source)}")
        for line in wording.sources.basis_lines(source):
            self.talk.say(f"   {' '.join(line.split())}")
        if whole := next(collections_of(name), ""):
            held = len(self._documents(whole))
            self.talk.say(f"   (one of {held} in {whole}; parallax label {whole} labels it whole)")
        told: set[str] = set()
        for heading, sentences in (
            ("Beginning", voice.opening(first, 3)),
            (OWN_VOICE, voice.own_voice(first, 5)),
            ("End", voice.ending(first, 2)),
        ):
            if new := [each for each in sentences if each not in told]:
                self.talk.say("")
                self.talk.say(f"   {heading}:")
            for sentence in new:
                self.talk.say(f"     {sentence}")
            told.update(new)

    def _documents(self, name: str) -> Sequence[Document]:
        """The document of that name, or all those of the collection."""
        return [
            document
            for each, document in self.documents.items()
            if name == each or name in collections_of(each)
        ]

    def _label(self, name: str) -> None:
        catalogue = read_catalogue(self.path)
        entry = catalogue.entry_of(name) or SourceEntry(file=name)
        perspective = self._perspective(catalogue.perspectives)
        kind = self.talk.kept("Kind of text, such as news report, opinion, letter", entry.kind)
        origin = self.talk.kept("Origin, if it is a copy: where it is from", entry.origin)
        assignment = Assignment(
            perspective=perspective.id,
            kind=kind,
            origin=origin,
            basis=self.talk.asked(
                "Basis, what in its own voice shows that: ", needed="A label needs its reason."
            ),
            basis_quote=self._quote(name),
            assigned_by=self._who("Who assigns it"),
            assigned_on=self.today,
        )

        def change(text: str) -> str:
            return assigned(declared(text, perspective), name, assignment, entry)

        rewrite(self.path, change)
        self._wrote(f"{name} is labelled {perspective.label}")

    def _perspective(self, known: Sequence[Perspective]) -> Perspective:
        if not known:
            self.talk.say("")
            self.talk.say("No perspective is declared yet.")
            return self._new(known)
        self.talk.say("")
        self.talk.say("Which position does it argue for in its own voice?")
        for number, each in enumerate(known, start=1):
            about = f" – {each.description}" if each.description else ""
            self.talk.say(f"  {number}  {each.label}{about}")
        self.talk.say(f"  {NEW}  another one, which is not declared yet")
        while True:
            told = self.talk.asked("Perspective: ", needed="Give its number.")
            if told == NEW:
                return self._new(known)
            for number, each in enumerate(known, start=1):
                if told in (str(number), each.id, each.label):
                    return each
            self.talk.say(f"None of them is {told!r}.")

    def _new(self, known: Sequence[Perspective]) -> Perspective:
        label = self.talk.asked("Label of the perspective: ", needed="It needs a label.")
        while means_none(label):
            self.talk.say("Sources without a label show that; choose another one.")
            label = self.talk.asked("Label of the perspective: ", needed="It needs a label.")
        for each in known:
            if each.label == label:
                return each
        description = self.talk.asked("What its sources argue for, in a sentence: ")
        return perspective_called(label, description, known)

    def _quote(self, name: str) -> str | None:
        """A sentence of the source that shows the basis, as it stands there."""
        while True:
            told = self.talk.asked(
                "A sentence of it that shows that, letter for letter (or none): "
            )
            quote = quote_in((each.text for each in self._documents(name)), told)
            if quote or not told:
                return quote
            self.talk.say("It does not hold these words in this order; copy them from it.")

    def _who(self, question: str) -> str:
        """A name; what was answered last is offered again."""
        if self.by:
            return self.by
        if not self._last:
            self._last = self.talk.asked(f"{question}: ", needed="A label needs a name.")
        else:
            self._last = self.talk.kept(question, self._last) or self._last
        return self._last

    def _wrote(self, what: str) -> None:
        self.done.append(what)
        self.talk.say(f"Written: {what}.")

    def _review(self, name: str) -> None:
        shown = read_catalogue(self.path).entries.get(name)
        if shown is None:
            self.talk.say("Somebody has removed its entry meanwhile; there is nothing to confirm.")
            return
        pressed = self.talk.pressed(
            f"{CONFIRM} confirm, {ANEW} label anew, s skip, q quit: ", (CONFIRM, ANEW)
        )
        if pressed == ANEW:
            self._label(name)
            return
        by = self._owner = self._owner or self._who("Who confirms it")
        if read_catalogue(self.path).entries.get(name) != shown:
            self.talk.say("Somebody has changed it meanwhile; this is what it is now.")
            self._show(name)
            self._review(name)
            return
        rewrite(self.path, lambda text: confirmed(text, name, by, self.today))
        self._wrote(f"{name}: its label is confirmed by {by}")
