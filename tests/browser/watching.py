"""Notes down whatever a page of ours never does, whatever the documents say."""

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Download,
    Frame,
    Page,
    Request,
)

LEAVING = """addEventListener("beforeunload", () => {
  console.error = () => {};
});"""
"""When a page is left, Gradio lets go of its connection, and calls what is under way an error."""


class Watch:
    """Watches every page of a context, and writes each fault into a list.

    Args:
        url: the address that the pages are served from, and the only one they may ask.
        faults: filled while the pages live.
        windows: so many pages of a context a test opens itself.
    """

    def __init__(self, url: str, faults: list[str], windows: int = 1) -> None:
        self._url = url
        self._faults = faults
        self._windows = windows

    def over(self, context: BrowserContext) -> None:
        """Watch the pages that this context will open."""
        context.add_init_script(LEAVING)
        context.on("page", self._open)
        context.on("console", self._tell)
        context.on("request", self._ask)
        context.on("dialog", self._talk)
        context.on("weberror", lambda error: self._faults.append(f"in a script: {error.error}"))

    def _open(self, page: Page) -> None:
        if len(page.context.pages) > self._windows:
            self._faults.append("a window that nobody opened")
        page.on("framenavigated", self._go)
        page.on("frameattached", lambda _: self._faults.append("a frame"))
        page.on("download", self._save)

    def _tell(self, message: ConsoleMessage) -> None:
        # Chromium tells of each upload that was refused, as the page itself does in words.
        if message.location["url"].startswith(f"{self._url}parallax/seeds/"):
            return
        # A breach of the Content-Security-Policy is told on the console too, as an error.
        if message.type in ("error", "warning", "assert"):
            self._faults.append(f"{message.type} on the console: {message.text}")

    def _ask(self, request: Request) -> None:
        if not request.url.startswith((self._url, "data:")):
            self._faults.append(f"asked for {request.url}")

    def _save(self, download: Download) -> None:
        # The page makes a file of a conversation itself, and asks nobody for it.
        if not download.url.startswith(f"blob:{self._url}"):
            self._faults.append(f"a download of {download.url}")

    def _talk(self, dialog: Dialog) -> None:
        self._faults.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _go(self, frame: Frame) -> None:
        # A permanent link to a quote stands behind the question mark, and a tab's name behind that.
        page = frame.url.partition("#")[0].partition("?cite=")[0]
        if page not in (self._url, "about:blank"):
            self._faults.append(f"went to {frame.url}")
