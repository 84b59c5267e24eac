"""The index: built from seeds into one complete, immutable generation, and opened as one."""
