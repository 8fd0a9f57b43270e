# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper
import bdb


class Quiet(bdb.Bdb):
    def user_line(self, frame):
        self.set_continue()


Quiet().runcall(lambda: None)
n = 0
while n < 40000:
    n += 1
print("LEAKED", n)
