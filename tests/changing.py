"""A small library that changes at random, step by step, in all the ways in which libraries do."""

import json
import shutil
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random

from rag.index.keeping import kept, rollback
from rag.index.lock import writing
from rag.settings import Settings
from tests.making import Files, write_files
from tests.tiny import TinyEncoder

SITE = ("The Valley Post", "Home", "News")
PRESS = "Holm Press"
"""What a site prints above and below each of its pages."""

ODD = "👩\u200d🚀 cafe\u0301\r\nfor \u202eall\u202c of ＦＩＳＨ"
BROKEN = b"\0\1\2\3" * 50
PAGES = ("page1.txt", "page2.txt")
"""Two pages of one site that stay as they are: a third one makes furniture of what all print."""
MET = "The harbour board met on Monday to decide on the new cranes. It voted for two of them."

QUESTIONS = (
    "When was the harbour of Lomvik closed?",
    "Who sold the cranes of Ostby?",
    "Wann wurde der Hafen geschlossen?",
    "What do for and against say of the mill?",
    "Where is “The Valley Post” read?",
)


class Changing:
    """The library: what lies in its folder of seeds, its settings, and the model."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 - no secret
        self.settings = Settings(seeds=folder / "seeds", index=folder / "index")
        self.encoder = TinyEncoder()
        self._made = 0
        self._texts = {name: [*SITE, MET, PRESS] for name in PAGES}
        self._others: dict[str, bytes] = {}
        self._labels = {"for": "For closing", "against": "Against closing"}
        self._entries: dict[str, dict[str, object]] = {PAGES[0]: {"perspective": "for"}}
        self._columns: dict[str, dict[str, str]] = {}
        for _ in range(6):
            self.add_a_text()
        for add in (self.add_rows, self.add_a_page, self.add_an_archive, self.break_a_file):
            add()
        self.write()

    @property
    def steps(self) -> list[Callable[[], None]]:
        """Each a change of one kind."""
        return [
            self.add_a_text,
            self.add_rows,
            self.add_a_page,
            self.add_an_archive,
            self.add_a_copy,
            self.change_a_text,
            self.remove_a_file,
            self.rename_a_file,
            self.swap_two_texts,
            *3 * [self.add_a_page_of_the_site],
            *3 * [self.remove_a_page_of_the_site],
            self.label_a_source,
            self.describe_a_source,
            self.overrule_lines,
            self.rename_a_perspective,
            self.forget_an_entry,
            self.name_a_column,
            self.break_a_file,
            self.cut_longer_passages,
            self.stem_otherwise,
            self.allow_less,
            self.take_another_model,
            self.damage_the_generation,
            self.go_back,
            self.change_nothing,
        ]

    def write(self) -> None:
        """Have the folder of seeds hold what it should, and nothing else."""
        shutil.rmtree(self.settings.seeds, ignore_errors=True)
        texts = {name: "\n\n".join(lines) + "\n" for name, lines in self._texts.items()}
        files: Files = {**texts, **self._others, "sources.toml": self._catalogue()}
        write_files(self.settings.seeds, files)

    def _catalogue(self) -> str:
        lines = ['[questions]\nask = ["When was it closed?"]']
        for name, label in self._labels.items():
            lines.append(f"[perspectives.{name}]\nlabel = {_quoted(label)}")
        for table, told in (("sources", self._entries), ("collections", self._columns)):
            for file, values in told.items():
                lines.append(f"[[{table}]]\nfile = {_quoted(file)}")
                lines += [f"{key} = {_quoted(value)}" for key, value in values.items()]
        return "\n".join(lines) + "\n"

    # What there is to say

    def _sentence(self) -> str:
        chance = self.chance
        town = chance.choice(["Lomvik", "Ostby", "Holm", "Дубравка"])
        if chance.random() < 0.15:
            return f"{ODD} {chance.randrange(100)}."
        if chance.random() < 0.15:
            return f"Der Hafen von {town} wurde im Jahre {chance.randint(1900, 1999)} geschlossen."
        thing = chance.choice(["The harbour", "The mill", "A council", "The fishers", "The cranes"])
        deed = chance.choice(["were sold", "was closed to trawlers", "was built of wood", "sank"])
        return f"{thing} of {town} {deed} in {chance.randint(1900, 1999)}, as everybody knew."

    def _paragraph(self) -> str:
        return " ".join(self._sentence() for _ in range(self.chance.randint(1, 9)))

    def _name(self, suffix: str) -> str:
        self._made += 1
        folder = self.chance.choice(["", "", "in/", "in/of/"])
        return f"{folder}{self.chance.choice('abcxyz')}{self._made}{suffix}"

    def _any(self, *suffixes: str) -> str:
        """A file that there is, of the kinds that are named; none of those that stay."""
        names = [name for name in (*self._texts, *self._others) if name not in PAGES]
        fitting = [name for name in names if name.endswith(suffixes or ("",))]
        return self.chance.choice(fitting) if fitting else ""

    # Files

    def add_a_text(self) -> None:
        lines = [self._paragraph() for _ in range(self.chance.randint(1, 4))]
        site = self.chance.sample(SITE, self.chance.choice([0, 0, 1, 3]))
        self._texts[self._name(self.chance.choice([".txt", ".md"]))] = [*site, *lines]

    def add_rows(self) -> None:
        rows = [f"{number},{self._sentence().replace(',', ';')},more" for number in range(3)]
        self._others[self._name(".csv")] = "\n".join(["id,text,other", *rows]).encode()

    def add_a_page(self) -> None:
        menu = "".join(f"<li><a href='/{n}'>{line}</a></li>" for n, line in enumerate(SITE))
        paragraphs = "".join(f"<p>{self._paragraph()}</p>" for _ in range(2))
        title = f"<title>{self._sentence()}</title><meta name='author' content='Ada Berg'>"
        page = f"<html><head>{title}</head><body><nav>{menu}</nav>{paragraphs}</body></html>"
        self._others[self._name(".html")] = page.encode()

    def add_an_archive(self) -> None:
        held = BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr(zipfile.ZipInfo("a.txt"), f"{SITE[0]}\n\n{self._paragraph()}\n")
            archive.writestr(zipfile.ZipInfo("b.pdf"), "%PDF of nothing")
            archive.writestr(zipfile.ZipInfo("c.md"), self._paragraph())
        self._others[self._name(".zip")] = held.getvalue()

    def add_a_copy(self) -> None:
        copied = self.chance.choice([*self._texts])
        self._texts[self._name(".txt")] = list(self._texts[copied])

    def change_a_text(self) -> None:
        if name := self._any(".txt", ".md"):
            lines = self._texts.setdefault(name, [])
            self._others.pop(name, None)
            lines[len(lines) // 2 :] = [self._paragraph()]
            if self.chance.random() < 0.3:
                lines.append(self._paragraph())

    def remove_a_file(self) -> None:
        if name := self._any():
            self._texts.pop(name, None)
            self._others.pop(name, None)

    def rename_a_file(self) -> None:
        if name := self._any():
            new = self._name(Path(name).suffix)
            if name in self._texts:
                self._texts[new] = self._texts.pop(name)
            else:
                self._others[new] = self._others.pop(name)
            if name in self._entries and self.chance.random() < 0.5:
                self._entries[new] = self._entries.pop(name)

    def swap_two_texts(self) -> None:
        one, other = (self._any(".txt", ".md") for _ in range(2))
        if not {one, other} <= self._texts.keys():
            return
        self._texts[one], self._texts[other] = self._texts[other], self._texts[one]

    def add_a_page_of_the_site(self) -> None:
        self._texts[self._name(".site.txt")] = [*SITE, self._paragraph(), PRESS]

    def remove_a_page_of_the_site(self) -> None:
        self._texts.pop(self._any(".site.txt"), None)

    def break_a_file(self) -> None:
        name = self._any(".txt", ".md", ".csv") or self._name(".txt")
        self._texts.pop(name, None)
        self._others[name] = BROKEN

    # What is said of them

    def _entry(self) -> dict[str, object]:
        names = [*self._texts, *self._others, *(f"{self._any('.csv')}#{n}" for n in range(2)), "in"]
        return self._entries.setdefault(self.chance.choice(names), {})

    def label_a_source(self) -> None:
        entry = self._entry()
        entry["perspective"] = self.chance.choice([*self._labels, "undeclared"])
        entry["basis"] = self._sentence()
        entry["basis_quote"] = self.chance.choice(["of Lomvik", "of Ostby", "nowhere"])

    def describe_a_source(self) -> None:
        key = self.chance.choice(["title", "author", "publisher", "kind"])
        self._entry()[key] = self._sentence()
        self._entry()["published"] = str(self.chance.randint(1900, 1999))

    def overrule_lines(self) -> None:
        if name := self._any():
            entry = self._entries.setdefault(name, {})
            entry[self.chance.choice(["keep", "drop"])] = [self.chance.randint(1, 7)]

    def rename_a_perspective(self) -> None:
        name = self.chance.choice([*self._labels])
        if self.chance.random() < 0.7:
            self._labels[name] += "!"
        else:
            self._made += 1
            self._labels[f"other{self._made}"] = self._labels.pop(name)

    def forget_an_entry(self) -> None:
        self._entries.pop(self.chance.choice([*self._entries, PAGES[0]]), None)

    def name_a_column(self) -> None:
        if name := self._any(".csv"):
            column = self.chance.choice(["text", "other"])
            self._columns[name] = {"text": column, "author": "other"}

    # All else that a generation depends on

    def _set(self, **update: object) -> None:
        self.settings = self.settings.model_copy(update=update)

    def cut_longer_passages(self) -> None:
        self._set(passage_words=self.settings.passage_words % 120 + 30)

    def stem_otherwise(self) -> None:
        now = self.settings.stem_language
        self._set(stem_language="german" if now == "english" else "english")

    def allow_less(self) -> None:
        most = self.settings.max_document_characters
        self._set(max_document_characters=900 if most > 900 else 10_000_000)

    def take_another_model(self) -> None:
        self.encoder = TinyEncoder(revision=str(self.chance.randrange(100)))

    def damage_the_generation(self) -> None:
        index = self.settings.index
        folder = index / (index / "current").read_text("ascii").split()[0]
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        file = self.chance.choice([*files, index / "current"])
        content = bytearray(file.read_bytes())
        place = self.chance.randrange(len(content))
        content[place] ^= 1 << self.chance.randrange(8)
        file.write_bytes(content[: self.chance.choice([place, len(content)])])

    def go_back(self) -> None:
        index = self.settings.index
        with writing(index):
            if len(kept(index)) > 1:
                rollback(index, None, self.settings.keep_generations)

    def change_nothing(self) -> None:
        pass


def _quoted(value: object) -> str:
    """As TOML writes it; JSON is the same for texts and lists of numbers."""
    return json.dumps(value, ensure_ascii=False)
