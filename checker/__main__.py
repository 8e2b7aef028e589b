"""Where the program starts: `python -m checker` is `tfcheck`.

It imports nothing before Ctrl-C is taken care of: until the program itself is loaded and runs, an
interrupt ends the process at once, without a traceback. One that comes before Python has read this
file is Python's.
"""

try:
    import os
    import signal
    import sys

    INTERRUPTED = 130

    def _end(*_: object) -> None:
        os._exit(INTERRUPTED)

    # A process that was started so that it ignores interrupts (`nohup`, `&`) goes on ignoring them.
    _heeds = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if _heeds:
        signal.signal(signal.SIGINT, _end)
except KeyboardInterrupt:
    raise SystemExit(130) from None


def main() -> int:
    """Run the program; return its exit code."""
    from checker.cli import main as run

    try:
        if _heeds:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return run()
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        # Nothing is left to be done but to leave.
        if _heeds:
            signal.signal(signal.SIGINT, _end)


if __name__ == "__main__":
    sys.exit(main())
