# technique: SQLite attaches any file as a database
# policy:
# | [files]
# | read = ["{cwd}/**"]
# | [environment]
# | pass = ["CANARY_*"]
# expect: violation file-read | violation file-write
import os
import sqlite3

base = sqlite3.connect(":memory:")
base.execute("attach ? as other", (os.environ["CANARY_SECRET"],))  # here
print("LEAKED", base.execute("select * from other.sqlite_master").fetchall())
