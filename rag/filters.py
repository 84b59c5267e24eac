"""Which documents a filter lets in: by label, by themselves, by kind, and by date."""

from collections.abc import Collection, Mapping

from rag.heads import heads_of
from rag.intervals import Interval, interval_of
from rag.records import Document, Filter, Source


def passing(documents: Mapping[str, Document], only: Filter) -> frozenset[str]:
    """Ids of the documents that fit every condition of a filter.

    Kinds are compared without regard to case and width of space. A date of reduced precision is
    all days that it may be: it fits if one of them is let in. Where a date is asked for, a source
    whose date is not known does not fit.
    """
    heads = heads_of(documents)
    names = heads.keys() & set(only.sources) if only.sources else heads.keys()
    labels, kinds = frozenset(only.perspectives), frozenset(map(plain_kind, only.kinds))
    days = only.days
    return frozenset(name for name in names if _fits(heads[name].source, labels, kinds, days))


def undated(documents: Mapping[str, Document], only: Filter) -> frozenset[str]:
    """Ids of the documents that a filter leaves out for want of a date alone."""
    if only.days is None:
        return frozenset()
    at_any_time = only.model_copy(update={"since": None, "until": None})
    fitting, heads = passing(documents, at_any_time), heads_of(documents)
    return frozenset(name for name in fitting if _days_of(heads[name].source) is None)


def _fits(
    source: Source, labels: Collection[str], kinds: Collection[str], days: Interval | None
) -> bool:
    return (
        (not labels or source.perspective.id in labels)
        and (not kinds or (source.kind is not None and plain_kind(source.kind) in kinds))
        and (days is None or _overlap(_days_of(source), days))
    )


def _days_of(source: Source) -> Interval | None:
    return interval_of(source.published) if source.published else None


def _overlap(one: Interval | None, other: Interval) -> bool:
    return one is not None and one[0] <= other[1] and other[0] <= one[1]


def plain_kind(kind: str) -> str:
    """A kind of source without case and width of space, which make no kind of its own."""
    return " ".join(kind.casefold().split())
