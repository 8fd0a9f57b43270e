# args: --help -p x=y -- *
# expect: completed
# stdout: ['--help', '-p', 'x=y', '--', '*']
import sys
print(sys.argv[1:])
