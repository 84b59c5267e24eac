"""Names and paths by which somebody may try to reach what is not in the library."""

from urllib.parse import quote

TARGETS = ("outside.txt", "etc/passwd", "seeds/council.txt", "sources.toml")
"""What they try to reach, from a folder above."""

_UP = (
    *("../", "..\\", "..//", "./../", ".././", "....//", "..;/", ".. /", "\u2025/"),
    *("..%2f", "..%5c", "%2e%2e/", "%2e%2e%2f", "%2e%2e%5c", "%252e%252e%252f", "%c0%ae%c0%ae/"),
    *("..%c0%af", "..%e2%88%95", "%u002e%u002e/", "..%00/", "..%ff/", "%2e%2e%252f", ".%2e/"),
    *("\uff0e\uff0e/", "..\u2215", "..\u2044", "..\uff0f", "..\uff3c", "\u2024\u2024/"),
)
"""Ways of writing the folder above."""

_ABSOLUTE = (
    *("/", "//", "///", "\\", "\\\\", "C:\\", "C:/", "c:", "file:///", "file:", "~/", "~root/"),
    *("\\\\evil.example\\share\\", "//evil.example/share/", "\\\\?\\C:\\", "\\\\.\\", "%2f", "%5c"),
    *("%2f%2f", "%5c%5c", "/proc/self/cwd/", "/dev/fd/0/", "http://evil.example/", "%00/"),
)

_DEVICES = (
    *("con", "prn", "aux", "nul", "com1", "lpt9", "COM¹", "conin$", "CONOUT$", "Nul .tar", "aux.x"),
)

PATHS = tuple(
    dict.fromkeys(
        [up * times + target for up in _UP for times in (1, 6) for target in TARGETS[:2]]
        + [root + target for root in _ABSOLUTE for target in TARGETS[:2]]
        + ["a.txt%00.png", "%00", "a.txt\0.png", "outside.txt%20", "outside.txt.", "*", "?", "#"]
        + ["a" * 300 + ".txt", "a/" * 200 + "b.txt", quote("\u202e") + "txt.exe", "%", "%zz"]
    )
)
"""Paths, put behind each route as they are: what is encoded in them stays so."""

NAMES = tuple(
    dict.fromkeys(
        [
            *("", ".", "..", ".txt", "..txt", ".hidden.txt", ".adding-1.txt", "a", "a.", "a.exe"),
            *("a.txt ", "a.txt.", "a.txt/", "a.txt/.", "/a.txt", "a/b.txt", "./a.txt", "a\\b.txt"),
            *("../outside.txt", "..\\outside.txt", "..", "../../etc/passwd", "a/../../outside.txt"),
            *("/etc/passwd.txt", "//evil.example/a.txt", "\\\\evil.example\\share\\a.txt"),
            *("C:\\a.txt", "C:a.txt", "a.txt:b.txt", "a.txt::$DATA.txt", "file:a.txt"),
            *("a\0.txt", "a.txt\0", "\0", "a\n.txt", "a\r.txt", "a\t.txt", "a\x1b[2J.txt"),
            *("a\x7f.txt", "a\x85.txt", "a\u2028.txt", "a\u2029.txt", "a\u202etxt.md"),
            *("a\u2066.txt", "a\ufffd.txt", "a\udc80.txt", "\ud800.txt"),
            *("sources.toml", "SOURCES.TOML", "Sources.Toml", "__MACOSX", "Thumbs.db"),
            *("a" * 252 + ".txt", "\u0436" * 126 + ".txt", "e\u0301" * 200 + ".txt"),
            *(".git/config", ".env", ".ssh/authorized_keys", "conftest.py", "a.py", "a.toml"),
        ]
        + [f"{device}.txt" for device in _DEVICES]
        + [device.upper() for device in _DEVICES]
        + [f"{root}{target}" for root in _ABSOLUTE for target in TARGETS if "%" not in root]
        + [f"{up}{target}" for up in _UP if {"/", "\\"} & set(up) for target in TARGETS]
    )
)
"""Names that no file in the seeds may get."""
