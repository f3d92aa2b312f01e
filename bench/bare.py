"""The floor: claim, POST, mark, on one bare table. No journal, no order, no attempt, no signature, no registry.

python -m bench.bare DATABASE_URL SINK_URL      # drains `bench_bare`, then ends
"""

import asyncio
import sys

import aiohttp
import psycopg
import uvloop

IN_FLIGHT = 100
GATHER = 0.003
CLAIM = """
WITH taken AS (
    SELECT id FROM bench_bare WHERE due <= now() ORDER BY due LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE bench_bare b SET due = now() + interval '30 seconds' FROM taken WHERE b.id = taken.id RETURNING b.id, b.body
"""
MARK = "UPDATE bench_bare SET due = NULL WHERE id = ANY(%s)"


async def main(database, sink):
    claiming = await psycopg.AsyncConnection.connect(database, autocommit=True)
    marking = await psycopg.AsyncConnection.connect(database, autocommit=True)
    done, busy, free, over = [], set(), asyncio.Event(), asyncio.Event()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:

        async def send(identifier, body):
            headers = {"Content-Type": "application/json", "webhook-id": str(identifier)}
            async with session.post(sink, data=body, headers=headers) as answer:
                await answer.read()
            done.append(identifier)

        async def mark():
            while not over.is_set() or done:
                await asyncio.sleep(GATHER)
                if done:
                    batch, done[:] = list(done), []
                    await marking.execute(MARK, [batch])

        marker = asyncio.create_task(mark())
        while True:
            room = IN_FLIGHT - len(busy)
            if room < IN_FLIGHT // 4:
                free.clear()
                await free.wait()
                continue
            rows = await (await claiming.execute(CLAIM, [room])).fetchall()
            if not rows and not busy and not done:
                break
            for identifier, body in rows:
                task = asyncio.create_task(send(identifier, body))
                busy.add(task)
                task.add_done_callback(lambda ended: (busy.discard(ended), free.set()))
            if not rows:
                await asyncio.sleep(GATHER)
        over.set()
        await marker


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2]))
