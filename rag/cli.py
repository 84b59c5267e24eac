"""The command line. Heavy libraries are imported inside the commands: `--help` needs none."""

import asyncio
import json
import os
import re
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console

from rag.characters import MARKS, TURNING
from rag.errors import (
    IndexMissing,
    IndexOutdated,
    ParallaxError,
    QuestionError,
    SeedsError,
    SeedUnreadable,
    VerbatimError,
)
from rag.records import Answer, Filter
from rag.settings import Settings
from rag.wording.builds import (
    back_lines,
    build_lines,
    changed_line,
    check_lines,
    verified_line,
    walked_lines,
)
from rag.wording.plain import visible

if TYPE_CHECKING:
    from socket import socket

    from uvicorn import Server

    from rag.answering import Library
    from rag.encoder import Encoder
    from rag.evaluation.library import Judged
    from rag.evaluation.report import Report
    from rag.index.build import BuildReport
    from rag.index.manifest import Manifest
    from rag.progress import Progress
    from rag.web.sharing import Sharing
    from rag.web.shelf import Shelf

app = typer.Typer(
    name="parallax",
    help="Ask a folder of documents that disagree. Every word of an answer is a cited quote.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Seeds = Annotated[
    Path | None, typer.Option(help="Folder of documents and sources.toml.  [default: seeds]")
]
Index = Annotated[Path | None, typer.Option(help="Folder of the index.  [default: index]")]
Model = Annotated[
    str | None,
    typer.Option(help="Folder of a sentence-transformers model.  [default: the bundled one]"),
]

EVERYWHERE = "0.0.0.0"  # noqa: S104 - only a shared page listens there
"""All addresses of this machine."""

INTERRUPTED = 130
"""The exit code after Ctrl-C: 128 and the number of the signal."""

UNSEEN = 2.0
"""Seconds after which the library is opened though nobody looks at the page yet."""

_STEERING = re.compile(f"[\x7f-\x9f{TURNING}{MARKS}]")

_INDEX_STAYS = "The index is as the last finished build left it."

_errors = Console(stderr=True, soft_wrap=True)


class Asked(Filter):
    """A line of standard input in `parallax ask --json -`: a question, and whom to hear."""

    question: str
    history: tuple[str, ...] = ()

    @property
    def only(self) -> Filter:
        """Whom to hear."""
        return Filter(**self.model_dump(include={*Filter.model_fields}))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; its exit code is 0, 1 for an error, 2 for bad usage, 130 for Ctrl-C."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            if stream is sys.stdin:  # some tools write a byte-order mark
                stream.reconfigure(encoding="utf-8-sig", errors="surrogateescape")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app(arguments)
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else 1
    except ParallaxError as error:
        _say_error(str(error))
        return 1
    return 0


@app.command()
def build(
    seeds: Seeds = None,
    index: Index = None,
    model: Model = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what became of every file as one JSON object.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Build again whenever the seeds change, until Ctrl-C.")
    ] = False,
) -> None:
    """Build the index from the seeds, and make it the current one."""
    settings = _settings(seeds, index, model)
    with _reporting(settings, stays=_INDEX_STAYS):
        encoder = _load_encoder(settings)
        for report in _builds(settings, encoder) if watch else [_build(settings, encoder)]:
            if as_json:
                _print_json(report.model_dump(mode="json"))


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(help="The question; “-” for one a line from standard input.")
    ] = None,
    seeds: Seeds = None,
    index: Index = None,
    model: Model = None,
    perspective: Annotated[
        list[str] | None, typer.Option(help="Hear only sources with this label's id; repeatable.")
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="Hear only this source, by path or id; repeatable."),
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Hear only sources of this kind; repeatable.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Hear only what was published then (2020-10) or later."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Hear only what was published by then.")
    ] = None,
    context: Annotated[
        bool, typer.Option("--context", help="Show the sentences around each quote.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each answer.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of an answer, and ask nothing.")
    ] = False,
) -> None:
    """Ask a question. Without one, build the index if there is none, and ask for questions."""
    if schema:
        typer.echo(json.dumps(Answer.model_json_schema(mode="serialization"), indent=1))
        return
    if question is None and as_json:
        raise typer.BadParameter("--json needs a question, or - for one a line from standard input")
    settings = _settings(seeds, index, model)
    with _reporting(settings):
        only = Filter(
            perspectives=tuple(perspective or ()),
            sources=tuple(source or ()),
            kinds=tuple(kind or ()),
            since=since,
            until=until,
        )
        if question is None:
            _converse(settings, only, context=context)
            return
        library = _open(settings)
        _say_changes(library.generation.manifest, settings)
        only = _with_ids(only, library, settings)
        if question == "-" and as_json:
            raise typer.Exit(_answer_lines(library, sys.stdin, only))
        for each in sys.stdin if question == "-" else [question]:
            if each.strip() or question != "-":
                _print_answer(library, each, (), only, context=context, as_json=as_json)


@app.command()
def serve(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 for any that is free.")
    ] = 7860,
    share: Annotated[
        bool,
        typer.Option(
            "--share-with-network",
            help="Let others reach the page: with PARALLAX_PASSWORD, or through PARALLAX_PROXY.",
        ),
    ] = False,
    address: Annotated[
        str | None,
        typer.Option(
            metavar="IP", help="Where a shared page listens.  [default: 0.0.0.0, everywhere]"
        ),
    ] = None,
    seeds: Seeds = None,
    index: Index = None,
    model: Model = None,
) -> None:
    """Open the library as a web chat. Build the index first if there is none."""
    if address and not share:
        raise typer.BadParameter("--address needs --share-with-network")
    if address and not _is_address(address):
        raise typer.BadParameter(f"--address: {address!r} is no IP address")
    settings = _settings(seeds, index, model)
    with _reporting(settings):
        _serve(settings, port, (address or EVERYWHERE) if share else None)


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


@app.command()
def sources(
    seeds: Seeds = None,
    index: Index = None,
    furniture: Annotated[
        str | None, typer.Option(metavar="FILE", help="Show what was left out of FILE, and why.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Check sources.toml against the seeds, as they are now.")
    ] = False,
) -> None:
    """List the sources with their labels."""
    settings = _settings(seeds, index, None)
    with _reporting(settings):
        if check:
            raise typer.Exit(_check(settings))
        _list_sources(settings, furniture)


@app.command()
def verify(index: Index = None) -> None:
    """Check every file of the index, and of the builds kept beside it, against what was written."""
    settings = _settings(None, index, None)
    with _reporting(settings):
        raise typer.Exit(_verify(settings.index))


@app.command()
def rollback(
    generation: Annotated[
        str | None,
        typer.Argument(
            help="The build to go back to, or how its name begins; else the one before."
        ),
    ] = None,
    index: Index = None,
) -> None:
    """Go back to an earlier build of the index that was kept (verify lists them)."""
    settings = _settings(None, index, None)
    with _reporting(settings, stays=_INDEX_STAYS):
        from rag.index.rollback import go_back

        manifest, changes = go_back(settings.index, generation, settings.keep_generations)
        for line in back_lines(manifest, changes):
            _say(line)


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="Any file, in the seeds or elsewhere.")],
    seeds: Seeds = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each document of the file.")
    ] = False,
) -> None:
    """Show what the program makes of a file: text, furniture with reasons, headings, pages."""
    settings = _settings(seeds, None, None)
    with _reporting(settings):
        _read(settings, file, as_json=as_json)


@app.command()
def label(
    file: Annotated[
        str | None, typer.Argument(help="Label this source again, or a whole collection.")
    ] = None,
    seeds: Seeds = None,
    index: Index = None,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who assigns and confirms the labels.")
    ] = None,
) -> None:
    """Label the sources that have no label, one at a time, and confirm those not yet reviewed."""
    settings = _settings(seeds, index, None)
    with _reporting(settings, stays="What was written stays."):
        _walk(settings, file, by or "")


@app.command()
def evaluate(
    collection: Annotated[
        Path, typer.Argument(help="Folder in the BEIR layout: corpus, queries and judgements.")
    ],
    model: Model = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Draw so many questions; all of them if left out.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides which questions are drawn.")] = 7,
    baselines: Annotated[
        bool, typer.Option("--baselines", help="Measure dense and BM25 search alone, too.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the rankings as TREC runs into DIR.")
    ] = None,
    cache: Annotated[
        Path, typer.Option(metavar="DIR", help="Keep the indexes of collections in DIR.")
    ] = Path(".bench"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure ranking, quoting, silence and speed on a judged collection."""
    settings = _settings(None, None, model)
    with _reporting(settings):
        judged = _judged(settings, collection, cache, out)
        report = _evaluated(judged, sample=sample, seed=seed, baselines=baselines, out=out)
        if as_json:
            _print_json(report.to_json())
        else:
            from rag.evaluation.view import report_view

            Console().print(report_view(report))


def _judged(settings: Settings, folder: Path, cache: Path, out: Path | None) -> "Judged":
    from rag.evaluation.collection import Collection

    collection = Collection.read(folder)
    for notice in collection.notices:
        _say(str(notice))
    encoder = _load_encoder(settings)
    from rag.evaluation.library import open_library
    from rag.evaluation.runs import make_folder

    if out:
        make_folder(out, collection)
    with _progress() as progress:
        return open_library(collection, encoder, settings, cache, progress)


def _evaluated(
    judged: "Judged", *, sample: int | None, seed: int, baselines: bool, out: Path | None
) -> "Report":
    from rag.evaluation.report import evaluate as evaluated
    from rag.evaluation.runs import write_runs

    with _progress() as progress:
        report = evaluated(judged, sample=sample, seed=seed, baselines=baselines, progress=progress)
    for notice in report.notices:
        _say(str(notice))
    if out:
        write_runs(report, out)
    return report


def _verify(index: Path) -> int:
    """1 if anything is not as it was written."""
    from rag.index import pointer
    from rag.index.keeping import kept
    from rag.index.manifest import damages, manifest_of

    current = pointer.pointed_id(index)
    code = 0
    for named in kept(index):
        if found := list(damages(index, named)):
            for each in found:
                _say(each.message, style="red")
            code = 1
        else:
            line = verified_line(manifest_of(index, named), is_current=named.id == current)
            sys.stdout.write(f"{line}\n")
    pointer.read(index)  # where it is damaged, the last word is why
    return code


def _read(settings: Settings, file: Path, *, as_json: bool) -> None:
    from rag.reading import read_alone
    from rag.terminal import reading_view

    if file.is_dir():
        raise SeedUnreadable(f"{file}: is a folder", "Name a file in it.")
    documents, refused, notices = read_alone(file, settings)
    for shown in documents:
        if as_json:
            _print_json(shown.to_json())
        else:
            Console().print(reading_view(shown.document, shown.metadata))
    for notice in notices:
        _say(f"note: {notice}")
    for notice in refused:
        _say(f"refused: {notice}", style="red")
    if refused or not documents:
        raise typer.Exit(1)


def _list_sources(settings: Settings, furniture: str | None) -> None:
    from rag.index.generation import Generation
    from rag.terminal import furniture_view, sources_view

    generation = Generation.open(settings.index)
    _say_changes(generation.manifest, settings)
    if furniture is None:
        Console().print(sources_view(generation))
        return
    documents = generation.texts.documents
    Console().print(furniture_view(documents[_named(furniture, documents, settings)]))


def _check(settings: Settings) -> int:
    """1 if something has to be corrected. What an index holds of the seeds is not read again."""
    from rag.checking import checked
    from rag.index.before import files_known
    from rag.reading import read_seeds

    with _progress() as progress:
        check = checked(read_seeds(settings, files_known(settings.index), progress))
    for line in check_lines(check):
        sys.stdout.write(f"{visible(line, keep='')}\n")
    return 1 if check.wrong else 0


def _walk(settings: Settings, file: str | None, by: str) -> None:
    from rag.catalogue import FILE_NAME, collections_of
    from rag.index.generation import Generation
    from rag.labelling import Walk
    from rag.reading import catalogue_of
    from rag.talk import at_terminal

    documents = Generation.open(settings.index).texts.documents
    for notice in catalogue_of(settings.seeds).notices:
        _say(str(notice))
    walk = Walk(settings.seeds / FILE_NAME, documents, at_terminal(), by)
    try:
        if file is None:
            walk.through_all()
        else:
            whole = [name for each in documents for name in collections_of(each)]
            walk.through_one(_named(file, [*documents, *whole], settings))
    finally:
        for line in walked_lines(len(walk.done), *walk.left()):
            _say(_with_folders(line, settings))


@contextmanager
def _stopping(stays: str) -> Iterator[None]:
    """Say after Ctrl-C what is as it was, or nothing but that the command has stopped."""
    try:
        yield
    except KeyboardInterrupt as interrupt:
        _say(f"Stopped. {stays}".rstrip())
        raise typer.Exit(INTERRUPTED) from interrupt


@contextmanager
def _reporting(settings: Settings, *, stays: str = "") -> Iterator[None]:
    """Show an error; the command in its remedy names the folders that this command was given."""
    try:
        with _stopping(stays):
            yield
    except VerbatimError:
        raise
    except ParallaxError as error:
        _say_error(_with_folders(str(error), settings))
        raise typer.Exit(1) from error


def _with_folders(text: str, settings: Settings) -> str:
    standard = Settings.model_fields
    given = [
        f" --{name} {shlex.quote(str(getattr(settings, name)))}"
        for name in ("seeds", "index", "model")
        if getattr(settings, name) != standard[name].default
    ]
    return text.replace("parallax build", f"parallax build{''.join(given)}")


def _named(file: str, known: Iterable[str], settings: Settings) -> str:
    name = _document_id(file, known, settings.seeds)
    if name is None:
        raise SeedsError(
            f"{file}: not in the index, or it could not be read when that was built",
            f"There are: {', '.join(visible(each, keep='') for each in dict.fromkeys(known))}",
        )
    return name


def _document_id(file: str, documents: Iterable[str], seeds: Path) -> str | None:
    """The document meant by an id, by a path, or by a file name that only one has."""
    known = set(documents)
    path = Path(file).resolve()
    if path.is_relative_to(seeds.resolve()):
        file = path.relative_to(seeds.resolve()).as_posix()
    alike = [each for each in known if Path(each).name == Path(file).name]
    if file in known:
        return file
    return alike[0] if len(alike) == 1 else None


def _settings(seeds: Path | None, index: Path | None, model: str | None) -> Settings:
    named = {"seeds": seeds, "index": index, "model": model}
    given: dict[str, Any] = {key: value for key, value in named.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        slips = "; ".join(
            ": ".join([*map(str, slip["loc"]), slip["msg"].removeprefix("Value error, ")])
            for slip in error.errors()
        )
        raise ParallaxError(
            f"the settings cannot be used: {slips}",
            "Correct the option, or the PARALLAX_… environment variable of that name.",
        ) from error


def _load_encoder(settings: Settings) -> "Encoder":
    with _errors.status("Loading the model …"):
        from rag.encoder import Encoder

        return Encoder.load(settings.model, settings.backend, settings.cache)


def _open(settings: Settings, encoder: "Encoder | None" = None) -> "Library":
    with _errors.status("Opening the library …"):
        from rag.answering import Library

        return Library.open(settings.index, settings, encoder)


def _open_or_build(settings: Settings, told: "Progress | None" = None) -> "Library":
    """The library; `told` hears how far its building has come."""
    try:
        return _open(settings)
    except (IndexMissing, IndexOutdated) as error:
        if isinstance(error, IndexOutdated):
            _say(f"{error.message}; building it again")
        with _stopping(_INDEX_STAYS):
            encoder = _load_encoder(settings)
            _build(settings, encoder, told)
        return _open(settings, encoder)


def _serve(settings: Settings, port: int, shared_at: str | None) -> None:
    from rag.web.listening import ADDRESS, listening
    from rag.web.sharing import Sharing

    sharing = Sharing.of(settings) if shared_at else None
    with listening(port, shared_at or ADDRESS) as listener:
        with _errors.status("Opening the page …"):
            from rag.web.shelf import Shelf

            shelf = Shelf(settings)
        try:
            opening = asyncio.run(_served(shelf, settings, listener, sharing))
        except KeyboardInterrupt:
            if shelf.busy:
                _say(f"Stopped. {_INDEX_STAYS}")
                os._exit(INTERRUPTED)  # PyTorch aborts if Python ends while a thread is inside it
            raise
        opening.result()


async def _served(
    shelf: "Shelf", settings: Settings, listener: "socket", sharing: "Sharing | None"
) -> Future[None]:
    """Serve the page until it ends, and open the library meanwhile.

    Made in a running loop, since elsewhere Gradio makes loops and closes none: a Ctrl-C in the
    moment in which Python clears one away is lost.
    """
    with _errors.status("Opening the page …"):
        from rag.web.server import server

        page = server(shelf, sharing)
    await asyncio.sleep(0)  # a Ctrl-C until now is heard here
    _say(f"Parallax is open at {_opened_at(*listener.getsockname()[:2])} (Ctrl-C ends it)")
    if sharing:
        _say_shared(sharing, settings)
    opening = shelf.work(partial(_fill, shelf, settings))
    opening.add_done_callback(partial(_end_if_failed, page, shelf))
    await page.serve(sockets=[listener])
    return opening


def _opened_at(address: str, port: int) -> str:
    """What to type into a browser on this machine."""
    here = {EVERYWHERE: "127.0.0.1", "::": "::1"}.get(address, address)
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"


def _say_shared(sharing: "Sharing", settings: Settings) -> None:
    _say("Others can reach it. Without TLS their passwords travel in the clear: docs/sharing.md")
    if settings.owner_token is None:
        _say(f"The owner's token, until this ends: {sharing.token}")


def _end_if_failed(page: "Server", shelf: "Shelf", opening: Future[None]) -> None:
    if error := opening.exception():
        shelf.fail(error)
        page.should_exit = True


def _fill(shelf: "Shelf", settings: Settings) -> None:
    """Put the library on the shelf, which is built before if there is none.

    Loading the model leaves little time for anything else, so a page that is asked for at once is
    shown before.
    """
    shelf.wanted.wait(UNSEEN)
    shelf.told("opening the library")
    library = _open_or_build(settings, shelf.told)
    shelf.put(library)
    _say_changes(library.generation.manifest, settings)


def _build(settings: Settings, encoder: "Encoder", told: "Progress | None" = None) -> "BuildReport":
    from rag.index.build import build as build_index

    with _progress(told) as progress:
        report = build_index(settings, encoder, progress)
    for line in build_lines(report):
        _say(line)
    return report


def _builds(settings: Settings, encoder: "Encoder") -> Iterator["BuildReport"]:
    """A build now, and one after every change of the seeds; what is wrong with one ends nothing."""
    from rag.watching import watched

    for _ in watched(settings):
        try:
            yield _build(settings, encoder)
        except ParallaxError as error:
            _say_error(_with_folders(str(error), settings))
        _say(f"Watching {settings.seeds} (Ctrl-C ends it)", style="dim")


@contextmanager
def _progress(told: "Progress | None" = None) -> Iterator["Progress"]:
    """Bars in the terminal; `told` hears the same."""
    from rich.progress import Progress as Bars

    with Bars(console=_errors, transient=True, disable=not _errors.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done)
            if told:
                told(stage, done, total)

        yield advance


def _with_ids(only: Filter, library: "Library", settings: Settings) -> Filter:
    """The filter with the ids of documents that were named by path or file name."""
    ids = tuple(_named(each, library.documents, settings) for each in only.sources)
    return only.model_copy(update={"sources": ids})


def _converse(settings: Settings, only: Filter, *, context: bool) -> None:
    """Questions and answers until the end of input; earlier questions are remembered."""
    library = _open_or_build(settings)
    only = _with_ids(only, library, settings)
    _say_changes(library.generation.manifest, settings)
    if library.questions:
        _say("Questions to begin with:", style="dim")
        for each in library.questions:
            _say(f"  {each}", style="dim")
    history: list[str] = []
    for question in _typed():
        try:
            _print_answer(library, question, history, only, context=context, as_json=False)
        except QuestionError as error:
            _say_error(str(error))
        else:
            history.append(question)


def _typed() -> Iterator[str]:
    while True:
        try:
            line = input("\nYour question (an empty line ends): ")
        except EOFError:
            _say("")
            return
        if not line.strip():
            return
        yield line


def _print_answer(
    library: "Library",
    question: str,
    history: Sequence[str],
    only: Filter,
    *,
    context: bool,
    as_json: bool,
) -> None:
    answer = library.ask(question, history, only)
    if as_json:
        _print_json(answer.to_json())
    else:
        from rag.terminal import answer_view

        Console().print(answer_view(answer, library.documents, context=context))


def _answer_lines(library: "Library", lines: Iterable[str], only: Filter) -> int:
    """One JSON line for each line that holds anything; 1 if any of them was an error."""
    code = 0
    for line in lines:
        if not line.strip():
            continue
        try:
            asked = _asked(line, only)
            _print_json(library.ask(asked.question, asked.history, asked.only).to_json())
        except QuestionError as error:
            code = 1
            told = {"type": type(error).__name__, "message": error.message, "remedy": error.remedy}
            _print_json({"question": line.strip(), "error": told})
    return code


def _asked(line: str, only: Filter) -> Asked:
    """A line as it is meant; of the filter it says what it likes, the options say the rest."""
    if not line.lstrip().startswith("{"):
        return Asked(question=line.strip(), **dict(only))
    try:
        return Asked.model_validate(dict(only) | json.loads(line))
    except (ValueError, RecursionError) as error:
        raise QuestionError(
            f"a line that begins with {{ is no question in JSON: {error}",
            'Write {"question": "…", "history": ["…"], "perspectives": ["…"], "since": "2020"}.',
        ) from error


def _print_json(value: dict[str, Any]) -> None:
    line = json.dumps(value, ensure_ascii=False)
    # Escaped, the same JSON: no character in it can steer a terminal.
    sys.stdout.write(_STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", line) + "\n")
    sys.stdout.flush()


def _say_changes(manifest: "Manifest", settings: Settings) -> None:
    from rag.index.changes import staleness

    if not settings.seeds.is_dir() and settings.seeds == Settings.model_fields["seeds"].default:
        return  # asked from elsewhere, with --index alone
    try:
        line = changed_line(staleness(manifest, settings))
        line += "; run: parallax build" if line else ""
    except SeedsError as error:
        line = f"{error.message}, so nobody can tell whether the index is up to date"
    if line:
        _say(f"{settings.index}: {_with_folders(line, settings)}")


def _say_error(told: str) -> None:
    """What went wrong; its lines are the program's own, for names stand in it without line ends."""
    for line in f"error: {told}".split("\n"):
        _say(line, style="red")


def _say(line: str, style: str = "") -> None:
    """One line on standard error, as it stands, with control characters made visible."""
    _errors.print(visible(line, keep=""), style=style, markup=False, highlight=False)
