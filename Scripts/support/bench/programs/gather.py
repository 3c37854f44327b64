"""The script that people write instead of using fetch: aiohttp and asyncio.gather, as in any tutorial.

    gather.py CONCURRENCY LIST
"""
import asyncio
import sys

import aiohttp


async def fetch(session, url):
    async with session.get(url) as response:
        return await response.read()


async def main():
    urls = open(sys.argv[2]).read().split()
    connector = aiohttp.TCPConnector(limit=int(sys.argv[1]))
    async with aiohttp.ClientSession(connector=connector) as session:
        results = await asyncio.gather(*(fetch(session, url) for url in urls), return_exceptions=True)
    failed = [result for result in results if isinstance(result, BaseException)]
    if failed:
        print(len(failed), "failed, such as", repr(failed[0]), file=sys.stderr)
    sys.exit(bool(failed))


asyncio.run(main())
