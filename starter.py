"""The command line of Echonos. See `starter.py --help`."""

import os
import sys

from cli.app import main

if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything has been stopped in order. The Temporal client's threads may still call into a finalizing interpreter,
    # which aborts (one command of twelve): a script would take a finished video for a failure.
    os._exit(code)
