"""An independent reference for every published figure.

Computes figures.csv and region.csv from orgs.csv and responses.csv straight from
the text of methods.md, with numpy and scipy and without a line of the program
itself, for the survey in survey.toml (described again below, by hand).

    python reference.py SET_FOLDER [--set k=7,coalition=2] [--out FOLDER]

reads SET_FOLDER/orgs.csv and responses.csv and writes expected_figures.csv and
expected_region.csv (full precision, empty where a figure is null). PBC groups
behind the figures are not counted: run the program with min_groups=0.

Counts, means, indices, differences and whatever decides a label are rationals;
the rest is in double precision. Numbers in brackets are sections of methods.md.
"""

import argparse
import csv
import math
from collections import defaultdict
from fractions import Fraction as F
from pathlib import Path

import numpy as np
from scipy import stats

# --- the survey -------------------------------------------------------------

UP5 = {"1": 0, "2": 25, "3": 50, "4": 75, "5": 100}
DOWN5 = {"1": 100, "2": 75, "3": 50, "4": 25, "5": 0}
STAGE4 = {"1": 100, "2": 67, "3": 33, "4": 0}
GOOD3 = {"1": 100, "2": 50, "3": 0}


class Item:
    """A question: kind, score of each option, which scores are good or bad."""

    def __init__(self, code, kind, label, scores, favourable, unfavourable):
        self.code, self.kind, self.label, self.scores = code, kind, label, scores
        self.good, self.bad = set(favourable), set(unfavourable)
        self.categories = sorted(set(scores.values()))


ITEMS = [
    Item("P1", "item", "How good is the information?", UP5, {75, 100}, {0, 25}),
    Item("P2", "item", "How good is the advice?", UP5, {75, 100}, {0, 25}),
    Item("P3", "item", "How often is work done twice?", DOWN5, {75, 100}, {0, 25}),
    Item("P4", "item", "How good are the reports?", {**UP5, "97": 0}, {75, 100}, {0, 25}),
    Item("P5", "item", "How far is the budget?", STAGE4, {67, 100}, {0, 33}),
    Item("P6", "item", "How far is the incentive scheme?", STAGE4, {67, 100}, {0, 33}),
    Item("P7", "item", "How does the committee work?", GOOD3, {100}, {0}),
    Item("P8", "item", "How good is the support?", {**UP5, "96": 60}, {60, 75, 100}, {0, 25}),
    Item("B1", "barrier", "Data", UP5, set(), {75, 100}),
    Item("B2", "barrier", "Time", UP5, set(), {75, 100}),
    Item("B3", "barrier", "Money", UP5, set(), {75, 100}),
    Item("B4", "barrier", "Trust", UP5, set(), {75, 100}),
    # The bands of a number have an order and no score: 1 to 4 are their places.
    Item("DAYS", "number", "How many days did the last decision take?",
         {"1": 1, "2": 2, "3": 3, "4": 4}, {1, 2}, set()),
]
BY_CODE = {item.code: item for item in ITEMS}
SCORED = [item for item in ITEMS if item.kind != "number"]
BARRIERS = [item.code for item in ITEMS if item.kind == "barrier"]

INDEXES = {
    "IDX_A": ("Information", {"P1": 2, "P2": 1, "P3": 1, "P4": 3}),
    "IDX_B": ("Agreements", {"P5": 1, "P6": 1, "P7": 1, "P8": 1}),
    "IDX_C": ("Barriers", {"B1": 1, "B2": 1, "B3": 1, "B4": 1}),
}
PROGRESS = ["IDX_A", "IDX_B"]  # domains of the overall index, each of weight 1

COLUMNS = """wave,level,org,name,measure,kind,label,status,n,N_q,mean,sd,ci_lo,ci_hi,proc_lo,proc_hi,
nr_lo,nr_hi,pct_fav,pct_major,pct_lo,pct_hi,pct_proc_lo,pct_proc_hi,items_used,n_star,delta,delta_lo,
delta_hi,p,q,band,rank,rank_lo,rank_hi,sim_rank_lo,sim_rank_hi,eb,eb_se,change,change_lo,change_hi,
change_p,change_q,change_label,responded,invited""".replace("\n", "").split(",")

SETTINGS = {"k": 5, "coalition": 1, "width": F(25), "min_weight": F(1, 2), "confidence": F(95, 100),
            "fdr": F(5, 100), "material_delta": F("0.147"), "material_change": F("2.5"), "n_microdata": 30}
COST = {"pct": 2, "cluster": 1, "region": 100, "nation": 1000}


class Settings:
    def __init__(self, changes=()):
        for name, value in {**SETTINGS, **dict(changes)}.items():
            setattr(self, name, type(SETTINGS[name])(value))
        self.tail = 1 - (1 - float(self.confidence)) / 2
        self.z = stats.norm.ppf(self.tail)

    def t(self, df):
        return stats.t.ppf(self.tail, df)


# --- the tree and the answers -------------------------------------------------


class Node:
    def __init__(self, code, name, level, parent, invited):
        self.code, self.name, self.level, self.parent = code, name, level, parent
        self.invited, self.children, self.people = invited, [], []
        self.depth = 0

    def leaves(self):
        return [self] if not self.children else [l for c in self.children for l in c.leaves()]

    def below(self):
        """Every proper descendant."""
        return [d for c in self.children for d in [c, *c.below()]]


class Person:
    """One response: the score of each valid answer and why others are missing."""

    def __init__(self, row):
        self.score, self.missing = {}, {}
        for item in ITEMS:
            cell = row[item.code]
            if cell in item.scores:
                self.score[item.code] = item.scores[cell]
            elif cell in ("NA", "DK", ""):
                self.missing[item.code] = cell
            else:
                raise SystemExit(f"{cell} is no answer to {item.code}")
        self.responded = any(item.code in self.score for item in SCORED)
        self.index = {}


def read(folder):
    """Waves in the order of the file; for each a dict of nodes by code."""
    waves = {}
    with open(folder / "orgs.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            nodes = waves.setdefault(row["wave"], {})
            nodes[row["org"]] = Node(row["org"], row["name"], row["level"], row["parent"],
                                     int(row["invited"] or 0))
    for nodes in waves.values():
        for code in sorted(nodes):
            if nodes[code].parent:
                nodes[nodes[code].parent].children.append(nodes[code])
    with open(folder / "responses.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            person = Person(row)
            if person.responded:
                waves[row["wave"]][row["org"]].people.append(person)
    for nodes in waves.values():
        for node in nodes.values():
            if node.children:
                node.people = [p for leaf in node.leaves() for p in leaf.people]
                node.invited = sum(leaf.invited for leaf in node.leaves())
            up = node
            while up.parent:
                up = nodes[up.parent]
                node.depth += 1
    return waves


def round6(x):
    """A rational in whole millionths, half away from zero (no value is negative)."""
    return math.floor(x * 10**6 + F(1, 2))


def respondent_indexes(person, settings):
    """[2] Weighted means over the answered items, in millionths, where defined."""
    exact = {}
    for code, (_, weights) in INDEXES.items():
        got = {q: w for q, w in weights.items() if q in person.score}
        if got and sum(got.values()) >= settings.min_weight * sum(weights.values()):
            exact[code] = F(sum(w * person.score[q] for q, w in got.items()), sum(got.values()))
    own = [exact[d] for d in PROGRESS if d in exact]
    if own and len(own) >= settings.min_weight * len(PROGRESS):
        # Rounded once, from exact domain indices: rounding those first as well
        # would part people whose overall indices are equal.
        exact["OVERALL"] = sum(own) / len(own)
    person.index = {code: round6(value) for code, value in exact.items()}


# --- suppression [9] ----------------------------------------------------------


class Cell:
    """Histogram of one question at one node."""

    def __init__(self, node, item):
        counts = defaultdict(int)
        for p in node.people:
            if item.code in p.score:
                counts[p.score[item.code]] += 1
        self.item = item
        self.h = [counts[c] for c in item.categories]
        self.n = sum(self.h)
        self.missing = {why: sum(p.missing.get(item.code) == why for p in node.people) for why in ("NA", "DK", "")}
        self.N = node.invited
        self.N_q = node.invited - self.missing["NA"]
        if self.n > self.N_q:
            raise SystemExit(f"{node.code} {item.code}: more answers than people")


def safe(h, N, item, settings):
    """[9.2] S1 to S3 for a histogram in score order; S3 needs scores."""
    n = sum(h)
    if n < settings.k or max(h) > n - 1 - settings.coalition:
        return False
    bad = sum(c for c, score in zip(h, item.categories) if score in item.bad)
    return not (item.kind != "number" and n == N and bad == n)


def spread(h, categories, m):
    """[9.3, R2] Mean of the m highest less mean of the m lowest scores."""
    values = [c for c, count in zip(categories, h) for _ in range(count)]
    return F(sum(values[-m:]) - sum(values[:m]), m)


def residual(P, status, n):
    """[9.3] Leaves with answers below P and below no released descendant of P."""
    out = []

    def walk(node):
        for child in node.children:
            if status[child.code] == "ok":
                continue
            if child.children:
                walk(child)
            elif n[child.code] > 0:
                out.append(child)

    walk(P)
    return out


def suppress(nodes, n, status, good):
    """[9.4] Secondary suppression; `good` judges a residual, `status` is primary."""
    secondary = set()
    inner = sorted((x for x in nodes.values() if x.children), key=lambda x: (-x.depth, x.code))

    def failing():
        for P in inner:
            if status[P.code] == "ok":
                R = residual(P, status, n)
                if R and not good(R):
                    return P
        return None

    while (P := failing()) is not None:
        actions = [(COST[P.level], n[P.code], P.code, [P])]
        for leaf in P.leaves():
            if status[leaf.code] != "ok":
                continue
            hide, up = [leaf], nodes[leaf.parent]
            while up is not P:
                if status[up.code] == "ok":
                    hide.append(up)
                up = nodes[up.parent]
            actions.append((sum(COST[x.level] for x in hide), n[leaf.code], leaf.code, hide))
        for node in min(actions, key=lambda a: a[:3])[3]:
            status[node.code] = "c"
            secondary.add(node.code)
    for code in sorted(secondary, key=lambda c: (-COST[nodes[c].level], -n[c], c)):
        status[code] = "ok"
        if failing() is not None:
            status[code] = "c"
    return status


def item_status(nodes, cells, item, settings):
    n = {c: cells[c].n for c in nodes}
    fine = {c: safe(cells[c].h, cells[c].N, item, settings) for c in nodes}
    status = {c: "x" if n[c] == 0 else "ok" if fine[c] else "c" for c in nodes}

    def good(R):
        h = [sum(cells[l.code].h[i] for l in R) for i in range(len(item.categories))]
        if not safe(h, sum(l.invited for l in R), item, settings):
            return False
        return item.kind == "number" or all(
            fine[l.code] or spread(h, item.categories, n[l.code]) >= settings.width for l in R)

    return suppress(nodes, n, status, good)


def index_status(nodes, n, available, answered, settings):
    """[9.5] S1 alone on people with a respondent index; x only if no item of it has an answer."""
    status = {c: "x" if not answered[c] else "ok" if n[c] >= settings.k and available[c] else "c" for c in nodes}
    return suppress(nodes, n, status, lambda R: sum(n[l.code] for l in R) >= settings.k)


# --- intervals [3] ------------------------------------------------------------


def wilson(p, n, z):
    middle, root = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - root) / (1 + z * z / n), (middle + root) / (1 + z * z / n)


def within(ends, bounds):
    return max(ends[0], float(bounds[0])), min(ends[1], float(bounds[1]))


def bounds(value, n, N):
    """[3.1] of a mean or percentage, rational."""
    return n * value / N, (n * value + 100 * (N - n)) / N


def percent_figures(x, n, N, s):
    p = F(x, n)
    b = bounds(100 * p, n, N)
    if n == N:
        reply = (float(100 * p),) * 2
    else:
        reply = within([100 * e for e in wilson(float(p), n * (N - 1) / (N - n), s.z)], b)
    return b, reply, tuple(100 * e for e in wilson(float(p), n, s.z))


class Figure:
    """A mean or index with what comparisons need: y, its base n and variance s2 / n."""

    def __init__(self, y, n, s2, row):
        self.y, self.n, self.s2, self.row = y, n, s2, row
        self.x = None  # count of good or major answers
        self.used = None


def item_figure(cell, s):
    item, n, N = cell.item, cell.n, cell.N_q
    row = {"n": n, "N_q": N}
    x = sum(c for c, score in zip(cell.h, item.categories)
            if score in (item.bad if item.kind == "barrier" else item.good))
    b, reply, process = percent_figures(x, n, N, s)
    row["pct_major" if item.kind == "barrier" else "pct_fav"] = 100 * F(x, n)
    row["pct_lo"], row["pct_hi"] = reply
    row["pct_proc_lo"], row["pct_proc_hi"] = process
    if item.kind == "number":
        row["nr_lo"], row["nr_hi"] = b
        out = Figure(None, n, None, row)
        out.x = x
        return out
    y = F(sum(c * score for c, score in zip(cell.h, item.categories)), n)
    s2 = sum(c * (score - y) ** 2 for c, score in zip(cell.h, item.categories)) / (n - 1) if n > 1 else None
    b = bounds(y, n, N)
    row["mean"], (row["nr_lo"], row["nr_hi"]) = y, b
    row["ci_lo"], row["ci_hi"] = b
    if s2 is not None:
        row["sd"] = math.sqrt(s2)
    if s2:
        half = s.t(n - 1) * math.sqrt((1 - F(n, N)) * s2 / n)
        row["ci_lo"], row["ci_hi"] = within((float(y) - half, float(y) + half), b)
        half = s.t(n - 1) * math.sqrt(s2 / n)
        row["proc_lo"], row["proc_hi"] = within((float(y) - half, float(y) + half), (0, 100))
    out = Figure(y, n, s2, row)
    out.x = x
    return out


def index_figure(node, shares, cells, s):
    """[2] `shares` = omega of each item used, adding to 1."""
    means = {q: F(sum(c * v for c, v in zip(cells[q].h, BY_CODE[q].categories)), cells[q].n) for q in shares}
    y = sum(w * means[q] for q, w in shares.items())
    people = [p for p in node.people if any(q in p.score for q in shares)]
    n, N = len(people), node.invited
    ends = [bounds(means[q], cells[q].n, cells[q].N_q) for q in shares]
    b = [sum(w * e[i] for w, e in zip(shares.values(), ends)) for i in (0, 1)]
    row = {"n": n, "n_star": n, "N_q": N, "mean": y, "items_used": len(shares),
           "nr_lo": b[0], "nr_hi": b[1], "ci_lo": b[0], "ci_hi": b[1]}
    pull = {q: n * float(w) / cells[q].n for q, w in shares.items()}
    centre = {q: float(m) for q, m in means.items()}
    u = [math.fsum(pull[q] * (p.score[q] - centre[q]) for q in shares if q in p.score) for p in people]
    s2 = math.fsum(e * e for e in u) / (n - 1) if n > 1 else None
    if s2 and s2 > 1e-18:
        se = math.sqrt(s2 / n)
        half = s.t(n - 1) * se * math.sqrt(1 - n / N)
        row["ci_lo"], row["ci_hi"] = within((float(y) - half, float(y) + half), b)
        half = s.t(n - 1) * se
        row["proc_lo"], row["proc_hi"] = within((float(y) - half, float(y) + half), (0, 100))
    out = Figure(y, n, s2, row)
    out.used = tuple(sorted(shares))
    return out


# --- comparison with the rest [4] ---------------------------------------------


def tables(total, sizes):
    """Every way to take `total` from groups of these sizes, an array per group."""
    rows = np.zeros((1, 0), dtype=np.int64)
    left = np.array([total])
    for at, size in enumerate(sizes):
        rest = sum(sizes[at + 1:])
        lo, hi = np.maximum(0, left - rest), np.minimum(size, left)
        times = hi - lo + 1
        first = np.repeat(np.cumsum(times) - times, times)
        take = np.arange(times.sum()) - first + np.repeat(lo, times)
        rows = np.column_stack([np.repeat(rows, times, axis=0), take])
        left = np.repeat(left, times) - take
    return rows


def exact_by_tables(t, r, w, mu, n1):
    a = tables(n1, t)
    logs = np.full(len(a), -math.log(math.comb(sum(t), n1)))
    for j, size in enumerate(t):
        logs += np.array([math.log(math.comb(size, i)) for i in range(min(size, n1) + 1)])[a[:, j]]
    far = np.abs(a @ np.array(r) - mu) >= abs(w - mu)
    return float(np.exp(logs[far]).sum())


def exact_by_sums(t, r, w, mu, n1):
    ways = np.zeros((n1 + 1, n1 * max(r) + 1))
    ways[0, 0] = 1
    for size, rank in zip(t, r):
        more = ways.copy()
        for a in range(1, min(size, n1) + 1):
            more[a:, a * rank:] += math.comb(size, a) * ways[:n1 + 1 - a, :ways.shape[1] - a * rank]
        ways = more
    far = np.abs(np.arange(ways.shape[1]) - mu) >= abs(w - mu)
    return float(ways[n1, far].sum() / math.comb(sum(t), n1))


def rank_test(a, b, for_item):
    """Two-sided p of the histograms a (PCT) and b (rest) over the same values."""
    keep = [j for j in range(len(a)) if a[j] + b[j]]
    a, b = [a[j] for j in keep], [b[j] for j in keep]
    t = [x + y for x, y in zip(a, b)]
    n1, n2 = sum(a), sum(b)
    if len(t) == 1:
        return 1.0
    below, r = 0, []
    for size in t:
        r.append(2 * below + size + 1)
        below += size
    N = n1 + n2
    smaller, m = (a, n1) if n1 <= n2 else (b, n2)
    w, mu = sum(x * y for x, y in zip(smaller, r)), m * (N + 1)
    if for_item and m <= 60:
        return exact_by_tables(t, r, w, mu, m)
    if not for_item and m <= 20 and N <= 2000:
        return exact_by_sums(t, r, w, mu, m)
    variance = F(n1 * n2, 12) * (N + 1 - F(sum(x**3 - x for x in t), N * (N - 1)))
    return float(2 * stats.norm.sf(abs(w - mu) / 2 / math.sqrt(variance)))


def cliff(a, b, s):
    """Cliff's delta (rational) and its interval, or None for a null end."""
    n1, n2 = sum(a), sum(b)
    b_below = [sum(b[:j]) for j in range(len(b))]
    a_below = [sum(a[:j]) for j in range(len(a))]
    di = [F(b_below[j] - (n2 - b_below[j] - b[j]), n2) for j in range(len(a))]
    dj = [F((n1 - a_below[j] - a[j]) - a_below[j], n1) for j in range(len(b))]
    delta = sum(x * d for x, d in zip(a, di)) / n1
    if n1 < 2 or n2 < 2:
        return delta, None, None
    D = delta * F(n1 * n2 - 1, n1 * n2) if abs(delta) == 1 else delta
    Si = sum(x * (d - D) ** 2 for x, d in zip(a, di)) / (n1 - 1)
    Sj = sum(x * (d - D) ** 2 for x, d in zip(b, dj)) / (n2 - 1)
    more = sum(x * y for x, y in zip(a, b_below))
    same = sum(x * y for x, y in zip(a, b))
    less = n1 * n2 - more - same
    Sij = (more * (1 - D) ** 2 + same * D**2 + less * (1 + D) ** 2) / ((n1 - 1) * (n2 - 1))
    S = float(((n2 - 1) * Si + (n1 - 1) * Sj + Sij) / (n1 * n2))
    T, D = s.t(n1 + n2 - 2), float(D)
    under = 1 - D * D + T * T * S
    if S == 0 or under <= 0 or more + less == 0:
        return delta, None, None
    root = T * math.sqrt(S) * math.sqrt((1 - D * D) ** 2 + T * T * S)
    lo, hi = (D - D**3 - root) / under, (D - D**3 + root) / under
    return delta, -1.0 if delta == -1 else lo, 1.0 if delta == 1 else hi


def adjust(p):
    """Benjamini-Hochberg of a dict of p-values."""
    order = sorted(p, key=lambda g: p[g])
    q, least = {}, 1.0
    for j in range(len(order), 0, -1):
        least = min(least, len(order) * p[order[j - 1]] / j)
        q[order[j - 1]] = least
    return q


# --- between PCTs [5] ---------------------------------------------------------


def normals(seed, count):
    """[5] The first `count` Z of SplitMix64, two uniforms each (wrapping arithmetic)."""
    gamma = np.uint64(0x9E3779B97F4A7C15)
    z = np.uint64(seed) + np.arange(1, 2 * count + 1, dtype=np.uint64) * gamma
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    u = ((z >> np.uint64(11)).astype(float) + 0.5) / 2.0**53
    return np.sqrt(-2 * np.log(u[::2])) * np.cos(2 * np.pi * u[1::2])


def fnv1a(text):
    h = 0xCBF29CE484222325
    for byte in text.encode():
        h = ((h ^ byte) * 0x100000001B3) & ((1 << 64) - 1)
    return h


def quantile7(values, p):
    values = sorted(values)
    at = (len(values) - 1) * F(p)
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (at - low) * (values[high] - values[low])


def between(figures, root, seed, is_item, s):
    """Figures of released PCTs {code: Figure} -> (rows by PCT, region stats)."""
    codes, K = sorted(figures), len(figures)
    region, rows = {}, {g: {} for g in codes}
    if K < 5:
        return rows, region
    exact = [figures[g].y for g in codes]
    y = np.array([float(v) for v in exact])
    n = np.array([figures[g].n for g in codes], dtype=float)
    s2 = np.array([float(figures[g].s2) for g in codes])
    region["pcts"] = K
    region["mean"] = root.y
    region["mean_of_pcts"] = sum(exact) / K
    region["lower_quartile"] = quantile7(exact, "1/4")
    region["median"] = quantile7(exact, "1/2")
    region["upper_quartile"] = quantile7(exact, "3/4")
    within_var = float(((n - 1) * s2).sum() / (n - 1).sum())
    for g, mine in zip(codes, y):
        rows[g]["rank"] = 1 + int((y > mine + 1e-9).sum())
    if within_var == 0:
        return rows, region
    region["within_variance"] = within_var
    if is_item:
        pooled = (n * y).sum() / n.sum()
        msb = (n * (y - pooled) ** 2).sum() / (K - 1)
        n0 = (n.sum() - (n**2).sum() / n.sum()) / (K - 1)
        region["answers_per_pct"] = n0
        region["intraclass"] = (msb - within_var) / (msb + (n0 - 1) * within_var)
        h = np.array([figures[g].h for g in codes], dtype=np.int64)
        t = h.sum(axis=0)
        N = int(t.sum())
        r2 = 2 * np.cumsum(t) - t + 1
        ties = 1 - F(sum(int(x)**3 - int(x) for x in t), N**3 - N)
        if ties:
            # ranks are halves of r2, so squares are divided by 4
            H = sum(F(int(row @ r2) ** 2, 4 * int(row.sum())) for row in h) * F(12, N * (N + 1)) - 3 * (N + 1)
            region["kruskal_h"] = H / ties
            region["kruskal_p"] = stats.chi2.sf(float(H / ties), K - 1)
    v = within_var / n
    w = 1 / v
    shrink = w.sum() - (w**2).sum() / w.sum()
    mu_f = (w * y).sum() / w.sum()
    Q = (w * (y - mu_f) ** 2).sum()
    tau2 = max(0.0, (Q - (K - 1)) / shrink)
    mu = (y / (v + tau2)).sum() / (1 / (v + tau2)).sum()
    B = tau2 / (tau2 + v)
    eb = B * y + (1 - B) * mu
    se = np.sqrt(B * v + (1 - B) ** 2 / (1 / (v + tau2)).sum())
    region.update(heterogeneity_q=Q, between_variance=tau2, shrinkage_mean=mu)
    cut = stats.norm.ppf(1 - (1 - s.tail) / (K - 1))
    if tau2 == 0:
        lows, highs = [1] * K, [K] * K
    else:
        draws = normals(fnv1a(seed), 10000 * K).reshape(10000, K)
        theta = eb + np.sqrt(B * v) * draws
        ranks = np.sort(1 + (theta[:, None, :] > theta[:, :, None]).sum(axis=2), axis=0)
        out = round(10000 * (1 - s.tail))
        lows, highs = ranks[out - 1], ranks[10000 - out - 1]
    for at, g in enumerate(codes):
        apart = (y - y[at]) / np.sqrt(v + v[at])
        rows[g].update(eb=eb[at], eb_se=se[at], sim_rank_lo=int(lows[at]), sim_rank_hi=int(highs[at]),
                       rank_lo=1 + int((apart > cut).sum()), rank_hi=K - int((-apart > cut).sum()))
    z = np.sort((y - float(root.y)) / np.sqrt(v))
    edge = K // 10
    z = np.clip(z, z[edge], z[K - 1 - edge])
    region["funnel_dispersion"] = phi = (z**2).sum() / K
    region["funnel_variance"] = max(0.0, (K * phi - (K - 1)) / shrink)
    return rows, region


# --- root only [6, 8, 15] -----------------------------------------------------


def alpha(people, codes, s):
    rows = np.array([[p.score[q] for q in codes] for p in people if all(q in p.score for q in codes)], dtype=float)
    n, J = len(rows), len(codes)
    if n < s.n_microdata or J < 2:
        return {}
    C = np.cov(rows.T)
    if C.sum() == 0:
        return {}
    a = J / (J - 1) * (1 - np.trace(C) / C.sum())
    df = (n - 1, (n - 1) * (J - 1))
    return {"alpha": a, "alpha_lo": 1 - (1 - a) * stats.f.ppf(s.tail, *df),
            "alpha_hi": 1 - (1 - a) * stats.f.ppf(1 - s.tail, *df)}


def barrier_figures(root, figures, s):
    """[8] `figures` = released barriers at the root."""
    out = {q: {} for q in figures}
    order = sorted(figures, key=lambda q: (-figures[q].y, -F(figures[q].x, figures[q].n), q))
    for place, q in enumerate(order, 1):
        out[q]["severity_order"] = place
    total, running = sum(f.x for f in figures.values()), 0
    for q in sorted(figures, key=lambda q: (-figures[q].x, q)):
        running += figures[q].x
        out[q]["major"] = figures[q].x
        if total:
            out[q].update(major_share=F(100 * figures[q].x, total), major_running=F(100 * running, total))
    p = {}
    for q in figures:
        pairs = [(x.score[q], x.index["OVERALL"]) for x in root.people if q in x.score and "OVERALL" in x.index]
        n = len(pairs)
        if n < s.n_microdata or any(len(set(side)) < 2 for side in zip(*pairs)):
            continue
        a, b = (np.array(side) for side in zip(*pairs))
        ra, rb = stats.rankdata(a), stats.rankdata(b)
        ra, rb = ra - ra.mean(), rb - rb.mean()
        rho = (ra * rb).sum() / math.sqrt((ra**2).sum() * (rb**2).sum())
        half = s.z * math.sqrt((1 + rho * rho / 2) / (n - 3))
        lo, hi = math.tanh(math.atanh(rho) - half), math.tanh(math.atanh(rho) + half)
        p[q] = 2 * stats.norm.sf(abs(math.atanh(rho)) * math.sqrt(n - 3))
        severity = float(figures[q].y)
        out[q].update(rho=rho, rho_lo=lo, rho_hi=hi, rho_p=p[q], tau_b=stats.kendalltau(a, b).statistic,
                      priority=severity * max(0, -rho), priority_lo=severity * max(0, -hi),
                      priority_hi=severity * max(0, -lo))
    for q, value in adjust(p).items():
        out[q]["rho_q"] = value
        out[q]["priority_supported"] = int(value <= float(s.fdr) and out[q]["rho"] < 0)
    return out


# --- a wave -------------------------------------------------------------------


class Wave:
    """Everything of one wave: status and Figure by (node, measure), region rows."""

    def __init__(self, code, nodes, s):
        self.code, self.nodes, self.s = code, nodes, s
        self.root = next(x for x in nodes.values() if not x.parent)
        self.status, self.figures, self.region = {}, {}, defaultdict(dict)
        self.leaves = [c for c in sorted(nodes) if not nodes[c].children]
        for leaf in self.leaves:
            for p in nodes[leaf].people:
                respondent_indexes(p, s)
        self.cells = {(c, i.code): Cell(nodes[c], i) for c in nodes for i in ITEMS}
        for item in ITEMS:
            self.status[item.code] = item_status(nodes, {c: self.cells[c, item.code] for c in nodes}, item, s)
            for c in nodes:
                if self.status[item.code][c] == "ok":
                    f = item_figure(self.cells[c, item.code], s)
                    f.h = self.cells[c, item.code].h
                    self.figures[c, item.code] = f
        for code in INDEXES:
            self.index(code, self.shares(code))
        whole = {c: self.overall_shares(c) for c in nodes}
        self.index("OVERALL", whole)
        self.compare()
        self.root_only()

    def shares(self, code):
        weights = INDEXES[code][1]
        out = {}
        for c in self.nodes:
            used = {q: w for q, w in weights.items() if self.status[q][c] == "ok"}
            if used and sum(used.values()) >= self.s.min_weight * sum(weights.values()):
                out[c] = {q: F(w, sum(used.values())) for q, w in used.items()}
            else:
                out[c] = None
        return out

    def overall_shares(self, c):
        if any(self.status[d][c] != "ok" for d in PROGRESS):
            return None
        return {q: w / len(PROGRESS) for d in PROGRESS for q, w in self.shares(d)[c].items()}

    def index(self, code, shares):
        n = {c: sum(code in p.index for p in node.people) for c, node in self.nodes.items()}
        items = [q for d in (PROGRESS if code == "OVERALL" else [code]) for q in INDEXES[d][1]]
        answered = {c: any(self.cells[c, q].n for q in items) for c in self.nodes}
        self.status[code] = index_status(self.nodes, n, {c: bool(x) for c, x in shares.items()}, answered, self.s)
        for c, node in self.nodes.items():
            if self.status[code][c] == "ok":
                cells = {q: self.cells[c, q] for q in shares[c]}
                self.figures[c, code] = index_figure(node, shares[c], cells, self.s)

    def histogram(self, node, code, values):
        if code in BY_CODE:
            return self.cells[node.code, code].h
        counts = defaultdict(int)
        for p in node.people:
            if code in p.index:
                counts[p.index[code]] += 1
        return [counts[v] for v in values]

    def compare(self):
        s, root = self.s, self.root
        for code in [i.code for i in SCORED] + [*INDEXES, "OVERALL"]:
            shown = [c for c in self.leaves if self.status[code][c] == "ok"]
            if self.status[code][root.code] == "ok":
                values = sorted({p.index[code] for p in root.people if code in p.index})
                everybody = self.histogram(root, code, values)
                p, delta = {}, {}
                for c in shown:
                    mine = self.histogram(self.nodes[c], code, values)
                    rest = [x - y for x, y in zip(everybody, mine)]
                    if not sum(rest):
                        continue
                    p[c] = rank_test(mine, rest, code in BY_CODE)
                    delta[c], lo, hi = cliff(mine, rest, s)
                    self.figures[c, code].row.update(p=p[c], delta=delta[c], delta_lo=lo, delta_hi=hi)
                for c, q in adjust(p).items():
                    band = "in line"
                    if q <= float(s.fdr) and abs(delta[c]) >= s.material_delta:
                        worse = code in BARRIERS or code == "IDX_C"
                        words = ("more severe than the rest", "less severe than the rest") if worse else ("above", "below")
                        band = words[delta[c] < 0]
                    self.figures[c, code].row.update(q=q, band=band)
                rows, region = between({c: self.figures[c, code] for c in shown}, self.figures[root.code, code],
                                       f"{self.code}|{code}", code in BY_CODE, s)
                for c in shown:
                    self.figures[c, code].row.update(rows[c])
                self.region[code].update(region)

    def root_only(self):
        s, root = self.s, self.root
        for code, (_, weights) in INDEXES.items():
            if self.status[code][root.code] == "ok":
                self.region[code].update(alpha(root.people, list(weights), s))
        shown = {q: self.figures[root.code, q] for q in BARRIERS if self.status[q][root.code] == "ok"}
        for q, row in barrier_figures(root, shown, s).items():
            self.region[q].update(row)
        for item in ITEMS:
            cell = self.cells[root.code, item.code]
            for why, stat in (("NA", "not_applicable"), ("DK", "dont_know"), ("", "blank")):
                # [9.2] A cell is released with all its figures or with none.
                if cell.missing[why] >= s.k and self.status[item.code][root.code] == "ok":
                    self.region[item.code][stat] = cell.missing[why]
            if item.kind == "number" and self.status[item.code][root.code] == "ok" and cell.n >= s.n_microdata:
                for part, stat in ((1, "lower_quartile_band"), (2, "median_band"), (3, "upper_quartile_band")):
                    below = np.cumsum(cell.h)
                    self.region[item.code][stat] = item.categories[int(np.argmax(4 * below >= part * cell.n))]


# --- change [7] ---------------------------------------------------------------


def change(old, new, s):
    for code in [*BY_CODE, *INDEXES, "OVERALL"]:
        p, made = {}, {}
        for c in new.nodes:
            a, b = old.figures.get((c, code)), new.figures.get((c, code))
            if a is None or b is None or a.used != b.used:
                continue
            row = b.row
            if b.y is None:
                p1, p2 = a.x / a.n, b.x / b.n
                (l1, u1), (l2, u2) = wilson(p1, a.n, s.z), wilson(p2, b.n, s.z)
                d = F(b.x, b.n) - F(a.x, a.n)
                row["change"] = 100 * d
                row["change_lo"] = 100 * (float(d) - math.hypot(p2 - l2, u1 - p1))
                row["change_hi"] = 100 * (float(d) + math.hypot(u2 - p2, p1 - l1))
                continue
            row["change"] = d = b.y - a.y
            made[c] = b
            V1, V2 = float(a.s2) / a.n, float(b.s2) / b.n
            if V1 + V2 > 0:
                df = (V1 + V2) ** 2 / (V1**2 / (a.n - 1) + V2**2 / (b.n - 1))
                half = s.t(df) * math.sqrt(V1 + V2)
                row["change_lo"], row["change_hi"] = float(d) - half, float(d) + half
                row["change_p"] = p[c] = float(2 * stats.t.sf(abs(float(d)) / math.sqrt(V1 + V2), df))
        q = adjust({c: x for c, x in p.items() if not new.nodes[c].children})
        for c, figure in made.items():
            row = figure.row
            if c in q:
                row["change_q"] = q[c]
            level = q.get(c, p.get(c, 1.0))
            row["change_label"] = "no clear change"
            if level <= float(s.fdr) and abs(row["change"]) >= s.material_change:
                better = (row["change"] > 0) != (code in BARRIERS or code == "IDX_C")
                row["change_label"] = "improved" if better else "worsened"


# --- writing ------------------------------------------------------------------


def rows_of(wave):
    for code, node in sorted(wave.nodes.items()):
        responded = len(node.people)
        base = {"wave": wave.code, "level": node.level, "org": code, "name": node.name}
        people = {"invited": node.invited, "responded": responded}
        measures = [(i.code, i.kind, i.label) for i in ITEMS]
        measures += [(c, "index", label) for c, (label, _) in INDEXES.items()]
        measures += [("OVERALL", "overall", "Overall progress")]
        for measure, kind, label in measures:
            status = wave.status[measure][code]
            row = {**base, "measure": measure, "kind": kind, "label": label, "status": status}
            if status == "ok":
                row.update(wave.figures[code, measure].row, **people)
            yield row
        row = {**base, "measure": "RESPONSE", "kind": "rate", "label": "Response rate"}
        # [9.1] Participation is no answer: none at all is told, fewer than k is not.
        row["status"] = "c" if 0 < responded < wave.s.k else "ok"
        if row["status"] == "ok":
            row.update(n=responded, N_q=node.invited, pct_fav=F(100 * responded, node.invited), **people)
        yield row


def plain(value):
    if value is None:
        return ""
    if isinstance(value, (F, np.floating)):
        value = float(value)
    return repr(value) if isinstance(value, float) else str(value)


def evaluate(folder, s):
    waves = [Wave(code, nodes, s) for code, nodes in read(folder).items()]
    for old, new in zip(waves, waves[1:]):
        change(old, new, s)
    figures = [row for wave in waves for row in rows_of(wave)]
    region = [(w.code, w.root.code, m, stat, value) for w in waves for m in sorted(w.region)
              for stat, value in w.region[m].items()]
    return figures, region


def check_examples():
    """Worked examples of methods.md that try the parts hardest to get right."""
    s = Settings()

    def near(got, want, places=6):
        assert abs(got - want) < 0.51 * 10**-places, (got, want)

    pct, rest = [0, 1, 2, 4, 1], [8, 22, 41, 35, 12]
    near(rank_test(pct, rest, True), 0.250990)
    near(rank_test(pct, rest, False), 0.250990)
    for got, want in zip(cliff(pct, rest, s), (0.241525, -0.141230, 0.561463)):
        near(got, want)
    near(rank_test([3, 4, 1, 0, 0], rest, True), 0.000249)
    for got, want in zip(cliff([3, 4, 1, 0, 0], rest, s), (-0.706568, -0.854163, -0.453616)):
        near(got, want)
    q = adjust(dict(enumerate((0.004, 0.03, 0.02, 0.6, 0.9))))
    for got, want in zip((q[i] for i in range(5)), (0.02, 0.05, 0.05, 0.75, 0.9)):
        near(got, want)
    for got, want in zip(normals(fnv1a("W1|EX"), 3), (0.294787, 0.939802, -0.886852)):
        near(got, want)
    figures = {}
    for g, h in zip("abcde", ([0, 1, 2, 3, 1], [2, 3, 2, 0, 0], [0, 0, 3, 5, 4], [1, 4, 5, 2, 0], [0, 2, 6, 3, 1])):
        n = sum(h)
        y = F(sum(c * v for c, v in zip(h, UP5.values())), n)
        figures[g] = Figure(y, n, sum(c * (v - y) ** 2 for c, v in zip(h, UP5.values())) / (n - 1), {})
        figures[g].h = h
    rows, region = between(figures, Figure(F(60), 1, None, {}), "W1|EX", True, s)
    for stat, want in (("within_variance", 465.939153), ("kruskal_h", 20.131427), ("kruskal_p", 0.000470),
                       ("intraclass", 0.415154), ("heterogeneity_q", 31.968204), ("between_variance", 330.748261),
                       ("shrinkage_mean", 53.093092)):
        near(region[stat], want)
    assert [rows[g]["rank"] for g in "abcde"] == [2, 5, 1, 4, 3]
    assert [(rows[g]["rank_lo"], rows[g]["rank_hi"]) for g in "abcde"] == [(1, 4), (4, 5), (1, 3), (2, 5), (1, 4)]
    assert [(rows[g]["sim_rank_lo"], rows[g]["sim_rank_hi"]) for g in "abcde"] == [
        (1, 3), (4, 5), (1, 2), (3, 5), (2, 4)]
    b, reply, process = percent_figures(11, 16, 23, s)
    for got, want in zip((*reply, *process), (54.999652, 78.260870, 44.404356, 85.835356)):
        near(got, want)


def main():
    check_examples()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--set", default="")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    changes = [pair.split("=") for pair in args.set.split(",") if pair]
    figures, region = evaluate(args.folder, Settings(changes))
    out = args.out or args.folder
    out.mkdir(parents=True, exist_ok=True)
    with open(out / "expected_figures.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([plain(row.get(c)) for c in COLUMNS] for row in figures)
    with open(out / "expected_region.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["wave", "org", "measure", "stat", "value"])
        writer.writerows([w, o, m, stat, plain(v)] for w, o, m, stat, v in region)


if __name__ == "__main__":
    main()
