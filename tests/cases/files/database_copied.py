# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-write
# expect-rule: files.write
import os

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "made")
import sqlite3

sqlite3.connect(":memory:").execute("vacuum /* ; */ into ?", (OUT,))  # here
