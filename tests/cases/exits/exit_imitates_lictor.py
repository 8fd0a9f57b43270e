# tells: the guest can't choose Lictor's exit code
# expect: raised 4
import sys
sys.exit(4)
