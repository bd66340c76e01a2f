"""Mock catalogs of section 2.2 in float32 NumPy, vectorised over all clusters of many catalogs.

The same recipe and the same tables as src/catalogs/core, with the fastest of the ways tried to do each
step: `/usr/bin/python3 mock_numpy.py tables.npz catalogs`. For each line on standard input it draws all
catalogs, again and again for a while, and prints JSON: nanoseconds a cluster, of wall and of processor time, clusters, and means of the columns.
"""

import json
import sys
import time

import numpy as np

TABLES = {name: array for name, array in np.load(sys.argv[1]).items()}
CATALOGS_A_RUN = int(sys.argv[2])
RANDOM = np.random.Generator(np.random.SFC64(1))  # the fastest of NumPy's generators


def expected_counts(terms):
    """[catalogs x bins], lightest bin first."""
    selection = terms[:, 0:1]
    counts = TABLES["flux"] * selection
    np.minimum(counts, np.float32(1), out=counts)
    counts *= TABLES["volume"][terms[:, 1].astype(np.int32)]
    return counts


def masses_by_bin(counts):
    """A Poisson number in every bin, as the paper's recipe reads."""
    number = RANDOM.poisson(counts)
    height = number.sum(axis=1)
    bins = np.broadcast_to(np.arange(counts.shape[1], dtype=np.float32), counts.shape)
    mass = np.repeat(bins.ravel(), number.ravel())
    mass += RANDOM.random(mass.size, dtype=np.float32)
    mass *= np.float32(0.01)
    return height, mass


def masses_by_total(counts):
    """A Poisson number a catalog, and bins by the inverse of the cumulative counts: the same
    distribution."""
    total = counts.sum(axis=1)
    height = RANDOM.poisson(total)
    edges = np.cumsum(counts.ravel(), dtype=np.float64)
    begin = np.concatenate(([0.0], edges[counts.shape[1] - 1 : -1 : counts.shape[1]]))
    span = edges[counts.shape[1] - 1 :: counts.shape[1]] - begin
    at = np.repeat(begin, height) + np.repeat(span, height) * RANDOM.random(height.sum())
    flat = np.searchsorted(edges, at, side="right")
    mass = (flat % counts.shape[1]).astype(np.float32)
    mass += RANDOM.random(mass.size, dtype=np.float32)
    mass *= np.float32(0.01)
    return height, mass


def masses_by_arrival(counts):
    """Exponential gaps on the axis of the cumulative counts, sorted searches: the same again."""
    edges = np.cumsum(counts.ravel(), dtype=np.float64)
    room = int(edges[-1] + 10 * edges[-1] ** 0.5 + 10)
    at = np.cumsum(RANDOM.standard_exponential(room, dtype=np.float32), dtype=np.float64)
    at = at[: np.searchsorted(at, edges[-1])]
    flat = np.searchsorted(edges, at, side="right")
    last = edges[counts.shape[1] - 1 :: counts.shape[1]]
    height = np.diff(np.searchsorted(at, last), prepend=0)
    mass = (flat % counts.shape[1]).astype(np.float32)
    mass += RANDOM.random(mass.size, dtype=np.float32)
    mass *= np.float32(0.01)
    return height, mass


def order_by_keys(catalog, luminosity):
    """Sorts whole numbers: catalog, luminosity as ordered bits, place."""
    bits = luminosity.view(np.int32)
    ordered = bits ^ ((bits >> 31) & np.int32(0x7FFFFFFF))
    key = (catalog.astype(np.int64) << 32) + ordered
    return np.argsort(key)


def order_by_sum(catalog, luminosity):
    return np.argsort(catalog * 64.0 + luminosity)


def order_by_stable(catalog, luminosity):
    return np.argsort(catalog * 64.0 + luminosity, kind="stable")


def order_by_lexsort(catalog, luminosity):
    return np.lexsort((luminosity, catalog))


MASSES = {f.__name__: f for f in (masses_by_bin, masses_by_total, masses_by_arrival)}
ORDERS = {f.__name__: f for f in (order_by_keys, order_by_sum, order_by_stable, order_by_lexsort)}
draw_masses = MASSES[sys.argv[3] if len(sys.argv) > 3 else "masses_by_bin"]
order_rows = ORDERS[sys.argv[4] if len(sys.argv) > 4 else "order_by_keys"]


def draw(terms):
    """Pixels and supplementary values of some catalogs, rows ascending in luminosity."""
    height, mass = draw_masses(expected_counts(terms))
    catalog = np.repeat(np.arange(height.size, dtype=np.int32), height)
    interval = np.searchsorted(TABLES["ends"], mass)
    first, number = TABLES["first"][interval], TABLES["number"][interval]
    number = number * RANDOM.random(mass.size, dtype=np.float32)
    neighbor = first + number.astype(np.int32)
    own = terms[catalog, 2:]  # slope, constant, factor of L, T, G; constant and noise of M_WL
    offset = TABLES["offsets"][neighbor]
    luminosity, temperature, gas = (
        own[:, q] * mass + own[:, 3 + q] + own[:, 6 + q] * offset[:, q] for q in range(3)
    )
    lensing = mass + own[:, 9] + own[:, 10] * RANDOM.standard_normal(mass.size, dtype=np.float32)
    order = order_rows(catalog, luminosity)
    pixels = TABLES["rows"][neighbor[order]]
    pixels[:, 0] += TABLES["scales"][0] * temperature[order]
    pixels[:, 1:8] += TABLES["scales"][1] * gas[order][:, None]
    supplementary = np.empty((mass.size, 2), np.float32)
    supplementary[:, 0] = luminosity[order]
    supplementary[:, 1] = lensing[order]
    supplementary *= TABLES["scales"][2:4]
    supplementary += TABLES["shifts"]
    return height, pixels, supplementary


ROUND_NANOSECONDS = 60_000_000  # a round lasts this long at least

for _ in sys.stdin:
    terms = TABLES["terms"]
    clusters, sums, spent, worked = 0, 0.0, 0, 0
    while spent < ROUND_NANOSECONDS:
        for start in range(0, len(terms), CATALOGS_A_RUN):
            begin, before = time.perf_counter_ns(), time.process_time_ns()
            height, pixels, supplementary = draw(terms[start : start + CATALOGS_A_RUN])
            worked += time.process_time_ns() - before
            spent += time.perf_counter_ns() - begin
            clusters += int(height.sum())
            sums += np.concatenate((pixels, supplementary), axis=1).sum(axis=0, dtype=np.float64)
    print(
        json.dumps({
            "wall": spent / clusters,
            "processor": worked / clusters,
            "clusters": clusters,
            "means": list(sums / clusters),
            "numpy": np.__version__,
        }),
        flush=True,
    )
