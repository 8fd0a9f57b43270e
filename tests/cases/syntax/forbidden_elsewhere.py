# policy:
# | [syntax]
# | forbid = ["while", "import-star", "calls:sorted", "lambda", "recursion:*"]
# | require = ["for", "function", "calls:.append"]
# | max_nesting = 2
# | max_function_lines = 6
# expect: completed
# stdout: [1, 2] while
import math


def solve(numbers):
    found = []
    for number in numbers:
        if number > math.pi - 3:
            found.append(number)
    return found


print(solve([1, -1, 2]), "while")
exec("while False: pass")
