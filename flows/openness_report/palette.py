"""The colours of the report, by role, each for light and for dark surroundings.

Opening is blue and closing is orange, which every common kind of colour blindness tells apart
(Okabe and Ito, Color Universal Design, 2008); a sign or a position always says the same. Every text colour
has a contrast of 4.5 or more on its background (WCAG 2.2 §1.4.3); tests/browser measures it with axe-core.
"""

from __future__ import annotations

from collections.abc import Mapping

PALETTE: Mapping[str, tuple[str, str]] = {
    "paper": ("#fcfbf8", "#161513"),
    "raised": ("#ffffff", "#1f1e1b"),
    "sunken": ("#f3f0e9", "#24221f"),
    "ink": ("#1d1b18", "#ece8df"),
    "muted": ("#5e5a52", "#a9a398"),
    "line": ("#dfdacf", "#3a3732"),
    "opening": ("#1b6a9c", "#74b9ea"),
    "closing": ("#b4470c", "#f2995c"),
    "mixed": ("#6a6072", "#b5a8c2"),
    "opening-tint": ("#e3eef5", "#1d2f3c"),
    "closing-tint": ("#f8e8dd", "#3b281b"),
    "focus": ("#0b57d0", "#a8c7fa"),
    # Classes of licence, from the most open to the most closed.
    "class-1": ("#0f4c75", "#8fd0ff"),
    "class-2": ("#3e86b5", "#5aa3d6"),
    "class-3": ("#e0b074", "#e6c79a"),
    "class-4": ("#d58a4a", "#e0a468"),
    "class-5": ("#b85a1e", "#d9783a"),
    "class-6": ("#8a3b0a", "#b85a1e"),
    "class-7": ("#57240a", "#8f4a22"),
    "class-8": ("#a8a29a", "#6f6a62"),
}

LIGHT: Mapping[str, str] = {role: pair[0] for role, pair in PALETTE.items()}
DARK: Mapping[str, str] = {role: pair[1] for role, pair in PALETTE.items()}
