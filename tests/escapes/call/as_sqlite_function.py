# technique: SQLite calls a function of SQL, here a C function
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import sqlite3

base = sqlite3.connect(":memory:")
base.create_function("f", 1, os.getpgid)
print("LEAKED", base.execute("select f(0)").fetchall())
