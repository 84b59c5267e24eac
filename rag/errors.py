"""Every error that Parallax raises on purpose.

    ParallaxError
    ├── SeedsError              the folder of seeds is missing, or nothing in it can be read
    ├── SeedUnreadable          one seed cannot be read (a build reports it and goes on)
    ├── SandboxMissing          the process that reads files cannot be started
    ├── CatalogueError          sources.toml as a whole cannot be read
    ├── ModelError
    │   ├── ModelMissing        the embedding model is not where the settings say
    │   ├── ModelDamaged        its weights are not the ones that were published
    │   └── TextTooLong         a text has more tokens than the model reads
    ├── LibraryIndexError
    │   ├── IndexMissing        there is no built index
    │   ├── IndexDamaged        a file of the index is absent or not as it was written
    │   ├── IndexMismatch       the index was built by another format or model
    │   │   └── IndexOutdated   by an earlier version of the program: building again mends it
    │   └── IndexBusy           another build is writing this index
    ├── CollectionError         a judged collection, or the place for its results, cannot be used
    ├── PortTaken               the web chat cannot be served at the port
    ├── SharingRefused          nothing says whom a page that others can reach is to let in
    ├── QuestionError           the question (or its filter) cannot be asked
    ├── NotOwner                somebody who only reads the library wants to change it
    ├── LinkUnreadable          a permanent link to a quote is damaged, or was never one
    ├── SeedRefused             a file that somebody brings is not added to the seeds
    │   ├── SeedTooLarge        it is larger than the settings allow
    │   ├── SeedExists          another file has its name
    │   └── NoRoom              the disk is full
    ├── SourceGone              a source that somebody wants to read is not in the library any more
    ├── PageForgotten           the server does not know any more what a page has asked
    ├── Defect                  what the page shows instead of an error that nobody foresaw
    └── VerbatimError           a quote is not what stands in its document; never to be caught

An abstention is no error: it is a value, `rag.records.Abstention`.
"""


class ParallaxError(Exception):
    """Base of all errors raised on purpose.

    Args:
        message: what happened, naming the file or folder.
        remedy: what the reader can do about it, as a full sentence or command.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n{self.remedy}" if self.remedy else self.message


class SeedsError(ParallaxError):
    """The folder of seeds is missing, or nothing in it can be read."""


class SeedUnreadable(ParallaxError):
    """One seed cannot be read; the build reports it and goes on."""


class SandboxMissing(ParallaxError):
    """The process that reads files cannot be started, whatever the file."""


class CatalogueError(ParallaxError):
    """`sources.toml` as a whole cannot be read."""


class ModelError(ParallaxError):
    """The embedding model cannot be used."""


class ModelMissing(ModelError):
    """The embedding model is not where the settings say."""


class ModelDamaged(ModelError):
    """The weights of the bundled model are not the published ones."""


class TextTooLong(ModelError):
    """A text has more tokens than the model reads; it is never cut silently."""


class LibraryIndexError(ParallaxError):
    """The index cannot be opened or written."""


class LibraryAway(LibraryIndexError):
    """What readers of a shared library are told of every other such error."""


class IndexMissing(LibraryIndexError):
    """There is no built index in the folder."""


class IndexDamaged(LibraryIndexError):
    """A file of the index is absent, or not as it was written."""


class IndexMismatch(LibraryIndexError):
    """The index was built in another format, or with another model."""


class IndexOutdated(IndexMismatch):
    """The index was built by an earlier version of the program."""


class IndexBusy(LibraryIndexError):
    """Another build is writing this index."""


class QuestionError(ParallaxError):
    """The question, or the filter that came with it, cannot be asked."""


class CollectionError(ParallaxError):
    """A judged collection, or the place for its results, cannot be used."""


class PortTaken(ParallaxError):
    """The web chat cannot be served: another program has the port."""


class SharingRefused(ParallaxError):
    """Others are to reach the page, and nothing says whom of them it is to let in."""


class NotOwner(ParallaxError):
    """Somebody who may only read the library wants to change it."""


class LinkUnreadable(ParallaxError):
    """A permanent link to a quote is damaged, or was never one."""


class SeedRefused(ParallaxError):
    """A file that somebody brings is not added to the seeds."""


class SeedTooLarge(SeedRefused):
    """The file is larger than the settings allow."""


class SeedExists(SeedRefused):
    """Another file has the name; what is in the library is never overwritten."""


class NoRoom(SeedRefused):
    """The disk that the seeds lie on is full."""


class SourceGone(ParallaxError):
    """A source that somebody wants to read is not in the library any more."""


class PageForgotten(ParallaxError):
    """The server does not know any more what a page has asked: it was started anew, or long ago."""


class Defect(ParallaxError):
    """What the page shows instead of an error that nobody foresaw; that goes to the terminal."""


class VerbatimError(ParallaxError):
    """A quote differs from its document. A defect: it is never caught, so it never shows."""
