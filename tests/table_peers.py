"""Writes random tables in some forms and says what astropy reads from them.

python3 table_peers.py FORM,FORM COUNT SEED FOLDER: files FOLDER/FORM/0 .. and FOLDER/FORM/truth.json with,
for every file, the columns as astropy reads them back: name, unit, and values (null where one is missing).
"""
import json
import os
import sys
import warnings

import numpy as np
from astropy.io import ascii, fits
from astropy.table import MaskedColumn, Table

warnings.simplefilter("ignore")
forms, count, seed, root = sys.argv[1].split(","), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
UNITS = [None, "keV", "erg / s", "solMass", "Mpc", "arcsec", "K"]
LETTERS = list("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
# Forms in which names and texts may hold blanks, and those that have units.
SPACED_FORMS = "csv tab ecsv ecsv_csv votable votable2 fits semicolon vizier".split()
UNIT_FORMS = "ecsv ecsv_csv votable votable2 fits ascii_fits ipac cds vizier sextractor".split()


def word(least=1, most=10, blanks=False):
    length = int(random.integers(least, most + 1))
    text = "".join(random.choice(LETTERS) for _ in range(length))
    if blanks and random.random() < 0.3:
        text += " " + word(1, 4)
    return text


def numbers(rows, kind):
    if kind == "int":
        return random.integers(-10**6, 10**6, rows)
    scale = 10.0 ** random.integers(-12, 45)
    values = random.normal(size=rows) * scale
    digits = int(random.integers(2, 17))
    return np.array([float(f"{value:.{digits}g}") for value in values])


def make():
    rows = int(random.integers(1, 25))
    fields = int(random.integers(2, 9))
    table = Table()
    names = set()
    while len(names) < fields:
        name = word(2, 12, blanks=SPACED and form not in ("cds", "ecsv"))
        if form in ("ipac", "fits", "ascii_fits", "votable", "votable2"):
            # FITS and IPAC know no difference of case between names.
            if name.lower() in (other.lower() for other in names):
                continue
        names.add(name)
    names = sorted(names, key=lambda _: random.random())
    kinds = [random.choice(["float", "float", "int", "text"]) for _ in names]
    kinds[int(random.integers(0, fields))] = "float"
    for name, kind in zip(names, kinds):
        if kind == "text":
            data = [word(1, 12, blanks=SPACED or form in ("cds", "ipac", "bars", "two_line", "ascii_fits")) for _ in range(rows)]
            data = ["A" + text for text in data]
        else:
            data = numbers(rows, kind)
        mask = np.zeros(rows, bool)
        if kind == "float" and random.random() < 0.5:
            mask = random.random(rows) < 0.25
            mask[int(random.integers(0, rows))] = False
        if name == names[0]:
            # Lines without any value are rows to some readers and none to others.
            mask[:] = False
        column = MaskedColumn(data, name=name, mask=mask)
        if HAS_UNITS and random.random() < 0.6:
            column.unit = UNITS[int(random.integers(0, len(UNITS)))]
        table[name] = column
    return table


def write(table, path):
    if form in ("csv", "csv_quoted"):
        ascii.write(table, path, format="csv", fill_values=[(ascii.masked, "")],
                    quotechar='"', fast_writer=False)
    elif form == "tab":
        ascii.write(table, path, format="tab", fill_values=[(ascii.masked, "")])
    elif form == "semicolon":
        ascii.write(table, path, format="basic", delimiter=";", fill_values=[(ascii.masked, "")])
    elif form == "basic":
        ascii.write(table, path, format="basic", fill_values=[(ascii.masked, "--")])
    elif form == "commented":
        ascii.write(table, path, format="commented_header", fill_values=[(ascii.masked, "nan")])
    elif form in ("ecsv", "ecsv_csv"):
        table.write(path, format="ascii.ecsv", delimiter=" " if form == "ecsv" else ",")
    elif form == "bars":
        ascii.write(table, path, format="fixed_width", fill_values=[(ascii.masked, "")])
    elif form == "two_line":
        ascii.write(table, path, format="fixed_width_two_line", fill_values=[(ascii.masked, "")])
    elif form == "ipac":
        ascii.write(table, path, format="ipac")
    elif form == "cds":
        ascii.write(table, path, format="mrt")
    elif form == "rdb":
        ascii.write(table, path, format="rdb", fill_values=[(ascii.masked, "")])
    elif form == "sextractor":
        with open(path, "w") as file:
            for i, name in enumerate(table.colnames):
                unit = table[name].unit
                tail = f" [{unit}]" if unit else ""
                file.write(f"# {i + 1:3d} {name:16s} about {word(2, 9)} and {word(1, 5)}{tail}\n")
            for row in table:
                file.write(" ".join("nan" if value is np.ma.masked else str(value) for value in row) + "\n")
    elif form == "vizier":
        between = str(random.choice(["\t", ";", "|"]))
        with open(path, "w") as file:
            file.write("#\n#   VizieR Astronomical Server vizier.cds.unistra.fr\n#    Date: x\n")
            file.write(f"#RESOURCE=yCat_{seed}\n#Name: J/x\n#Title: A, b; c | d\n#Table\tx:\n")
            for name in table.colnames:
                file.write(f"#Column\t{name}\t(F8.3)\t? about {word()}\t[ucd=meta.id]\n")
            file.write(between.join(table.colnames) + "\n")
            file.write(between.join(str(table[n].unit or " ").replace(" / ", "/") for n in table.colnames) + "\n")
            file.write(between.join("-" * max(3, len(n)) for n in table.colnames) + "\n")
            for row in table:
                file.write(between.join("   " if v is np.ma.masked else str(v) for v in row) + "\n")
            file.write("\n")
    elif form in ("votable", "votable2"):
        table.write(path, format="votable", overwrite=True,
                    tabledata_format="tabledata" if form == "votable" else "binary2")
    elif form == "fits":
        for name in table.colnames:
            if table[name].dtype.kind == "f" and random.random() < 0.4 and abs(np.ma.max(np.ma.abs(table[name]))) < 1e30:
                table[name] = table[name].astype(np.float32)
            if table[name].dtype.kind == "i":
                kind = random.choice(["i8", "i4", "u4"])
                table[name] = (abs(table[name]) if kind == "u4" else table[name]).astype(kind)
        table.write(path, format="fits")
    elif form == "ascii_fits":
        columns = []
        for name in table.colnames:
            data = table[name]
            unit = None if data.unit is None else data.unit.to_string("fits")
            if data.dtype.kind == "U":
                columns.append(fits.Column(name, f"A{max(len(t) for t in data)}", array=np.array(data), unit=unit,
                                           ascii=True))
            elif data.dtype.kind == "i":
                columns.append(fits.Column(name, "I10", array=np.array(data), unit=unit, ascii=True))
            else:
                columns.append(fits.Column(name, str(random.choice(["E25.16", "D25.16"])),
                                           array=np.array(data.filled(0.0)), unit=unit, ascii=True))
        fits.TableHDU.from_columns(columns).writeto(path, overwrite=True)
    else:
        raise SystemExit(f"no form {form}")


def read(table, path):
    """What astropy reads, or the table itself where astropy does not read the form whole."""
    if form in ("vizier", "sextractor"):
        return table
    if form == "ascii_fits":
        return Table.read(path, hdu=1)
    if form == "fits":
        return Table.read(path)
    if form in ("votable", "votable2"):
        from astropy.io.votable import parse_single_table
        return parse_single_table(path).to_table(use_names_over_ids=True)
    if form in ("ecsv", "ecsv_csv"):
        return Table.read(path, format="ascii.ecsv")
    options = {
        "csv": dict(format="csv"),
        "csv_quoted": dict(format="csv"),
        "tab": dict(format="tab"),
        "semicolon": dict(format="basic", delimiter=";"),
        "basic": dict(format="basic", fill_values=[("--", "nan")]),
        "commented": dict(format="commented_header"),
        "bars": dict(format="fixed_width"),
        "two_line": dict(format="fixed_width_two_line"),
        "ipac": dict(format="ipac"),
        "cds": dict(format="mrt"),
        "rdb": dict(format="rdb"),
    }[form]
    return ascii.read(path, fast_reader=False, **options)


def cell(value):
    if value is np.ma.masked:
        return None
    if isinstance(value, (np.floating, float)):
        return None if np.isnan(value) else float(value)
    if isinstance(value, (np.integer, int)):
        return int(value)
    text = value.decode() if isinstance(value, bytes) else str(value)
    return text.rstrip() if form == "ascii_fits" else text


for number, form in enumerate(forms):
    random = np.random.default_rng([seed, number])
    SPACED, HAS_UNITS = form in SPACED_FORMS, form in UNIT_FORMS
    folder = f"{root}/{form}"
    os.makedirs(folder)
    truth = []
    for attempt in range(3 * count):
        if len(truth) == count:
            break
        table = make()
        path = f"{folder}/{len(truth)}"
        try:
            write(table, path)
        except Exception:
            # What astropy itself cannot write is no test; so many failures in a row would be one.
            if attempt == 3 * count - 1:
                raise
            if os.path.exists(path):
                os.remove(path)
            continue
        found = read(table, path)
        truth.append([
            dict(name=name, unit=str(found[name].unit or ""), values=[cell(value) for value in found[name]])
            for name in found.colnames
        ])
    with open(f"{folder}/truth.json", "w") as file:
        json.dump(truth, file)
