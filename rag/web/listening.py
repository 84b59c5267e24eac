"""The address of the page. Apart, so that a taken port is known before anything heavy is loaded."""

import errno
import os
import socket
from ipaddress import ip_address

from rag.errors import PortTaken

ADDRESS = "127.0.0.1"


def listening(port: int, address: str = ADDRESS) -> socket.socket:
    """A socket that listens on this machine alone, or on another address of it.

    Args:
        port: 0 for any that is free.
        address: an IP address; of all that the machine has, "0.0.0.0" or "::".

    Raises:
        PortTaken: another program listens there, or nobody but root may, or it is no address here.
    """
    six = ip_address(address).version == 6
    shown = f"[{address}]:{port}" if six else f"{address}:{port}"
    remedy = "End the program that has it, or name another one with --port (0: any free one)."
    try:
        return socket.create_server(
            (address, port),
            family=socket.AF_INET6 if six else socket.AF_INET,
            dualstack_ipv6=address == "::",
        )
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            remedy = "Name an address of this machine with --address."
        raise PortTaken(
            f"{shown}: cannot be opened: {os.strerror(error.errno or 0)}", remedy
        ) from error
