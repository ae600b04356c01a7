"""A long way: what the router redirects here goes on to where it wanted to, each byte so much later."""

import asyncio
import socket
import struct
import sys
from contextlib import suppress

SO_ORIGINAL_DST = 80  # linux/netfilter_ipv4.h; the answer is a sockaddr_in


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_s: float) -> None:
    """Connect to the first goal of this connection, and pass on both directions."""
    goal = writer.get_extra_info("socket").getsockopt(socket.SOL_IP, SO_ORIGINAL_DST, 16)
    port, address = struct.unpack("!2xH4s8x", goal)
    await asyncio.sleep(2 * delay_s)  # a connection is made once the answer is back
    try:
        there, back = await asyncio.open_connection(socket.inet_ntoa(address), port)
    except OSError:
        writer.transport.abort()
        return
    await asyncio.gather(pump(reader, back, delay_s), pump(there, writer, delay_s))


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, delay_s: float) -> None:
    """Bytes one way, in order; the end of them too."""
    clock = asyncio.get_running_loop().time
    way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(1024)

    async def arrive() -> None:
        part = b"begun"
        while part:
            due, part = await way.get()
            await asyncio.sleep(due - clock())
            sink.write(part)
            await sink.drain()

    arriving = asyncio.create_task(arrive())
    with suppress(OSError):
        while part := await source.read(65536):
            await way.put((clock() + delay_s, part))
    await way.put((clock() + delay_s, b""))
    with suppress(OSError):
        await arriving
    sink.close()


async def main(port: int, delay_s: float) -> None:
    """Serve until killed."""
    async with await asyncio.start_server(
        lambda reader, writer: carry(reader, writer, delay_s), "0.0.0.0", port
    ) as server:
        print("ready", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
