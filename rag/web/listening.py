"""The address of the page. Apart, so that a taken port is known before anything heavy is loaded."""

import os
import socket

from rag.errors import PortTaken

ADDRESS = "127.0.0.1"


def listening(port: int) -> socket.socket:
    """A socket that listens on this machine alone.

    Args:
        port: 0 for any that is free.

    Raises:
        PortTaken: another program listens there, or nobody but root may.
    """
    try:
        return socket.create_server((ADDRESS, port))
    except OSError as error:
        raise PortTaken(
            f"{ADDRESS}:{port}: cannot be opened: {os.strerror(error.errno or 0)}",
            "End the program that has it, or name another one with --port (0: any free one).",
        ) from error
