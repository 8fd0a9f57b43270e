"""What CPython's own tests don't look at closely: a probe observes, and what it observed must
be the same plain and under Lictor. Nothing here may depend on addresses, times or paths."""

import atexit
import builtins
import collections
import copy
import functools
import gc
import inspect
import io
import json
import os
import pickle
import posix
import signal
import sys
import threading
import time
import traceback
import types
import unittest
import warnings
import weakref


class Noted:
    """An object whose end is noted."""

    def __init__(self, name, notes):
        self.name, self.notes = name, notes

    def __del__(self):
        self.notes.append(self.name)


class Probes(unittest.TestCase):
    """Each test sets `observed`, plain data that is compared."""

    GUARDED = [
        len, sorted, print, open, exec, compile, __import__, str.join, list.sort, dict.get,
        os.system, os.getcwd, os.open, sys.settrace, sys.getrefcount, gc.get_objects, time.sleep,
        threading.get_ident, functools.reduce, list, dict, str, type, int, super, map, zip,
        collections.OrderedDict, collections.deque, io.StringIO, dict.fromkeys, str.maketrans,
    ]

    def test_guarded_objects(self):
        self.observed = []
        for thing in self.GUARDED:
            try:
                signature = str(inspect.signature(thing))
            except ValueError as error:
                signature = type(error).__name__
            self.observed.append([
                thing.__name__, thing.__qualname__, repr(type(thing)), thing.__doc__, signature,
                getattr(thing, "__module__", None), getattr(thing, "__text_signature__", None),
                inspect.isbuiltin(thing), inspect.isroutine(thing), inspect.isclass(thing),
                callable(thing), sorted(dir(thing)), thing == copy.deepcopy(thing),
                pickle.loads(pickle.dumps(thing)) is thing, type(thing).__flags__, hash(thing) == hash(thing),
            ])

    def test_identities(self):
        self.observed = [
            os.system is posix.system, open is io.open, builtins.len is len, [].sort == [].sort,
            list.sort is list.__dict__["sort"], "".join.__self__, len.__self__ is builtins,
            repr(len), repr(list.sort), repr(dict.get), str.join is str.join,
        ]

    def test_reference_counts(self):
        def used_by_call(argument):
            return sys.getrefcount(argument)

        thing, method = object(), Noted.__del__
        before = sys.getrefcount(thing)
        for _ in range(100):
            len([thing]), sorted([thing], key=id), isinstance(thing, object), repr(thing)
            dict.get({}, thing), str(thing), functools.partial(id, thing)()
        self.observed = [before, sys.getrefcount(thing), used_by_call(thing), sys.getrefcount(method)]
        counts = [sys.getrefcount(each) for each in (len, sorted)]
        for _ in range(100):
            len([]), sorted([])
        self.observed += [sys.getrefcount(each) - count for each, count in zip((len, sorted), counts)]
        code = used_by_call.__code__
        count = sys.getrefcount(code)
        for _ in range(50):
            used_by_call(None)
        self.observed.append(sys.getrefcount(code) - count)

    def test_finalisation_order(self):
        notes = []

        def scope():
            first, second = Noted("first", notes), Noted("second", notes)
            third = [Noted("third", notes), first]
            notes.append("end")
            return len([second, third])

        scope()

        def generator():
            held = Noted("held", notes)
            try:
                yield held.name
            finally:
                notes.append("closed")

        running = generator()
        next(running)
        del running
        try:
            raise ValueError(Noted("argument", notes))
        except ValueError:
            notes.append("caught")
        notes.append("after")
        self.observed = notes

    def test_weak_references(self):
        class Thing:
            pass

        thing, notes = Thing(), []
        reference = weakref.ref(thing, lambda _: notes.append("gone"))
        weakref.finalize(thing, notes.append, "finalised")
        sorted([thing], key=id)
        self.observed = [weakref.getweakrefcount(thing), reference() is thing]
        del thing
        self.observed += [reference() is None, notes]

    def test_frames(self):
        def inner():
            frame = sys._getframe()
            lines = [frame.f_lineno - frame.f_code.co_firstlineno]
            lines.append(frame.f_lineno - frame.f_code.co_firstlineno)
            names = []
            while frame is not None:
                names.append([frame.f_code.co_name, frame.f_lineno if frame.f_code.co_filename == __file__ else 0])
                frame = frame.f_back
            return lines, names

        frame = sys._getframe()
        self.observed = [
            inner(), list(map(lambda _: inner(), [0])), sorted([1, 2], key=lambda _: len(inner()[1])),
            [frame.f_trace, frame.f_trace_lines, frame.f_trace_opcodes, sorted(dir(frame))],
        ]

    def test_traceback_text(self):
        def fails(_):
            return {}["missing"]

        self.observed = []
        for attempt in (
            lambda: sorted([1], key=fails),
            lambda: list(map(fails, [1])),
            lambda: len(),
            lambda: len(1, 2, 3),
            lambda: sorted(1),
            lambda: open("/nonexistent/file"),
            lambda: [].sort(nope=1),
            lambda: "".join([1]),
            lambda: __import__("nonexistent_module"),
            lambda: exec("1 +"),
            lambda: os.open(),
            lambda: int("x"),
            lambda: type(1, 2),
            lambda: super(),
        ):
            try:
                attempt()
            except Exception as error:
                self.observed.append(traceback.format_exception(error))

    def test_recursion_limit(self):
        def depth(n=1):
            try:
                return depth(n + 1)
            except RecursionError:
                return n

        def through_c(n=1):
            try:
                return max(map(through_c, [n + 1]))
            except RecursionError:
                return n

        def sorting(n=1):
            try:
                return sorted([n + 1], key=sorting) and n
            except RecursionError:
                return n

        self.observed = [depth(), through_c() > 100, sorting() >= 1, sys.getrecursionlimit()]
        try:
            depth_of = lambda n: depth_of(n + 1)
            depth_of(0)
        except RecursionError as error:
            self.observed.append(str(error))

    def test_hooks_look_unset(self):
        self.observed = [sys.gettrace(), sys.getprofile(), threading.gettrace(), threading.getprofile()]

    @unittest.skipIf(sys.version_info < (3, 12), "there is no sys.monitoring")
    def test_monitoring_tools(self):
        self.observed = [sys.monitoring.get_tool(tool) for tool in range(5)]

    def test_collected_objects(self):
        def work(kept):
            for _ in range(100):
                sorted(kept, key=len), len(kept), list(map(len, kept))
            while gc.collect():
                pass
            return len(gc.get_objects())

        # Once before it counts: what is made on first use is made, and old garbage is gone.
        work([[]])
        before, kept = work([[]]), [[] for _ in range(100)]
        self.observed = [work(kept) - before, gc.isenabled(), gc.get_threshold(), gc.garbage]

    def test_tracked_referrers(self):
        def function():
            return 1

        function()
        self.observed = [
            sorted(type(each).__name__ for each in gc.get_referrers(function.__code__)),
            sorted(type(each).__name__ for each in gc.get_referents(function)),
            sorted(type(each).__name__ for each in gc.get_referrers(Noted)),
        ]

    def test_generator_closed(self):
        notes = []

        def inner():
            try:
                yield 1
            except GeneratorExit:
                notes.append("exit")
                raise
            finally:
                notes.append("finally")

        def outer():
            yield from inner()

        for how in ("close", "throw", "drop"):
            running = outer()
            next(running)
            if how == "close":
                notes.append(running.close())
            elif how == "throw":
                try:
                    running.throw(KeyError("thrown"))
                except KeyError as error:
                    notes.append(traceback.format_exception(error))
            del running
            notes.append(how)
        self.observed = notes

    def test_warnings(self):
        def deprecated(level):
            warnings.warn("old", DeprecationWarning, stacklevel=level)

        self.observed = []
        for level in (1, 2, 3):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                deprecated(level)
                list(map(deprecated, [level]))
            self.observed += [[str(each.message), each.lineno, each.filename == __file__] for each in caught]

    def test_threads(self):
        names = []

        def work():
            names.append([threading.current_thread().name, len(traceback.extract_stack()), sys.gettrace()])
            names.append([frame.name for frame in traceback.extract_stack()])

        for name in (None, "named"):
            thread = threading.Thread(target=work, name=name)
            thread.start()
            thread.join()
        self.observed = [names, threading.active_count()]

    def test_signals(self):
        notes = []
        old = signal.signal(signal.SIGALRM, lambda number, frame: notes.append([number, frame.f_code.co_name]))
        try:
            signal.raise_signal(signal.SIGALRM)
            notes.append("raised")
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            while len(notes) < 3:
                pass
        finally:
            signal.signal(signal.SIGALRM, old)
        for call in (lambda: signal.raise_signal(signal.SIGINT), lambda: os.kill(os.getpid(), signal.SIGINT)):
            try:
                call()
                notes.append("went on")
            except KeyboardInterrupt as interrupt:
                notes.append([entry.name for entry in traceback.extract_tb(interrupt.__traceback__)])
        self.observed = [notes, repr(signal.getsignal(signal.SIGINT)), repr(signal.getsignal(signal.SIGPIPE))]

    def test_interrupted_sleep(self):
        timer = signal.signal(signal.SIGALRM, signal.default_int_handler)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            time.sleep(60)
        except KeyboardInterrupt:
            self.observed = "interrupted"
        finally:
            signal.signal(signal.SIGALRM, timer)

    def test_at_exit(self):
        notes = []

        def note(text):
            notes.append(text)

        atexit.register(note, "one")
        count = atexit._ncallbacks()
        atexit.unregister(note)
        self.observed = [notes, count - atexit._ncallbacks()]

    def test_code_attributes(self):
        def function(a, /, b=1, *c, d, **e):
            for _ in range(20):
                len(c)
            return a

        for _ in range(50):
            function(1, d=2)
        code = function.__code__
        self.observed = [
            code.co_code.hex(), code.co_consts, list(code.co_lines()), str(inspect.signature(function)),
            code == function.__code__, inspect.getsource(function), marshalled(code),
        ]

    def test_code_replaced(self):
        code = marshalled.__code__
        self.observed = [hash(code) == hash(code.replace()), code == code.replace()]

    def test_size_of_code(self):
        marshalled(marshalled.__code__)
        self.observed = sys.getsizeof(marshalled.__code__)

    def test_modules(self):
        self.observed = [
            sorted(name for name in sys.modules if "lictor" in name.lower()),
            sorted(name for name in dir(sys) if "lictor" in name.lower()),
            sorted(vars(builtins)), [repr(each) for each in sys.meta_path[1:]],
            [repr(each) for each in sys.path_hooks][:1], list(sys._xoptions), sys.warnoptions,
            sys.executable, sys.orig_argv[0] == sys.executable, sys.excepthook is sys.__excepthook__,
        ]

    def test_main(self):
        main = sys.modules["__main__"]
        self.observed = [
            main.__name__, main.__package__, main.__spec__, main.__doc__, main.__cached__,
            type(main.__loader__).__name__, main.__builtins__ is builtins, type(main).__name__,
            main.__loader__.name, main.__loader__.path == main.__file__, list(vars(main))[:8],
        ]

    def test_errors_of_guarded_slots(self):
        class Listed(list):
            def __init__(self, *arguments, extra=None):
                super().__init__(*arguments)
                self.extra = extra

        self.observed = [
            Listed([1], extra=2), Listed([1], extra=2).extra, list.__new__(list), list.__init__([], (1, 2)),
            type("Made", (Listed,), {})((3,)), type.__call__(list, "ab"), json.dumps({"a": [1]}),
            types.MethodType(len, "abc")(), functools.partial(sorted, reverse=True)([1, 2]),
            [base.__name__ for base in Listed.__mro__], object.__new__(Noted).__class__.__name__,
            str(vars(list).keys()), list.__init__ is list.__init__, list.__call__.__name__,
        ]


def marshalled(code):
    """The code as marshal writes it, which knows nothing of specialisation."""
    import hashlib
    import marshal

    return hashlib.sha256(marshal.dumps(code, 2)).hexdigest()


if __name__ == "__main__":
    unittest.main()
