# Into the stub of _core: what is made while the module is loaded, and nanobind does not see.
_core.__prefix__:
    import typing

_core.__suffix__:
    __version__: str

    class Error(RuntimeError):
        """Something failed while working: a file, memory, a number that is not finite."""

    class UsageError(Error, ValueError):
        """Something was asked for that cannot be: an unknown name, an option out of range. Nothing was started."""
