import re

import pytest

from rag.web.theme import FONTS, theme
from rag.web.wiring import ASSETS


def luminance(colour: str) -> float:
    """Of a colour such as #1d1f23 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("mode", ["", "_dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("body_text_color", "body_background_fill"),
        ("body_text_color_subdued", "body_background_fill"),
        ("body_text_color", "background_fill_primary"),
        ("body_text_color_subdued", "background_fill_primary"),
        ("button_primary_text_color", "button_primary_background_fill"),
        ("button_primary_text_color", "button_primary_background_fill_hover"),
    ],
)
def test_words_can_be_read_in_light_and_dark(mode: str, text: str, ground: str) -> None:
    drawn = theme()
    assert contrast(getattr(drawn, text + mode), getattr(drawn, ground + mode)) >= 4.5


def test_light_and_dark_differ() -> None:
    drawn = theme()
    assert luminance(drawn.body_background_fill) > 0.9
    assert luminance(drawn.body_background_fill_dark) < 0.05


@pytest.mark.parametrize("name", FONTS)
def test_a_font_is_a_true_type_font(name: str) -> None:
    assert FONTS[name].read_bytes()[:4] == b"\0\1\0\0"


def test_the_style_sheet_uses_each_font_and_no_other() -> None:
    css = (ASSETS / "page.css").read_text("utf-8")
    assert set(re.findall(r"url\([\"']?(?:/parallax/)?fonts/([^\"')]+)", css)) == set(FONTS)
