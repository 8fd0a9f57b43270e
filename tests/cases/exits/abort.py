# expect: crashed 6
import os
os.abort()
