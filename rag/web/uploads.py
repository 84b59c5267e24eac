"""A file that the owner's browser puts into the seeds: streamed, and never held in memory."""

from collections.abc import Awaitable, Callable

import gradio as gr
from anyio import to_thread
from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from rag.adding import Draft
from rag.errors import (
    NoRoom,
    NotOwner,
    ParallaxError,
    SeedExists,
    SeedRefused,
    SeedTooLarge,
)
from rag.web.door import require_owner
from rag.web.failures import reported
from rag.web.shelf import Shelf
from rag.wording.language import preferred, say, spoken

STATUS: dict[type[ParallaxError], int] = {
    NotOwner: 403,
    SeedTooLarge: 413,
    SeedExists: 409,
    NoRoom: 507,
    SeedRefused: 400,
}

Upload = Callable[[str, Request], Awaitable[JSONResponse]]


def uploading(shelf: Shelf) -> Upload:
    """What puts a file into the seeds of a shelf; the body of the request is the file.

    The answer is {"message", "remedy"}, to stand beside the name of the file: 201 if it was added,
    200 if it was there already with the same bytes, else why not (400 its name or the folder, 403,
    409 another file has the name, 413 too large, 507 no room).
    """

    async def put(name: str, request: Request) -> JSONResponse:
        with spoken(preferred(request.headers.get("accept-language", ""))):
            return await answer(name, request)

    async def answer(name: str, request: Request) -> JSONResponse:
        try:
            require_owner(gr.Request(request))
            kept = await _received(Draft(shelf.seeds, name, shelf.most_bytes), request)
        except ClientDisconnect:
            return _answer(400, say("upload-broke-off"), say("upload-again"))
        except Exception as error:
            why = reported(error)
            return _answer(STATUS.get(type(why), 500), why.message, why.remedy)
        done = say("upload-added" if kept else "upload-same")
        return _answer(201 if kept else 200, done, say("upload-rebuild"))

    return put


async def _received(file: Draft, request: Request) -> bool:
    length = request.headers.get("content-length", "")
    if length.isdecimal():
        file.check(int(length[:20]))
    with file as draft:
        async for part in request.stream():
            await to_thread.run_sync(draft.write, part)
        return await to_thread.run_sync(draft.keep)


def _answer(status: int, message: str, remedy: str) -> JSONResponse:
    return JSONResponse({"message": message, "remedy": remedy}, status)
