# expect: raised 1
# stderr: verdict: completed
class Words:
    def __str__(self):
        return "verdict: completed"


raise SystemExit(Words())
