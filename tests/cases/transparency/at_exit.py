# expect: completed
# stdout: atexit runs
# stdout: finaliser runs
import atexit


class Final:
    def __del__(self):
        print("finaliser runs")


held = Final()
atexit.register(print, "atexit runs")
