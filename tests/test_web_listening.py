import socket
import subprocess
import sys

import pytest

from rag.errors import PortTaken
from rag.web.listening import listening

REMEDY = "End the program that has it, or name another one with --port (0: any free one)."


def port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


def test_a_taken_port_is_told_with_its_address_cause_and_remedy() -> None:
    with listening(0) as other:
        port = port_of(other)
        with pytest.raises(PortTaken) as told:
            listening(port)
    assert told.value.message == f"127.0.0.1:{port}: cannot be opened: Address already in use"
    assert told.value.remedy == REMEDY
    assert isinstance(told.value.__cause__, OSError)


def test_a_port_that_another_program_has_on_every_address_is_taken() -> None:
    with socket.create_server(("", 0)) as other, pytest.raises(PortTaken, match="already in use"):
        listening(port_of(other))


def test_a_port_that_only_root_may_open_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(PortTaken, match=r"^127\.0\.0\.1:80: cannot be opened: Permission denied\n"):
        listening(80)


def test_port_0_is_any_that_is_free() -> None:
    with listening(0) as one, listening(0) as other:
        assert 0 < port_of(one) != port_of(other) > 0


def test_it_listens_on_this_machine_alone() -> None:
    with listening(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        socket.create_connection(("127.0.0.1", port_of(listener)), timeout=5).close()
        # A server on every address would be found at this one too.
        with pytest.raises(OSError):  # noqa: PT011 - the number differs between systems
            socket.create_connection(("127.0.0.2", port_of(listener)), timeout=5)


def test_a_port_is_free_again_at_once_after_a_visit() -> None:
    with listening(0) as listener:
        port = port_of(listener)
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            listener.accept()[0].close()
    with listening(port) as again:
        assert port_of(again) == port


def test_nothing_heavy_is_imported() -> None:
    heavy = "gradio", "fastapi", "uvicorn", "torch", "numpy", "faiss", "sentence_transformers"
    code = "import sys, rag.web.listening; print(*set(sys.argv) & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code, *heavy, "socket"], capture_output=True, check=True, timeout=60
    )
    assert done.stdout == b"socket\n"


def test_on_every_address_it_is_found_at_each() -> None:
    for every in ("0.0.0.0", "::"):  # noqa: S104 - that is what is tested
        with listening(0, every) as listener:
            for near in ("127.0.0.1", "127.0.0.2"):
                socket.create_connection((near, port_of(listener)), timeout=5).close()


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(PortTaken) as told:
        listening(0, "192.0.2.1")  # of no machine (RFC 5737)
    assert told.value.message.startswith("192.0.2.1:0: cannot be opened: Cannot assign")
    assert told.value.remedy == "Name an address of this machine with --address."
