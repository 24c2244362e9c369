"""Counts the same answers with polars and with DuckDB on so many threads.

Called by the benchmark with a file, threads and rounds; prints one JSON object.
Of each program several plans are tried and the best one counts. Both are told
the types of all columns, so that they need not guess."""

import json
import os
import sys
import time

path, threads, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.environ["POLARS_MAX_THREADS"] = str(threads)
with open(path, encoding="utf-8") as file:
    items = file.readline().strip().split(",")[3:]


def best(plans):
    """The shortest time of any plan, its name, and the answers that it counted."""
    found = None
    for name, plan, answers in plans:
        result = plan()
        for _ in range(rounds):
            begun = time.perf_counter()
            result = plan()
            seconds = time.perf_counter() - begun
            if found is None or seconds < found["seconds"]:
                found = {"seconds": seconds, "plan": name, "answers": int(answers(result))}
    return found


def with_polars():
    import polars as pl

    types = {item: pl.UInt8 for item in items} | {name: pl.String for name in ("wave", "org", "resp")}

    def one_key_each():
        table = pl.read_csv(path, schema_overrides=types, columns=["org", *items])
        unit = pl.col("org").cast(pl.Categorical).to_physical().cast(pl.UInt32) * 256
        table = table.with_columns(unit.alias("org")).lazy()
        keys = [(pl.col("org") + pl.col(item)).alias("key") for item in items]
        return pl.collect_all([table.select(key.value_counts()) for key in keys])

    def of_keys(tables):
        columns = (table["key"].struct.unnest().drop_nulls("key")["count"] for table in tables)
        return sum(column.sum() for column in columns)

    def streaming():
        cells = [(pl.col(item) == value).sum().alias(f"{item}_{value}") for item in items for value in range(1, 6)]
        return pl.scan_csv(path, schema_overrides=types).group_by("org").agg(cells).collect(engine="streaming")

    def of_table(table):
        return table.drop("org").sum().sum_horizontal().item()

    csv = best([("value counts of a key", one_key_each, of_keys), ("streaming group by", streaming, of_table)])
    return {"name": f"polars {pl.__version__}, from CSV", **csv}


def with_duckdb():
    import duckdb

    base = duckdb.connect()
    base.execute(f"set threads = {threads}")
    base.execute("set enable_progress_bar = false")
    types = ["'wave': 'VARCHAR', 'org': 'VARCHAR', 'resp': 'VARCHAR'"] + [f"'{item}': 'UTINYINT'" for item in items]
    source = f"read_csv('{path}', header = true, columns = {{{', '.join(types)}}})"

    def each(table):
        parts = [f"select '{item}', org, {item}, count({item}) from {table} group by all" for item in items]
        return lambda: base.execute(" union all ".join(parts)).fetchall()

    def unpivot(table):
        names = ", ".join(items)
        inner = f"unpivot (select org, {names} from {table}) on {names} into name item value answer"
        return lambda: base.execute(f"select item, org, answer, count(*) from ({inner}) group by all").fetchall()

    def loaded():
        base.execute(f"create or replace temp table loaded as select org, {', '.join(items)} from {source}")
        return each("loaded")()

    def answers(rows):
        return sum(row[3] for row in rows)

    csv = best([("unpivot", unpivot(source), answers), ("a table, then group by", loaded, answers)])
    base.execute("create type unit as enum (select distinct org from loaded order by 1)")
    base.execute(f"create table named as select org::unit as org, {', '.join(items)} from loaded")
    base.execute(f"create table numbered as select enum_code(org)::utinyint as org, {', '.join(items)} from named")
    tables = [(f"{name} of {table}", plan(table), answers) for table in ("named", "numbered") for name, plan in (("group by", each), ("unpivot", unpivot))]
    version = duckdb.__version__
    return [{"name": f"DuckDB {version}, from CSV", **csv}, {"name": f"DuckDB {version}, table in memory", **best(tables)}]


found = []
for program in (with_polars, with_duckdb):
    try:
        result = program()
        found.extend(result if isinstance(result, list) else [result])
    except ImportError as missing:
        print(missing, file=sys.stderr)
print(json.dumps(found))
