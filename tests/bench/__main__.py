"""`python -m tests.bench [names]`: runs the benchmarks, each of which prints its own table."""

import importlib
import pkgutil
import sys

import tests.bench


def main(wanted: list[str]) -> int:
    """Run all benchmark modules or the named ones; exit code 1 when a name is unknown."""
    known = [module.name for module in pkgutil.iter_modules(tests.bench.__path__) if not module.name.startswith("_")]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are: {', '.join(known)}")
        return 1
    for name in wanted or known:
        print(f"\n=== {name}", flush=True)
        module = importlib.import_module(f"tests.bench.{name}")
        if hasattr(module, "main"):
            module.main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
