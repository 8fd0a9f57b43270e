# expect: raised 7
import sys
sys.exit(256 + 7)
