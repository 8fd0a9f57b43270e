# args: one two
# expect: completed
# stdout: __main__ ['one', 'two']
import os
import sys
print(__name__, sys.argv[1:])
main = sys.modules["__main__"]
assert main.__dict__ is globals()
assert os.path.samefile(sys.argv[0], __file__)
assert os.path.samefile(sys.path[0], os.path.dirname(__file__))
assert __spec__ is None and __package__ is None and __doc__ is None
assert __builtins__ is sys.modules["builtins"]
assert os.getcwd() != os.path.dirname(os.path.abspath(__file__))
