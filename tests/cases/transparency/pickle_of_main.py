# expect: completed
# stdout: Point(x=3)
import dataclasses
import pickle


@dataclasses.dataclass
class Point:
    x: int


print(pickle.loads(pickle.dumps(Point(3))))
