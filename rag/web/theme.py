"""Colours and fonts of what Gradio draws itself; `assets/page.css` has the rest."""

from importlib.resources import files
from pathlib import Path

from gradio.themes import Base

FONTS = {
    "inter.ttf": Path(str(files("fontpkg_inter"))) / "files" / "Inter[opsz,wght].ttf",
    "literata.ttf": Path(str(files("fontpkg_literata"))) / "files" / "Literata[opsz,wght].ttf",
    "literata-italic.ttf": (
        Path(str(files("fontpkg_literata"))) / "files" / "Literata-Italic[opsz,wght].ttf"
    ),
}
"""The name of a font on the page -> its file, in a package that is installed with Parallax."""


def theme() -> Base:
    """A calm theme in light and dark, without any font or image from elsewhere."""
    base = Base(font=("Inter", "system-ui", "sans-serif"), font_mono=("ui-monospace", "monospace"))
    light = {
        "body_background_fill": "#fbfaf7",
        "body_text_color": "#1d1f23",
        "body_text_color_subdued": "#5d626b",
        "background_fill_primary": "#ffffff",
        "block_background_fill": "transparent",
        "border_color_primary": "#e4e1d9",
        "button_primary_background_fill": "#2f4b7c",
        "button_primary_background_fill_hover": "#3b5c95",
        "button_primary_text_color": "#ffffff",
        "input_background_fill": "transparent",
        "checkbox_background_color_selected": "#2f4b7c",
        "checkbox_border_color_selected": "#2f4b7c",
        "color_accent": "#2f4b7c",
    }
    dark = {
        "body_background_fill": "#16181c",
        "body_text_color": "#e9e7e1",
        "body_text_color_subdued": "#a8adb6",
        "background_fill_primary": "#1d2026",
        "block_background_fill": "transparent",
        "border_color_primary": "#2c3037",
        "button_primary_background_fill": "#9db7e8",
        "button_primary_background_fill_hover": "#b6caf0",
        "button_primary_text_color": "#16181c",
        "input_background_fill": "transparent",
        "checkbox_background_color_selected": "#9db7e8",
        "checkbox_border_color_selected": "#9db7e8",
        "color_accent": "#9db7e8",
    }
    both = light | {f"{name}_dark": value for name, value in dark.items() if name != "color_accent"}
    return base.set(**both, block_border_width="0px", block_shadow="none", block_padding="0px")
