"""Asks DuckDB, polars or ClickHouse local what loganalyze answers of a call log, in the way each does it best:

    ask.py duckdb|polars|clickhouse CALLS.csv EXPECTED.toml AS_OF

Which addresses called in the last 30 days without being expected of the call's key, network and client; for each the number
of calls, the first and the last. Prints them as JSON. AS_OF is the newest call, and it is an error if it is not.
"""

import ipaddress
import json
import sys
import tomllib
from datetime import datetime, timedelta

COLUMNS = ["Time", "API Key", "IP", "User Agent", "Endpoint", "Symbol", "Status", "Weight"]


def expected(path):
    """Key, client, first and last address as numbers, of all that is expected."""
    with open(path, "rb") as file:
        file = tomllib.load(file)
    networks = {network["name"]: network["cidrs"] for network in file["network"]}
    tools = {tool["name"]: tool for tool in file["tool"]}
    for key in file["key"]:
        for tool in (tools[name] for name in key["tools"]):
            for network in (ipaddress.ip_network(cidr) for name in tool["networks"] for cidr in networks[name]):
                for agent in tool["user_agents"]:
                    yield key["name"], agent, int(network[0]), int(network[-1])


def duckdb(log, rows, start):
    import duckdb

    columns = {name: "TIMESTAMP" if name == "Time" else "VARCHAR" for name in COLUMNS}
    db = duckdb.connect()
    db.execute("create table expected(key varchar, client varchar, low bigint, high bigint)")
    db.executemany("insert into expected values (?, ?, ?, ?)", rows)
    return db.execute(
        f"""
        with callers as (
            select "API Key" as key, "IP" as ip, "User Agent" as client,
                count(*) filter ("Time" > $start) as calls,
                min("Time") filter ("Time" > $start) as first, max("Time") as last
            from read_csv($log, header = true, columns = {columns})
            group by all
        ), numbered as (
            select *, (select max(last) from callers) as newest,
                list_reduce([x::bigint for x in string_split(ip, '.')], lambda a, b: a * 256 + b) as number
            from callers
        )
        select ip, sum(calls)::bigint, min(first), max(last), any_value(newest)
        from numbered anti join expected
            on numbered.key = expected.key and numbered.client = expected.client and number between low and high
        where calls > 0 group by ip
        """,
        {"log": log, "start": start},
    ).fetchall()


def polars(log, rows, start):
    import polars as pl

    rows = pl.LazyFrame(rows, schema=["key", "client", "low", "high"], orient="row")
    schema = {name: pl.Datetime("ms") if name == "Time" else pl.String for name in COLUMNS}
    time, recent = pl.col("Time"), pl.col("Time") > start
    octets = pl.col("IP").str.split(".").list.eval(pl.element().cast(pl.Int64))
    callers = (
        pl.scan_csv(log, schema=schema)
        .group_by(key="API Key", IP="IP", client="User Agent")
        .agg(calls=recent.sum(), first=time.filter(recent).min(), last=time.max())
        .with_columns(
            newest=pl.col("last").max(),
            number=sum(octets.list.get(at) * 256 ** (3 - at) for at in range(4)),
        )
        .filter(pl.col("calls") > 0)
        .collect(engine="streaming")
        .lazy()
    )
    matched = callers.join_where(
        rows,
        pl.col("key") == pl.col("key_right"),
        pl.col("client") == pl.col("client_right"),
        pl.col("number") >= pl.col("low"),
        pl.col("number") <= pl.col("high"),
    )
    return (
        callers.join(matched, on=["key", "IP", "client"], how="anti")
        .group_by("IP")
        .agg(pl.col("calls").sum(), pl.col("first").min(), pl.col("last").max(), pl.col("newest").first())
        .collect()
        .rows()
    )


def clickhouse(log, rows, start):
    import chdb

    time = r"DateTime64(3, \'UTC\')"
    structure = ", ".join(f"`{name}` {time if name == 'Time' else 'String'}" for name in COLUMNS)
    values = ", ".join(str(row) for row in rows)
    answer = chdb.query(
        f"""
        with toDateTime64('{start}', 3, 'UTC') as start, callers as (
            select `API Key` as key, `IP` as ip, `User Agent` as client,
                countIf(Time > start) as calls, minIf(Time, Time > start) as first, max(Time) as last
            from file('{log}', 'CSVWithNames', '{structure}')
            group by key, ip, client
        ), numbered as (select *, max(last) over () as newest, toUInt32(toIPv4(ip)) as number from callers),
        expected as (select * from values('key String, client String, low UInt32, high UInt32', {values})),
        matched as (
            select key, ip, client from numbered join expected using (key, client) where number between low and high
        )
        select ip, sum(calls), toString(min(first)), toString(max(last)), toString(any(newest))
        from numbered where calls > 0 and (key, ip, client) not in matched group by ip
        """,
        "JSONCompactEachRow",
    )
    rows = [json.loads(line) for line in str(answer).splitlines()]
    return [(ip, int(calls), *map(datetime.fromisoformat, times)) for ip, calls, *times in rows]


def main():
    peer, log, expectations, as_of = sys.argv[1:]
    as_of = datetime.fromisoformat(as_of)
    rows = list(expected(expectations))
    answer = {"duckdb": duckdb, "polars": polars, "clickhouse": clickhouse}[peer](log, rows, as_of - timedelta(days=30))
    if any(newest != as_of for *_, newest in answer):
        sys.exit(f"the newest call is not of {as_of}")
    written = [[ip, calls, *(t.isoformat(timespec="milliseconds") for t in times)] for ip, calls, *times, _ in answer]
    json.dump(sorted(written), sys.stdout)


main()
