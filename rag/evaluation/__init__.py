"""How good the library is on a judged collection: `parallax evaluate`."""
