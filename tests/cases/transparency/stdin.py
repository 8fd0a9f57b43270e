# stdin: first\nsecond\nthird\n
# expect: completed
# stdout: first|second|third
import sys
first = input()
print(first, *(line.rstrip() for line in sys.stdin), sep="|")
