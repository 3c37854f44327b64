"""Servers that keep a client waiting, for the rows about many transfers at once.

    idle.py slow PORT      answers each request after one second
    idle.py silent PORT    accepts connections, reads what comes, and never answers
"""
import asyncio
import resource
import sys


async def answer_late(reader, writer):
    while await reader.readuntil(b"\r\n\r\n"):
        await asyncio.sleep(1)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


async def answer_never(reader, writer):
    while await reader.read(65536):
        pass


def serve(answer):
    async def until_closed(reader, writer):
        try:
            await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    return until_closed


async def main():
    answer = dict(slow=answer_late, silent=answer_never)[sys.argv[1]]
    server = await asyncio.start_server(serve(answer), "127.0.0.1", int(sys.argv[2]), backlog=4096)
    await server.serve_forever()


hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
asyncio.run(main())
