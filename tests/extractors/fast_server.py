"""A web server in a process of its own, fast enough to measure a client with.

    python fast_server.py SECONDS_OF_LATENCY

prints its port. Hosts named `silent…` are never answered, hosts named `drip…` get one byte a second, all
others a page, or a 304 when they name a version.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PAGE = b"<html><body>" + b"<p>Some words of an article.</p>" * 600 + b"</body></html>"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, latency: float) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if b"\r\nhost: silent" in head:
                await asyncio.sleep(3600)
            await asyncio.sleep(latency)
            if head.startswith(b"get /robots.txt"):
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            elif b"\r\nif-none-match:" in head:
                writer.write(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n')
            else:
                writer.write(b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: %d\r\n\r\n' % len(PAGE))
                if b"\r\nhost: drip" in head:
                    for byte in PAGE:
                        writer.write(bytes([byte]))
                        await writer.drain()
                        await asyncio.sleep(1)
                writer.write(PAGE)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def _main(latency: float) -> None:
    server = await asyncio.start_server(lambda r, w: _serve(r, w, latency), "127.0.0.1", 0, backlog=2000)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


@contextmanager
def running(latency: float) -> Iterator[int]:
    """The port of a server that runs until the block ends."""
    with subprocess.Popen(
        [sys.executable, __file__, str(latency)], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(_main(float(sys.argv[1])))
