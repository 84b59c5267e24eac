"""Python's collector of garbage, in a process that answers questions for a long time."""

import gc


def settle() -> None:
    """Clear away what nobody can reach; what is alive now is not looked at until the next time.

    Modules and an open library are some hundred thousand objects, and looking at them all again and
    again keeps one question in twenty waiting for a tenth of a second.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
