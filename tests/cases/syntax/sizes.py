# policy:
# | [syntax]
# | max_nesting = 2
# | max_function_lines = 6
# expect: violation syntax
# expect-rule: syntax.max_function_lines
# stderr: makes solve 7 lines long, but syntax.max_function_lines of
# stderr: allows only 6
# stderr: nests 3 blocks in solve
def solve(rows):  # here
    for row in rows:
        for cell in row:
            if cell:  # here
                return cell

    return None


def other():
    # Not six lines.
    return 1


print("LEAKED")
