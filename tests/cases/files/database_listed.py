# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: completed
# stdout: fine
import pathlib
import sqlite3

database = sqlite3.connect(pathlib.Path("data.db"))
database.execute("create table words (word)")
database.executemany("insert into words values (?)", [("attach",), ("vacuum into",)])
database.execute("insert into words values ('attach; it')")
database.commit()
database.execute("vacuum")
print(sqlite3.connect("file:data.db?mode=ro", uri=True).execute("select * from words").fetchall())
print("fine")
