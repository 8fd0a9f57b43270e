# What Lictor asks an interpreter before it uses it. Run with -I -S; prints one JSON object.
# Paths are printed one character per byte, so that any path survives.
import json
import os
import site
import sys


def text(path):
    return os.fsencode(path).decode("latin-1")


def venv_of(executable):
    """The folder with pyvenv.cfg, as site.py looks for it, and whether it is closed."""
    folder = os.path.dirname(os.path.abspath(executable))
    for candidate in (folder, os.path.dirname(folder)):
        config = os.path.join(candidate, "pyvenv.cfg")
        if os.path.isfile(config):
            with open(config, encoding="utf-8") as lines:
                settings = dict(
                    (part.strip().lower() for part in line.split("=", 1)) for line in lines if "=" in line
                )
            return candidate, settings.get("include-system-site-packages") != "true"
    return None, False


path = [entry for entry in sys.path if os.path.exists(entry)]
venv, closed = venv_of(sys.executable)
base = sys.prefix
packages = []
if venv is not None:
    # As site.py does; Debian's getsitepackages tells a venv by it.
    sys.prefix = sys.exec_prefix = venv
    packages += site.getsitepackages([venv])
if not closed:
    sys.prefix = sys.exec_prefix = base
    packages += site.getsitepackages([base])
print(
    json.dumps(
        {
            "implementation": sys.implementation.name,
            "version": sys.version_info[:3],
            "free_threaded": "t" in getattr(sys, "abiflags", ""),
            "executable": text(sys.executable),
            "venv": None if venv is None else text(venv),
            "library": [text(entry) for entry in path],
            "site_packages": [text(entry) for entry in dict.fromkeys(packages) if os.path.isdir(entry)],
        }
    )
)
