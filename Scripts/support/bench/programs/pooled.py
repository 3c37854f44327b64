"""aiohttp as well as a script can use it: uvloop, as many workers as transfers at once, a list that is read as it is needed.

    pooled.py CONCURRENCY LIST
"""
import asyncio
import sys

import aiohttp
import uvloop


async def work(session, urls, failed):
    for url in urls:
        try:
            async with session.get(url.strip()) as response:
                async for _ in response.content.iter_any():
                    pass
        except aiohttp.ClientError as error:
            failed.append(error)


async def main():
    concurrency, failed = int(sys.argv[1]), []
    connector = aiohttp.TCPConnector(limit=concurrency)
    with open(sys.argv[2]) as urls:
        async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=None)) as session:
            await asyncio.gather(*(work(session, urls, failed) for _ in range(concurrency)))
    if failed:
        print(len(failed), "failed, such as", repr(failed[0]), file=sys.stderr)
    sys.exit(bool(failed))


uvloop.run(main())
