"""The page in Russian: a reader's whole way, on which nothing of ours is in English."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from rag.encoder import Encoder
from rag.index.build import build
from rag.web.sharing import Sharing
from tests.browser.conftest import fresh_context, served
from tests.browser.driving import answered, cards_of, copied
from tests.browser.test_look import NARROW, WIDE, assert_in_shape
from tests.browser.watching import Watch
from tests.making import opened, settings_for
from tests.russian import ELSEWHERE, RUSSIAN, WHEN_CLOSED

NewPage = Callable[..., Page]

NEW = "Мельница Ломвика стоит на холме над гаванью.\n"

SEEN = """() => {
  const attributes = ["title", "aria-label", "placeholder", "alt"];
  const seen = [];
  const look = (element) => {
    if (["SCRIPT", "STYLE"].includes(element.tagName) || !element.checkVisibility()) return;
    for (const name of attributes) seen.push(element.getAttribute(name) ?? "");
    for (const each of element.childNodes) {
      if (each.nodeType === Node.TEXT_NODE) seen.push(each.data);
      else if (each.nodeType === Node.ELEMENT_NODE) look(each);
    }
  };
  look(document.body);
  return seen;
}"""

CUT = """() => [...document.querySelectorAll("button, .badge, label, h1, h2, h3, th")]
  .filter((each) => each.checkVisibility() && !each.closest(".unseen"))
  .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth)
  .map((each) => each.textContent)"""
"""Buttons, headings and labels that are narrower than their words."""

BROKEN = """() => [...document.querySelectorAll("#go, #rebuild, [data-close], [role=tab]")]
  .filter((each) => each.checkVisibility())
  .filter((each) => {
    const range = document.createRange();
    range.selectNodeContents(each);
    const tops = [...range.getClientRects()].map(({ top }) => Math.round(top));
    return Math.max(...tops) - Math.min(...tops) > 12;
  })
  .map((each) => each.textContent)"""
"""Buttons whose words do not stand on one line."""

GIVEN = re.compile(r"from the text alone|sources\.toml|\S*/\S+|\.[a-z]+\b|^(para|ll|ax)$")
"""What a person wrote, names of folders and files with their endings, and of the program."""


@pytest.fixture
def russian_url(tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder) -> Iterator[str]:
    settings = settings_for(tmp_path_factory.mktemp("russian"), RUSSIAN)
    build(settings, quick_encoder)
    with served(opened(settings, quick_encoder), settings) as url:
        yield url


@pytest.fixture
def new_russian_page(chromium: Browser) -> Iterator[NewPage]:
    faults: list[str] = []
    contexts = []

    def open_page(url: str, width: int, *, watched: bool = True) -> Page:
        context = fresh_context(
            chromium,
            viewport={"width": width, "height": 844},
            locale="ru-RU",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        if watched:
            Watch(url, faults).over(context)
        page = context.new_page()
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def english(page: Page) -> set[str]:
    """What stands on the page in Latin letters and was given by nobody else."""
    seen = (GIVEN.sub("", each.strip()) for each in page.evaluate(SEEN))
    return {each for each in seen if re.search("[A-Za-z]{2,}", each)}


def assert_russian(page: Page) -> None:
    """Nothing in English, and nothing that does not fit."""
    page.wait_for_timeout(300)
    assert english(page) == set()
    assert page.evaluate(CUT) == []
    assert page.evaluate(BROKEN) == []
    assert_in_shape(page)


def ask(page: Page, question: str) -> Locator:
    box = page.get_by_label("Ваш вопрос")
    box.fill(question)
    box.press("Enter")
    return answered(page.locator(".turn").last)


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


@pytest.mark.usefixtures("always_answers")
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_readers_whole_way_in_russian(
    russian_url: str, new_russian_page: NewPage, width: int
) -> None:
    page = new_russian_page(russian_url, width)
    expect(page.get_by_role("heading", name="Спросите эти источники.")).to_be_visible()
    expect(page.locator("#go")).to_have_text("Спросить")
    expect(page.locator("#status")).to_contain_text("4 источника · сборка: ")
    assert_russian(page)
    _read_an_answer(page)
    _filter(page)
    _look_into_the_library(page)
    _bring_in_a_source(page)
    open_tab(page, "Карта")
    expect(page.locator("#map .main-svg").first).to_be_visible()
    expect(page.locator("#map h1")).to_have_text("Карта: 5 источников")
    assert_russian(page)
    open_tab(page, "О метках")
    expect(page.get_by_role("heading", name="Как устроены метки")).to_be_visible()
    assert_russian(page)


def _read_an_answer(page: Page) -> None:
    turn = ask(page, WHEN_CLOSED)
    expect(turn.locator(".told")).to_contain_text("цитат")
    expect(page.locator("#go")).to_have_text("Спросить")
    assert_russian(page)
    card = turn.locator(".card").first
    exact = cards_of(turn)[0].exact
    expect(card.locator(".quote")).to_have_attribute("lang", "ru")
    card.get_by_role("button", name="Копировать ссылку").click()
    expect(card.get_by_role("button", name="Скопировано")).to_be_visible()
    assert "?cite=" in copied(page)
    card.get_by_role("button", name="Читать в источнике").click()
    reader = page.locator("#reader")
    expect(reader.locator("mark:not(.other)")).to_have_text(exact)
    reader.get_by_label("Найти в этом источнике").fill("траулер")
    expect(reader.locator(".hits")).to_have_text(re.compile(r"^1 из \d+$"))
    assert_russian(page)
    reader.get_by_role("button", name="Закрыть").click()


def _filter(page: Page) -> None:
    page.get_by_text("Фильтры", exact=True).click()
    page.locator("#heard input").first.check()
    page.get_by_label("с", exact=True).fill("вчера")
    expect(page.locator("#acting .wrong")).to_have_text(
        "«вчера»: это не дата, поэтому фильтр не действует."
    )
    assert_russian(page)
    page.get_by_role("button", name="Снять все фильтры").click()
    expect(page.locator("#acting .chip")).to_have_count(0)
    page.get_by_text("Фильтры", exact=True).click()
    page.locator("#conversations .kept summary").click()
    expect(page.locator("#conversations .kept")).to_contain_text("не больше чем из 50 бесед")
    assert_russian(page)


def _look_into_the_library(page: Page) -> None:
    open_tab(page, "Библиотека")
    page.get_by_role("button", name="Подробнее об источнике 4").click()
    details = page.locator(".details")
    expect(details.locator(".left .reason")).to_contain_text("Строки с 1 по 4 · меню")
    details.get_by_role("button", name="Дать метку").click()
    expect(details.locator("#problem-basis")).to_have_text(
        "Метке нужно основание: по чему она видна в собственных словах источника."
    )
    assert_russian(page)


def _bring_in_a_source(page: Page) -> None:
    new: FilePayload = {"name": "мельница.txt", "mimeType": "text/plain", "buffer": NEW.encode()}
    page.locator("[data-name=files]").set_input_files([new])
    expect(page.locator(".uploads .told")).to_have_text(
        "добавлено в папку с документами. Чтобы спрашивать и этот документ, перестройте индекс."
    )
    expect(page.locator("#changed")).to_contain_text("После этой сборки изменилось: 1 документ.")
    assert_russian(page)
    rebuild = page.get_by_role("button", name="Перестроить индекс")
    rebuild.click()
    expect(page.locator(".report")).to_contain_text("Индекс перестроен: 5 источников")
    expect(rebuild).to_be_enabled()
    assert_russian(page)


def test_what_is_not_there_is_said_in_russian(russian_url: str, new_russian_page: NewPage) -> None:
    """Also what a thread of its own has found out."""
    page = new_russian_page(russian_url, WIDE)
    page.locator(".welcome").wait_for()
    turn = ask(page, ELSEWHERE)
    expect(turn.locator(".silence strong")).to_contain_text("В этой библиотеке")
    turn.get_by_text("Показать самое близкое").click()
    assert_russian(page)


def test_the_door_speaks_russian(
    tmp_path_factory: pytest.TempPathFactory,
    quick_encoder: Encoder,
    new_russian_page: NewPage,
) -> None:
    settings = settings_for(tmp_path_factory.mktemp("shared"), RUSSIAN)
    build(settings, quick_encoder)
    sharing = Sharing(token="ключ владельца", password="сезам откройся")  # noqa: S106
    with served(opened(settings, quick_encoder), settings, sharing) as url:
        page = new_russian_page(url, NARROW, watched=False)
        expect(page.get_by_role("heading", name="Вход")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "ru")
        assert english(page) == set()
        page.get_by_label("Пароль или ключ владельца").fill("сезам откройся")
        page.get_by_role("button", name="Войти").click()
        expect(page.get_by_role("heading", name="Спросите эти источники.")).to_be_visible()
        open_tab(page, "Библиотека")
        expect(page.get_by_role("link", name="Войти как владелец")).to_be_visible()
        assert_russian(page)
