"""The page as a web application behind its guard, and the server of it."""

import logging
import os
from asyncio import CancelledError

# Read by Gradio while it is imported: it would tell its makers of every start otherwise, and keep
# statistics of every event for a page that is not served here.
os.environ |= {"GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000"}

import gradio as gr
import uvicorn
from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from rag.web.guard import UPLOAD, Guard
from rag.web.map import PLOTLY
from rag.web.page import HEAD, Page
from rag.web.sharing import Sharing
from rag.web.shelf import Shelf
from rag.web.theme import FONTS, theme
from rag.web.uploads import uploading
from rag.web.wiring import ASSETS, words


def application(shelf: Shelf, sharing: Sharing | None = None) -> ASGIApp:
    """The page with its fonts and styles, behind the guard."""
    api = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @api.get("/parallax/fonts/{name}")
    def font(name: str) -> FileResponse:
        if name not in FONTS:
            raise HTTPException(404)
        return FileResponse(FONTS[name], headers={"Cache-Control": "max-age=86400"})

    @api.get("/parallax/plotly.js")
    def plotly() -> FileResponse:
        # Its address names what it holds.
        kept = {"Cache-Control": "max-age=31536000, immutable"}
        return FileResponse(PLOTLY, media_type="text/javascript", headers=kept)

    api.put(f"{UPLOAD}{{name}}")(uploading(shelf))
    api.mount("/parallax", StaticFiles(directory=ASSETS))
    gr.mount_gradio_app(
        api,
        Page(shelf).blocks,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        theme=theme(),
        head=HEAD,
        i18n=words,
    )
    return Guard(api, sharing)


def server(shelf: Shelf, sharing: Sharing | None = None) -> uvicorn.Server:
    """A server of the page, to be run on a socket that listens already.

    Args:
        shelf: with the library.
        sharing: whom it lets in; None where only this machine can reach it.
    """
    config = uvicorn.Config(
        application(shelf, sharing),
        log_level="warning",
        access_log=False,
        server_header=False,
        # Anybody could write a header that says where a request comes from.
        proxy_headers=False,
        # An open page keeps a connection that never ends by itself.
        timeout_graceful_shutdown=1,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    return uvicorn.Server(config)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a log record is worth telling: not that pages still open lost their connection."""
    error = record.exc_info[1] if record.exc_info else None
    cut_off = str(record.msg).startswith("Cancel ") or isinstance(error, CancelledError)
    return not cut_off
