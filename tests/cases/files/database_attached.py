# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-write
# expect-rule: files.write
import os

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "made")
import sqlite3

database = sqlite3.connect(":memory:")
database.execute("attach ':memory:' as other")
database.executescript(f"select $a('); attach '{OUT}' as y; --")  # here
