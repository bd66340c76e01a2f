"""Astropy's own test files as astropy reads them: astropy_files.py prints one JSON document."""
import glob
import json
import os
import sys
import warnings

import astropy
import numpy as np
from astropy.io import fits
from astropy.table import Table

warnings.simplefilter("ignore")
IO = os.path.join(os.path.dirname(astropy.__file__), "io")

# The form of each text file, as astropy's own tests name it.
FORMS = {
    "apostrophe.rdb": "rdb", "short.rdb": "rdb", "short.rdb.gz": "rdb",
    "apostrophe.tab": "tab", "short.tab": "tab",
    "cds.dat": "cds", "cds2.dat": "cds", "cdsFunctional.dat": "cds", "cdsFunctional2.dat": "cds",
    "commented_header.dat": "commented_header", "fixed_width_2_line.txt": "fixed_width_two_line",
    "ipac.dat": "ipac", "sextractor.dat": "sextractor", "sextractor2.dat": "sextractor",
    "sextractor3.dat": "sextractor", "simple_csv.csv": "csv", "simple_csv_missing.csv": "csv",
    "simple.txt": "basic", "simple2.txt": "basic", "simple3.txt": "basic", "test4.dat": "basic",
    "test5.dat": "basic", "whitespace.dat": "basic", "subtypes.ecsv": "ecsv",
    "space_delim_blank_lines.txt": "basic", "nls1_stackinfo.dbout": "basic",
    "bars_at_ends.txt": "basic", "vots_spec.dat": "basic", "apostrophe.tab": "tab",
}
EXTRA = {
    "bars_at_ends.txt": {"delimiter": "|"}, "simple2.txt": {"delimiter": "|"},
    "simple3.txt": {"delimiter": "|"},
    "nls1_stackinfo.dbout": {"delimiter": "|", "data_start": 2},
}


def value(item):
    """A value as JSON has it; None for a gap."""
    if item is np.ma.masked:
        return None
    if isinstance(item, (bytes, np.bytes_)):
        return item.decode("latin1")
    if isinstance(item, (str, np.str_)):
        return str(item)
    if isinstance(item, (bool, np.bool_)):
        return bool(item)
    number = float(item)
    return number if np.isfinite(number) else None


def describe(table, number):
    columns = []
    for name in table.colnames:
        column = table[name]
        if getattr(column, "ndim", 0) != 1 or column.dtype.kind not in "iufSU":
            continue
        columns.append({"name": name, "values": [value(item) for item in column[:2000]]})
    return {"number": number, "rows": len(table), "columns": columns}


def read_text(path, name):
    return [describe(Table.read(path, format="ascii." + FORMS[name], **EXTRA.get(name, {})), 0)]


def read_fits(path, _):
    found = []
    with fits.open(path) as file:
        for number, unit in enumerate(file):
            if isinstance(unit, (fits.BinTableHDU, fits.TableHDU)) and \
                    not isinstance(unit, fits.CompImageHDU):
                found.append(describe(Table.read(path, hdu=number), number))
    return found


def read_votable(path, _):
    from astropy.io.votable import parse
    tables = list(parse(path, verify="ignore").iter_tables())
    return [describe(table.to_table(use_names_over_ids=True), number + 1) for number, table in enumerate(tables)]


def main():
    out = {}
    folders = [("ascii", read_text), ("fits", read_fits), ("votable", read_votable)]
    for folder, read in folders:
        for path in sorted(glob.glob(os.path.join(IO, folder, "tests", "data", "**"), recursive=True)):
            if not os.path.isfile(path) or path.endswith((".py", ".pyc")):
                continue
            name = os.path.basename(path)
            entry = {"tables": None, "fault": ""}
            try:
                if folder == "ascii" and name not in FORMS:
                    entry["fault"] = "astropy's tests name no form"
                else:
                    entry["tables"] = read(path, name)
            except Exception as error:
                entry["fault"] = str(error)[:200]
            out[path] = entry
    json.dump(out, sys.stdout)


main()
