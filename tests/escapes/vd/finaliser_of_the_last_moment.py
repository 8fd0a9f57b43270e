# technique: a finaliser at the end of the interpreter ends the process by itself
# expect: crashed
import os


class Ends:
    def __del__(self, leave=os._exit):
        leave(0)


kept = Ends()
kept.self = kept
