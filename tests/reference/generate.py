"""Makes the three sets of organisations and responses that reference.py works on.

    python generate.py FOLDER

writes set1, set2 and set3 below FOLDER. Every number comes from one seeded
generator, so the files are the same each time. All organisations are invented.

set1  one region, clusters of unequal size, 13 PCTs, two waves: PCTs with very
      few answers, a unanimous one, one where everybody is critical, one that
      answered in full.
set2  five or six PCTs, two waves: ties, equal PCTs, an item all answer alike,
      a PCT without answers, tiny groups.
set3  a nation, three regions, 30 PCTs, about 6,000 responses, one wave.
"""

import csv
import random
import sys
from pathlib import Path

UP = ["1", "2", "3", "4", "5"]
ITEMS = ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "B1", "B2", "B3", "B4", "DAYS", "ROLE"]

# The options of each item from worst (or least severe) to best (or most severe),
# and how often an answer is DK, NA or blank.
OPTIONS = {
    "P1": (UP, 0.00, 0.00, 0.02),
    "P2": (UP, 0.08, 0.00, 0.02),
    "P3": (UP[::-1], 0.04, 0.06, 0.02),
    "P4": (UP, 0.05, 0.05, 0.02),
    "P5": (["4", "3", "2", "1"], 0.00, 0.00, 0.05),
    "P6": (["4", "3", "2", "1"], 0.00, 0.15, 0.03),
    "P7": (["3", "2", "1"], 0.10, 0.00, 0.03),
    "P8": (["1", "2", "3", "96", "4", "5"], 0.00, 0.08, 0.03),
    "B1": (UP, 0.03, 0.03, 0.02),
    "B2": (UP, 0.03, 0.03, 0.02),
    "B3": (UP, 0.03, 0.03, 0.02),
    "B4": (UP, 0.03, 0.03, 0.02),
}


def person(rng, mood, spread=1.0, gaps=1.0):
    """One person's answers; `mood` from 0 (critical) to 1 (content)."""
    own = min(1.0, max(0.0, rng.gauss(mood, 0.18 * spread)))
    answers = {}
    for item, (options, dk, na, blank) in OPTIONS.items():
        draw = rng.random()
        lean = 1.0 - own if item.startswith("B") else own
        lean = min(0.999, max(0.0, rng.gauss(lean, 0.2 * spread)))
        value = options[int(lean * len(options))]
        if item == "P4" and rng.random() < 0.12 * (1.0 - own):
            value = "97"
        if draw < gaps * dk:
            value = "DK"
        elif draw < gaps * (dk + na):
            value = "NA"
        elif draw < gaps * (dk + na + blank):
            value = ""
        answers[item] = value
    days = max(0, int(rng.gauss(110 - 90 * own, 35)))
    draw = rng.random()
    # Numbers reach responses.csv as the number of their band, from 1.
    band = "1" if days <= 28 else "2" if days <= 56 else "3" if days <= 112 else "4"
    answers["DAYS"] = "DK" if draw < 0.06 * gaps else "NA" if draw < 0.1 * gaps else band
    answers["ROLE"] = rng.choice(["1", "1", "1", "2", "2", "3", "4"])
    return answers


def write(folder, orgs, responses, rng):
    folder.mkdir(parents=True, exist_ok=True)
    rng.shuffle(responses)
    with open(folder / "orgs.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["wave", "org", "name", "level", "parent", "invited"])
        out.writerows(orgs)
    with open(folder / "responses.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["wave", "org", "resp", *ITEMS])
        for number, (wave, org, answers) in enumerate(responses, 1):
            out.writerow([wave, org, f"r{number}", *(answers.get(i, "") for i in ITEMS)])


def name(code):
    return f"Unit {code}"


def set1(folder):
    rng = random.Random(20071)
    tree = {"east": ["p01", "p02", "p03", "p04"], "west": ["p05", "p06", "p07", "p08"],
            "mid": ["p09", "p10", "p11"], "shire": ["p12", "p13"]}
    # PCT: invited, answered in each wave, mood in each wave
    plan = {
        "p01": (24, (16, 18), (0.55, 0.62)), "p02": (9, (3, 6), (0.5, 0.5)),
        "p03": (30, (21, 25), (0.35, 0.6)), "p04": (18, (12, 9), (0.6, 0.55)),
        "p05": (14, (11, 10), (0.7, 0.7)), "p06": (20, (7, 15), (0.45, 0.5)),
        "p07": (12, (2, 0), (0.5, 0.5)), "p08": (26, (20, 22), (0.75, 0.6)),
        "p09": (8, (8, 7), (0.1, 0.1)), "p10": (45, (36, 40), (0.5, 0.55)),
        "p11": (13, (13, 13), (0.62, 0.4)), "p12": (40, (28, 31), (0.3, 0.45)),
        "p13": (22, (14, 5), (0.85, 0.6)),
    }
    orgs, responses = [], []
    for at, wave in enumerate(["2007-Q3", "2007-Q4"]):
        orgs.append([wave, "region", "The region", "region", "", ""])
        for cluster, leaves in tree.items():
            if cluster != "shire":
                orgs.append([wave, cluster, name(cluster), "cluster", "region", ""])
            for leaf in leaves:
                parent = "region" if cluster == "shire" else cluster
                orgs.append([wave, leaf, name(leaf), "pct", parent, plan[leaf][0]])
        for leaf, (_, answered, moods) in plan.items():
            for i in range(answered[at]):
                gaps = 0.0 if leaf in ("p11", "p09") else 1.0
                a = person(rng, moods[at], gaps=gaps)
                if leaf == "p05":
                    a["P1"] = "4"
                if leaf == "p05" and i > 0:
                    a["B1"] = "2"
                if leaf == "p09":
                    a.update(P1="12"[i % 2], P2="12"[i % 2], P3="54"[i % 2], P5="43"[i % 2],
                             B1="45"[i % 2], P8="12"[i % 2])
                    a["P4"] = ["97", "97", "1", "2"][i % 4]
                if leaf == "p06" and at == 0:
                    a["B4"] = "DK" if i < 3 else a["B4"]
                if leaf == "p01" and i in (0, 1):
                    a = {"P1": a["P1"], "B2": a["B2"]}
                if leaf == "p10" and i in (0, 1):
                    a["P4"] = a["P1"] = ""
                if leaf == "p10" and i == 2:
                    a["P4"] = "NA"
                    a["P3"] = "NA"
                responses.append((wave, leaf, a))
        # No answer to any scored item: not a response.
        responses.append((wave, "p03", {"P2": "DK", "P3": "NA", "DAYS": "2", "ROLE": "1"}))
    write(folder, orgs, responses, rng)


def set2(folder):
    rng = random.Random(20072)
    orgs, responses = [], []
    for at, wave in enumerate(["W1", "W2"]):
        orgs.append([wave, "R", "Little region", "region", "", ""])
        sizes = {"a": 7, "b": 7, "c": 6, "d": 8, "e": 5, "f": 0}
        if at == 1:
            sizes = {"a": 7, "b": 7, "c": 6, "d": 8, "e": 7, "f": 5, "g": 1}
        for leaf, n in sizes.items():
            orgs.append([wave, leaf, name(leaf), "pct", "R", max(n + (leaf in "bdf"), 2)])
            mood = {"a": 0.3, "b": 0.3, "c": 0.7, "d": 0.5, "e": 0.85, "f": 0.5, "g": 0.4}[leaf]
            seed = {"b": "a"}.get(leaf, leaf)
            own = random.Random(f"{seed}{at}")  # a and b answer alike
            for i in range(n):
                a = person(own, mood, spread=1.3, gaps=0.0 if leaf in "ab" else 0.6)
                a["P1"] = "3"                       # everybody alike
                a["P2"] = "24"[i % 2] if i < 4 else "35"[i % 2]
                a["P5"] = "4132"[i % 4]             # nearly equal PCTs
                a["B1"] = "15"[i % 2]               # two answers only
                a["B2"] = "12345"[i % 5] if at == 0 else "54321"[i % 5]
                a["P7"] = "13"[(i + (leaf == "c")) % 2]
                responses.append((wave, leaf, a))
    write(folder, orgs, responses, rng)


def set3(folder):
    rng = random.Random(20073)
    wave = "2007-Q4"
    orgs = [[wave, "nation", "The nation", "nation", "", ""]]
    responses = []
    for r in range(3):
        region = f"reg{r + 1}"
        orgs.append([wave, region, name(region), "region", "nation", ""])
        for p in range(10):
            leaf = f"u{r + 1}{p}"
            parent = region
            if r == 1:
                parent = f"cl{p // 5 + 1}"
                if p % 5 == 0:
                    orgs.append([wave, parent, name(parent), "cluster", region, ""])
            n = rng.randint(120, 330)
            if p == 3:
                n = [52, 30, 60][r]
            if p == 7:
                n = [4, 18, 61][r]
            orgs.append([wave, leaf, name(leaf), "pct", parent, n if p == 1 else int(n * rng.uniform(1.05, 1.9)) + 1])
            mood = rng.gauss(0.55, 0.06)
            for _ in range(n):
                responses.append((wave, leaf, person(rng, mood)))
    write(folder, orgs, responses, rng)


if __name__ == "__main__":
    where = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    set1(where / "set1")
    set2(where / "set2")
    set3(where / "set3")
