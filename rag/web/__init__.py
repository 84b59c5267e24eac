"""The web chat: pure functions from records to HTML, and apart from them the Gradio wiring."""
