"""The charts: Vega-Lite files that vl-convert compiles for the page and draws for mail.

The page gets Vega's specifications, so that nothing is compiled while somebody waits. Colours stand in the files
as CSS variables (`var(--opening)`), so that the theme and the printer can change them without drawing again.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from typing import Any

import vl_convert

from flows.openness_report.palette import LIGHT

CHARTS = ("openness", "months", "timeline", "licences")
"""Names of the chart files."""

_FOLDER = files("flows.openness_report").joinpath("layout", "charts")


DRAWING = ThreadPoolExecutor(1, thread_name_prefix="ajar-charts")
"""vl-convert works outside Python and on one thing at a time, so beside whatever else is to be done."""


@cache
def begin() -> tuple[Future[dict[str, Any]], Future[str]]:
    """Begin with what every report needs, which takes a second: the compiled charts and the library that draws them.

    The charts are Vega's specifications by name, with data to be put in. The library is JavaScript that leaves
    Vega-Embed in the global `vegaEmbed`, gzip in base64: compressed it is half as large, and the room goes to what
    readers want to find in the page. A second call gives the same.
    """
    return DRAWING.submit(_compiled), DRAWING.submit(_runtime)


def _compiled() -> dict[str, Any]:
    return {name: vl_convert.vegalite_to_vega(read_chart(name)) for name in CHARTS}


def _runtime() -> str:
    # In the bundles of vl-convert 1.9 the names `vega` and `vegaLite` are null; embedding works.
    script = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    # Without the time of day, so that the same report is the same file.
    return base64.b64encode(gzip.compress(script.encode(), mtime=0)).decode()


def read_chart(name: str) -> dict[str, Any]:
    """A chart file in Vega-Lite, with the looks all charts share."""
    chart: dict[str, Any] = json.loads(_FOLDER.joinpath(f"{name}.vl.json").read_text("utf-8"))
    looks = json.loads(_FOLDER.joinpath("looks.json").read_text("utf-8"))
    return {**chart, "config": looks}


def draw_png(name: str, datasets: dict[str, Any], *, title: str, subtitle: str, width: int) -> bytes:
    """A chart as a picture for light surroundings, `width` pixels wide at twice the density.

    `datasets` holds the rows by the names that the chart file gives them.
    """
    chart = read_chart(name)
    chart |= {"datasets": datasets, "width": width, "background": "var(--paper)", "padding": 24}
    chart["title"] = {"text": title, "subtitle": subtitle}
    drawn = re.sub(r"var\(--([a-z0-9-]+)\)", lambda found: LIGHT[found[1]], json.dumps(chart))
    return bytes(vl_convert.vegalite_to_png(json.loads(drawn), scale=2))
