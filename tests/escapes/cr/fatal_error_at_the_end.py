# technique: a lock of the standard output is held when the interpreter ends
# expect: crashed 6
import os
import threading


class Ends:
    def __del__(self, abort=os.abort):
        abort()


kept = Ends()
kept.self = kept
