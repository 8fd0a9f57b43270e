# policy:
# | [imports]
# | allow = ["math", "collections.**", "json"]
# expect: completed
# stdout: fine
import collections
import collections.abc
import json
import math
from collections import OrderedDict
from collections.abc import Mapping
json.dumps({"a": [1]})
print("fine", math.pi > 3)
