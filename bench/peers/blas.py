"""
Which library multiplies matrices for NumPy and PyTorch. Debian's reference BLAS is 17 times
slower than OpenBLAS, and is what both fall back to without a word: times taken with it say nothing.
"""
import re
import sys

FAST = re.compile(r"openblas|mkl|blis|atlas|accelerate", re.IGNORECASE)
REFERENCE = re.compile(r"/libblas\.so")


def slow_library(maps):
    """The reference BLAS among the files that a process has mapped, or None where a fast one is."""
    paths = [line.split(maxsplit=5)[-1].strip() for line in maps.splitlines()]
    if any(FAST.search(path) for path in paths):
        return None
    return next((path for path in paths if REFERENCE.search(path)), None)


def require_fast_library(peer):
    """Ends this process with one line if its matrices go through the reference BLAS."""
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            slow = slow_library(maps.read())
    except OSError:
        return
    if slow:
        sys.exit(
            f"Cannot compare with {peer}: it multiplies by the reference BLAS ({slow}), "
            "OpenBLAS is needed: apt install libopenblas0-pthread"
        )
